import { migrate } from '#postgres/migrate.js';
import { createPool, type Database } from '#postgres/pool.js';
import { KeyProblem } from '../key-file.js';
import { kindKeys, type KindKeys } from '../sealing.js';
import type { Vault, VaultKind, VaultRoom } from '../vault.js';
import { PostgresVaultRoom } from './postgres-vault-room.js';
import { stayErasedSql, vaultRole, vaultSchemaSql } from './vault-schema.js';

/**
 * Opens the vault's database for these kinds, each by its own connections under the role of its kind. Runs the
 * migrations first. Throws `KeyProblem` when a master key is not the one that the records were sealed with.
 */
export async function openPostgresVault(
  url: string,
  masterKeys: ReadonlyMap<VaultKind, Uint8Array>,
  connectionsMax = 4,
): Promise<Vault> {
  await migrateVault(url, [...masterKeys.keys()]);
  const pools = new Map<VaultKind, Database>();
  const rooms = new Map<VaultKind, VaultRoom>();
  for (const [kind, master] of masterKeys) {
    const pool = createPool(url, {
      name: `mangnon vault ${kind}`,
      connectionsMax,
      role: vaultRole(kind),
    });
    pools.set(kind, pool);
    const keys = kindKeys(master, kind);
    await checkKey(pool, kind, keys);
    rooms.set(kind, new PostgresVaultRoom(pool, kind, keys));
  }
  return new PostgresVault(rooms, [...pools.values()]);
}

class PostgresVault implements Vault {
  constructor(
    private readonly rooms: ReadonlyMap<VaultKind, VaultRoom>,
    private readonly pools: readonly Database[],
  ) {}

  room(kind: VaultKind): VaultRoom {
    const room = this.rooms.get(kind);
    if (!room) throw new Error(`this service may not enter the vault's room of ${kind}`);
    return room;
  }

  async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
  }
}

/**
 * Makes the schemas, tables and roles of these kinds where they are missing; needs the rights of their owner only when there
 * is something to do. Throws `MigrationRefused`.
 */
export async function migrateVault(url: string, kinds: readonly VaultKind[]): Promise<void> {
  const owner = createPool(url, { name: 'mangnon vault migrations', connectionsMax: 1 });
  try {
    for (const kind of kinds)
      await migrate(owner, kind, [
        { id: 'vault/0001-rooms', sql: vaultSchemaSql(kind) },
        { id: 'vault/0002-erased-stay-erased', sql: stayErasedSql(kind) },
        { id: 'vault/0003-migrations-seen', sql: `GRANT SELECT ON migrations TO ${vaultRole(kind)}` },
      ]);
  } finally {
    await owner.end();
  }
}

/** The first opening keeps a hash under the key; every later one must find the same, or nothing would ever open. */
async function checkKey(pool: Database, kind: VaultKind, keys: KindKeys): Promise<void> {
  const hash = keys.hash('mangnon key check');
  await pool.query(`INSERT INTO ${kind}.key_check (hash) VALUES ($1) ON CONFLICT DO NOTHING`, [hash]);
  const { rows } = await pool.query<{ hash: string }>(`SELECT hash FROM ${kind}.key_check`);
  if (rows[0]?.hash === hash) return;
  await pool.end();
  throw new KeyProblem(
    `the master key ${kind}.key is not the one that the vault's records were sealed with; bring the right key file back`,
  );
}
