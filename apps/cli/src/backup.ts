import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dumpVault } from '#platform/archive/vault-rows.js';
import type { Database } from '#postgres/pool.js';
import { tableOf } from '#read-models/projection.js';
import {
  counted,
  eventsFile,
  manifestFile,
  readManifest,
  vaultFile,
  verifyVault,
  type Manifest,
} from './backup-files.js';
import { allChecks } from './checks/all-checks.js';
import type { Context } from './context.js';
import type { Databases } from './databases.js';
import { writeWhole } from './export-file.js';
import { CliFault } from './fault.js';
import { exportEvents } from './log-commands.js';
import { replayedProjections, replayedSources } from './registry.js';
import { replayFile } from './replay-file.js';

/**
 * Writes a backup into a new or empty directory while the services go on: events first, then the vault's sealed rows,
 * so that every record that an event names is there; the manifest last. Then proves it by replaying it. The keys are
 * not in it. Throws {@link CliFault}.
 */
export async function backup(context: Context, databases: Databases, given: string): Promise<void> {
  const directory = resolve(given);
  await assertEmpty(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const takenAt = new Date().toISOString();
  const checkpoints = await checkpointsOf(databases.log.database);
  const events = await exportEvents(context, databases, join(directory, eventsFile));
  const vault: Manifest['vault'] = [];
  await dumpVault(databases.vaultUrl, async (table, rows) => {
    const texts = counted(rows, (told) => vault.push({ table, ...told }));
    await writeWhole(vaultFile(directory, table), texts);
    context.terminal.progress(() => ({ vi: `Đã sao lưu ${table}`, en: `${table} is backed up` }));
  });
  const manifest: Manifest = { format: 'mangnon.backup', version: 2, takenAt, events, vault, checkpoints };
  await writeWhole(join(directory, manifestFile), once(`${JSON.stringify(manifest, undefined, 2)}\n`));
  await proveBackup(context, directory);
  context.terminal.tell({
    vi: `Bản sao lưu nguyên vẹn nằm trong ${directory}. Hãy giữ thư mục khoá ở nơi khác: không có khoá thì không ai đọc được dữ liệu cá nhân.`,
    en: `The backup in ${directory} is whole. Keep the folder of keys elsewhere: without them nobody can read the personal data.`,
  });
}

/** Holds a backup against its manifest and replays its events. Throws {@link CliFault} where anything does not hold. */
export async function proveBackup(context: Context, directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory);
  await verifyVault(directory, manifest);
  const replay = {
    checks: allChecks(),
    projections: replayedProjections(),
    sources: replayedSources(),
    wanted: manifest.events,
  };
  if (await replayFile(join(directory, eventsFile), context.terminal, replay)) return manifest;
  throw new CliFault('differs', {
    vi: 'Sự kiện trong bản sao lưu vi phạm quy tắc: xem ở trên.',
    en: 'The events of the backup break a rule: see above.',
  });
}

/** Throws {@link CliFault} unless the directory is empty or not there. */
async function assertEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new CliFault('refused', {
      vi: `${directory} không trống: hãy chọn thư mục mới.`,
      en: `${directory} is not empty: choose a new folder.`,
    });
}

interface CheckpointRow {
  readonly consumer: string;
  readonly incarnation: number;
  readonly number: string;
  readonly event_id: string;
}

/** Of consumers and of read models, where those tables are. */
async function checkpointsOf(database: Database): Promise<Manifest['checkpoints']> {
  const books = [
    ...new Set(replayedProjections().map((projection) => `${tableOf(projection).schema}.read_model`)),
  ];
  const reads = [
    ['platform.checkpoints', 'SELECT consumer, incarnation, number, event_id FROM platform.checkpoints'],
    ...books.map((book) => [
      book,
      `SELECT name AS consumer, incarnation, number, event_id FROM ${book} WHERE slot = 'live' AND event_id IS NOT NULL`,
    ]),
  ] as const;
  const found: CheckpointRow[] = [];
  for (const [table = '', statement = ''] of reads) {
    const { rows } = await database.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
      table,
    ]);
    if (rows[0]?.there === true) found.push(...(await database.query<CheckpointRow>(statement)).rows);
  }
  return found.map(({ consumer, incarnation, number, event_id }) => ({
    consumer,
    position: { incarnation, number: Number(number) },
    eventId: event_id,
  }));
}

async function* once(text: string): AsyncIterable<string> {
  yield text;
}
