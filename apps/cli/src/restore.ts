import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { restoreEventLog } from '#platform/archive/event-log.js';
import { restoreVault } from '#platform/archive/vault-rows.js';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { assertEmpty, proveBackup } from './backup.js';
import { eventsFile, vaultFile } from './backup-files.js';
import type { Context } from './context.js';
import { linesOfFile, readExport } from './export-file.js';
import { figure } from './figures.js';

/** What to restore and where to. */
export interface Restore {
  /** Absolute path of the backup. */
  readonly from: string;
  /** Absolute path of a data directory that is empty or not there. */
  readonly dataDirectory: string;
  /** The highest incarnation that a copy of this log may have used. */
  readonly above: number;
}

/**
 * Proves a backup and fills an empty data directory from it, all or nothing: events with their positions, the vault's
 * sealed rows. Later events belong to a new incarnation, so that receipt books open new series; read models are built
 * at the next start. Throws `CliFault`, `EmbeddedPostgresFault`.
 */
export async function restore(context: Context, { from, dataDirectory, above }: Restore): Promise<void> {
  await assertEmpty(dataDirectory);
  await proveBackup(context, from);
  try {
    const { events, incarnation } = await fill({ from, dataDirectory, above });
    const count = figure(events, context.terminal.language);
    context.terminal.tell({
      vi: `Đã khôi phục ${count} sự kiện vào ${dataDirectory}; sự kiện mới thuộc đời ${incarnation}. Hãy đưa thư mục khoá về rồi khởi động; các bảng đọc được dựng lại khi khởi động.`,
      en: `${count} events restored into ${dataDirectory}; new ones belong to incarnation ${incarnation}. Bring the folder of keys back and start; read models are built at the start.`,
    });
  } catch (error) {
    await clear(dataDirectory);
    throw error;
  }
}

async function fill({
  from,
  dataDirectory,
  above,
}: Restore): Promise<{ events: number; incarnation: number }> {
  const postgres = await startEmbeddedPostgres({ dataDirectory });
  try {
    await restoreVault(postgres.vaultUrl, (table) => linesOfFile(vaultFile(from, table)));
    return await restoreEventLog(postgres.url, readExport(join(from, eventsFile)), above);
  } finally {
    await postgres.stop();
  }
}

/** It was empty before, so that whatever is in it now is half of this. */
async function clear(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => []))
    await rm(join(directory, name), { recursive: true, force: true });
}
