import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { testDatabase } from '#testing/postgres.js';
import { KeyProblem } from '../key-file.js';
import { loadMasterKeys, vaultKinds } from '../master-keys.js';
import { newKey } from '../sealing.js';
import { SubjectErased, type Vault, type VaultKind } from '../vault.js';
import { vaultContract } from '../vault.contract.js';
import { openPostgresVault } from './postgres-vault.js';

const reading = { actor: 'service:specs', purpose: 'spec' } as const;

describe('the vault on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let keysDirectory: string;
  let keys: ReadonlyMap<VaultKind, Uint8Array>;
  let vault: Vault;

  beforeAll(async () => {
    database = await testDatabase();
    keysDirectory = await mkdtemp(join(tmpdir(), 'mangnon-keys-'));
    keys = await loadMasterKeys(keysDirectory, vaultKinds);
    vault = await openPostgresVault(database.url, keys);
  });

  afterAll(async () => {
    await vault.close();
    await database.drop();
    await rm(keysDirectory, { recursive: true });
  });

  for (const promise of vaultContract) {
    it(promise.name, async () => {
      const pool = createPool(database.url, { name: 'spec', connectionsMax: 1 });
      await pool.query('DELETE FROM donors.persons');
      await pool.end();
      await promise.run(vault.room('donors'));
    });
  }

  it('keeps the records of new people that come together in few transactions', async () => {
    const pool = createPool(database.url, { name: 'spec', connectionsMax: 1 });
    const records = Array.from({ length: 30 }, () => ({ recordId: randomUUID(), subjectId: randomUUID() }));
    await Promise.all(records.map((record) => vault.room('donors').put(record, {})));
    const { rows } = await pool.query(
      'SELECT count(*)::int AS records, count(DISTINCT xmin::text)::int AS transactions FROM donors.records WHERE record_id = ANY ($1)',
      [records.map(({ recordId }) => recordId)],
    );
    expect(rows).toEqual([{ records: 30, transactions: 1 }]);
    await pool.end();
  });

  it.each(['people', 'records'])('never waits in a circle for %s that two batches name', async (what) => {
    const pool = createPool(database.url, { name: 'spec', connectionsMax: 2 });
    const batch = Array.from({ length: 9 }, () => ({
      address: { recordId: randomUUID(), subjectId: randomUUID() },
      content: {},
    }));
    const room = vault.room('donors');
    if (what === 'records') await room.putMany(batch);
    // Somebody holds the one in the middle until both batches wait: out of order each would hold what the other wants.
    const holder = await pool.connect();
    await holder.query('BEGIN');
    const middle = batch[4]!.address;
    await (what === 'records'
      ? holder.query('SELECT FROM donors.records WHERE record_id = $1 FOR UPDATE', [middle.recordId])
      : holder.query(`INSERT INTO donors.persons (subject_id, wrapped_key) VALUES ($1, '')`, [
          middle.subjectId,
        ]));
    const putting = Promise.all([room.putMany(batch), room.putMany(batch.toReversed())]);
    await eventually(async () => {
      const { rowCount } = await pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(2);
    });
    await holder.query('ROLLBACK');
    holder.release();
    await expect(putting).resolves.toHaveLength(2);
    await pool.end();
  });

  it('keeps no plain text in its tables and logs who read what', async () => {
    const at = {
      recordId: '0190b3f4-0000-7000-8000-000000000001',
      subjectId: '0190b3f4-0000-7000-8000-000000000002',
    };
    await vault
      .room('donors')
      .put(at, { name: 'Canary Lữ Thị Hiếm' }, { searchable: ['Canary Lữ Thị Hiếm'] });
    await vault.room('donors').find(at.recordId, { actor: 'staff:7', purpose: 'receipt rendered' });
    const pool = createPool(database.url, { name: 'spec', connectionsMax: 1 });
    const { rows } = await pool.query<{ dump: string }>(
      `SELECT string_agg(r::text || encode(sealed, 'escape'), '') AS dump FROM donors.records r`,
    );
    expect(rows[0]?.dump).toContain(at.recordId);
    expect(rows[0]?.dump).not.toMatch(/canary|hiếm|hiem/i);
    const log = await pool.query('SELECT actor, purpose FROM donors.access_log WHERE record_id = $1', [
      at.recordId,
    ]);
    expect(log.rows).toEqual([{ actor: 'staff:7', purpose: 'receipt rendered' }]);
    await pool.end();
  });

  it('refuses in the database itself who waited for an erasure', async () => {
    const [recordId, subjectId] = [randomUUID(), randomUUID()];
    await vault.room('donors').put({ recordId: randomUUID(), subjectId }, { name: 'x' });
    const pool = createPool(database.url, { name: 'spec', connectionsMax: 2 });
    const eraser = await pool.connect();
    await eraser.query('BEGIN');
    await eraser.query('DELETE FROM donors.persons WHERE subject_id = $1', [subjectId]);
    const putting = vault.room('donors').put({ recordId, subjectId }, { name: 'late' });
    const refused = expect(putting).rejects.toThrow(SubjectErased);
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect((await pool.query(waiting)).rowCount).toBe(1);
    });
    await eraser.query('INSERT INTO donors.erased (subject_id) VALUES ($1)', [subjectId]);
    await eraser.query('COMMIT');
    eraser.release();
    await refused;
    expect(await vault.room('donors').find(recordId, reading)).toBeUndefined();
    await pool.end();
  });

  it('lets the role of one kind neither read another kind nor rewrite its log', async () => {
    const pool = createPool(database.url, { name: 'spec', connectionsMax: 1, role: 'mangnon_vault_donors' });
    await expect(pool.query('SELECT * FROM children.records')).rejects.toThrow('permission denied');
    await expect(pool.query('DELETE FROM donors.access_log')).rejects.toThrow('permission denied');
    await expect(pool.query('UPDATE donors.records SET scope = $1', ['x'])).rejects.toThrow(
      'permission denied',
    );
    await pool.end();
  });

  it('enters only the rooms it was opened for', async () => {
    const donors = await openPostgresVault(
      database.url,
      new Map([...keys].filter(([kind]) => kind === 'donors')),
    );
    expect(() => donors.room('children')).toThrow('may not enter');
    await donors.close();
  });

  it('opens again with the same keys and refuses another master key in one sentence', async () => {
    const at = {
      recordId: '0190b3f4-0000-7000-8000-00000000000a',
      subjectId: '0190b3f4-0000-7000-8000-00000000000b',
    };
    await vault.room('donors').put(at, { name: 'still here' });
    const again = await openPostgresVault(database.url, await loadMasterKeys(keysDirectory, vaultKinds));
    expect((await again.room('donors').find(at.recordId, reading))?.open()).toEqual({ name: 'still here' });
    await again.close();
    await expect(openPostgresVault(database.url, new Map([['donors', newKey()]]))).rejects.toThrow(
      KeyProblem,
    );
  });
});
