import { createHash } from 'node:crypto';
import { inTransaction, type Session } from '#postgres/pool.js';
import { vaultKinds } from '#vault/master-keys.js';
import { migrateVault } from '#vault/postgres/postgres-vault.js';
import { patientPool } from './event-log.js';

/** Rows in a statement; sealed PDFs are among them. */
const pageRows = 100;

/** In the order in which they may be filled. */
const tables = ['persons', 'records', 'erased', 'access_log', 'key_check'] as const;
const identities = [
  ['records', 'sequence'],
  ['access_log', 'id'],
] as const;

/** Every table of the vault, `donors.records` and so on, in the order in which they may be filled. */
export const vaultTables: readonly string[] = vaultKinds.flatMap((kind) =>
  tables.map((table) => `${kind}.${table}`),
);

/** Rows of a table as lines of JSON, sealed as they stand: nothing here opens any. */
export type VaultRows = AsyncIterable<readonly string[]>;

/** Hands out every table of the vault as of one moment; nothing is opened, so no key is needed. */
export async function dumpVault(
  url: string,
  take: (table: string, rows: VaultRows) => Promise<void>,
): Promise<void> {
  const database = patientPool(url);
  try {
    await inTransaction(database, async (session) => {
      await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      for (const table of vaultTables) await take(table, rowsOf(session, table));
    });
  } finally {
    await database.end();
  }
}

/** The rows of one table of the vault, of {@link vaultTables}. */
export async function* rowsOfVault(url: string, table: string): VaultRows {
  const database = patientPool(url);
  const session = await database.connect();
  try {
    await session.query('BEGIN TRANSACTION READ ONLY');
    yield* rowsOf(session, table);
  } finally {
    session.release(true);
    await database.end();
  }
}

/** How many rows a table of the vault has, and a digest of them that does not depend on their order. */
export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  readonly digest: string;
}

/** Digests of every table of the vault that holds anything, as of one moment. */
export async function digestVault(url: string): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  await dumpVault(url, async (table, rows) => void digests.push(await digestOf(table, rows)));
  return digests.filter(({ rows }) => rows > 0);
}

/** The same of dumped rows. */
export async function digestRows(rowsOfTable: (table: string) => VaultRows): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of vaultTables) digests.push(await digestOf(table, rowsOfTable(table)));
  return digests.filter(({ rows }) => rows > 0);
}

async function digestOf(table: string, pages: VaultRows): Promise<TableDigest> {
  let [rows, sum] = [0, 0n];
  for await (const lines of pages)
    for (const line of lines) {
      rows += 1;
      sum += BigInt(`0x${createHash('sha256').update(line).digest('hex')}`);
    }
  return { table, rows, digest: (sum % (1n << 256n)).toString(16) };
}

/** Fills an empty vault with dumped rows, all or none. Throws when it holds anybody already. */
export async function restoreVault(url: string, rowsOfTable: (table: string) => VaultRows): Promise<void> {
  await migrateVault(url, vaultKinds);
  const database = patientPool(url);
  try {
    await inTransaction(database, async (session) => {
      for (const kind of vaultKinds) {
        const { rowCount } = await session.query(`SELECT FROM ${kind}.persons LIMIT 1`);
        if (rowCount !== 0) throw new Error(`the vault's room of ${kind} is not empty`);
      }
      for (const table of vaultTables)
        for await (const lines of rowsOfTable(table)) await insert(session, table, lines);
      for (const kind of vaultKinds)
        for (const [table, column] of identities) await count(session, `${kind}.${table}`, column);
    });
  } finally {
    await database.end();
  }
}

/** None of a room that no service has entered yet. */
async function* rowsOf(session: Session, table: string): VaultRows {
  const { rowCount } = await session.query('SELECT WHERE to_regclass($1) IS NOT NULL', [table]);
  if (rowCount === 0) return;
  await session.query(`SET LOCAL TIME ZONE 'UTC'`);
  await session.query(
    `DECLARE vault_rows NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${table} t`,
  );
  for (;;) {
    const { rows } = await session.query<{ line: string }>(`FETCH ${String(pageRows)} FROM vault_rows`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await session.query('CLOSE vault_rows');
}

async function insert(session: Session, table: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await session.query(
    `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
     SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [`[${lines.join(',')}]`],
  );
}

/** Identities go on after the highest. */
async function count(session: Session, table: string, column: string): Promise<void> {
  await session.query(
    `SELECT setval(pg_get_serial_sequence($1, $2), (SELECT coalesce(max(${column}), 0) + 1 FROM ${table}), false)`,
    [table, column],
  );
}
