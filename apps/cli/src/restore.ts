import { join } from 'node:path';
import { restoreEventLog } from '#platform/archive/event-log.js';
import { findHighestGiven, giveIncarnation } from '#platform/archive/incarnations.js';
import { restoreVault } from '#platform/archive/vault-rows.js';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { proveBackup } from './backup.js';
import { eventsFile, vaultRows, type Manifest } from './backup-files.js';
import type { Context } from './context.js';
import { readExport } from './export-file.js';
import { CliFault } from './fault.js';
import { figure } from './figures.js';
import { assertFree, fillDataDirectory } from './restoring.js';

/** What to restore and where to. */
export interface Restore {
  /** Absolute path of the backup. */
  readonly from: string;
  /** Absolute path of a data directory that is empty or not there. */
  readonly dataDirectory: string;
  /** Absolute path of the folder of keys, where every incarnation that was given is kept. */
  readonly keysDirectory: string;
  /** The highest incarnation that a copy of this log may have used, where what is kept beside the keys is lost. */
  readonly above?: number | undefined;
}

/**
 * Proves a backup and fills an empty data directory from it, all or nothing, however this ends: events with their positions, the vault's
 * sealed rows. Later events belong to an incarnation that was never given before, so that receipt books open new series;
 * read models are built at the next start. Throws `CliFault`, `EmbeddedPostgresFault`.
 */
export async function restore(context: Context, asked: Restore): Promise<void> {
  const { from, dataDirectory, keysDirectory } = asked;
  await assertFree(dataDirectory);
  await assertGivenKnown(asked);
  const manifest = await proveBackup(context, from);
  const { events, incarnation } = await context.interruption.waitFor((signal) =>
    fillDataDirectory(dataDirectory, signal, (postgres) => fill(asked, manifest, postgres)),
  );
  const count = figure(events, context.terminal.language);
  context.terminal.tell({
    vi: `Đã khôi phục ${count} sự kiện vào ${dataDirectory}; sự kiện mới thuộc đời ${incarnation}. Các bảng đọc được dựng lại khi khởi động. Hãy sao lưu lại thư mục khoá ${keysDirectory}: nó đã ghi nhận đời này.`,
    en: `${count} events restored into ${dataDirectory}; new ones belong to incarnation ${incarnation}. Read models are built at the start. Copy the folder of keys ${keysDirectory} again: it knows of this incarnation now.`,
  });
}

/**
 * Throws {@link CliFault} where nothing tells how high the incarnation has been: a number that was mailed after an earlier
 * restore could be given again.
 */
export async function assertGivenKnown({
  keysDirectory,
  above,
}: Pick<Restore, 'keysDirectory' | 'above'>): Promise<void> {
  if (above !== undefined || (await findHighestGiven(keysDirectory)) !== undefined) return;
  throw new CliFault('refused', {
    vi: `${keysDirectory} không cho biết những đời nào của sổ đã được dùng: hãy đưa thư mục khoá về đó trước (hoặc chỉ nó bằng --keys-dir). Nếu thư mục đã mất, hãy cho biết đời cao nhất bằng --above: 1 nếu sổ này chưa từng được khôi phục.`,
    en: `${keysDirectory} does not tell which incarnations of this log were given: bring the folder of keys back there first (or name it with --keys-dir). Where it is lost, name the highest with --above: 1 if this log was never restored.`,
  });
}

/** What is filled in is held against the manifest once more, so that it is what was proved. */
async function fill(
  { from, keysDirectory, above = 0 }: Restore,
  manifest: Manifest,
  { url, vaultUrl }: EmbeddedPostgres,
): Promise<{ events: number; incarnation: number }> {
  await restoreVault(vaultUrl, (table) => vaultRows(from, manifest, table));
  return restoreEventLog(url, readExport(join(from, eventsFile), manifest.events), (last) =>
    giveIncarnation(keysDirectory, Math.max(last, above)),
  );
}
