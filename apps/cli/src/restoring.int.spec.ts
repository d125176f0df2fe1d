import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import { createPool } from '#postgres/pool.js';
import { CliFault } from './fault.js';
import { assertFree, fillDataDirectory } from './restoring.js';

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mangnon-restoring-'));
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const names = (): readonly string[] => {
  try {
    return readdirSync(data).toSorted();
  } catch {
    return [];
  }
};

async function query({ url }: EmbeddedPostgres, statement: string): Promise<readonly object[]> {
  const database = createPool(url, { name: 'restoring', statementTimeoutMs: 0 });
  try {
    return (await database.query<object>(statement)).rows;
  } finally {
    await database.end().catch(() => undefined);
  }
}

describe('filling a data directory', () => {
  it('gives one that a start takes, and takes no directory that is one', async () => {
    await fillDataDirectory(data, never, (postgres) =>
      query(postgres, 'CREATE TABLE restored AS SELECT 7 AS seven'),
    );
    expect(names()).toEqual(['password', 'postgres']);
    const started = await startEmbeddedPostgres({ dataDirectory: data });
    expect(await query(started, 'TABLE restored')).toEqual([{ seven: 7 }]);
    await started.stop();
    await expect(assertFree(data)).rejects.toThrow(CliFault);
  });

  it('leaves nothing when it fails', async () => {
    const failing = fillDataDirectory(data, never, () => Promise.reject(new Error('half way')));
    await expect(failing).rejects.toThrow('half way');
    expect(names()).toEqual([]);
  });

  it('is given up in one sentence, with no server left', async () => {
    let pid = 0;
    const givingUp = new AbortController();
    const filling = fillDataDirectory(data, givingUp.signal, (postgres) => {
      ({ pid } = postgres);
      const sleeping = query(postgres, 'SELECT pg_sleep(600)');
      givingUp.abort();
      return sleeping;
    });
    await expect(filling).rejects.toThrow('given up and leaves nothing');
    expect(names()).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('that was killed keeps every start away and is begun again by the next', async () => {
    const killed = await startEmbeddedPostgres({ dataDirectory: join(data, 'restoring') });
    await query(killed, 'CREATE TABLE half AS SELECT 1');
    const meanwhile = fillDataDirectory(data, never, () => Promise.resolve());
    await expect(meanwhile).rejects.toMatchObject({ code: 'in-use' });
    await killed.stop();
    await expect(startEmbeddedPostgres({ dataDirectory: data })).rejects.toThrow(EmbeddedPostgresFault);
    await assertFree(data);
    const tables = await fillDataDirectory(data, never, (postgres) =>
      query(postgres, "SELECT FROM pg_tables WHERE tablename = 'half'"),
    );
    expect([tables, names()]).toEqual([[], ['password', 'postgres']]);
  });
});
