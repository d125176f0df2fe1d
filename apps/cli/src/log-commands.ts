import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import { eventsThrough } from '#platform/archive/event-log.js';
import { allChecks } from './checks/all-checks.js';
import { SnapshotsCheck } from './checks/snapshots.js';
import { keptSnapshots } from './kept-snapshots.js';
import { reportChecks } from './check-report.js';
import type { Context } from './context.js';
import { openDatabases, type Databases } from './databases.js';
import { CliFault } from './fault.js';
import { exportLines, readExport, writeWhole, type ExportTrailer } from './export-file.js';
import { figure } from './figures.js';
import { hledgerJournal, type HledgerWish } from './hledger.js';
import { replayedProjections, replayedServices, replayedSources } from './registry.js';
import { unlessAborted } from './interruption.js';
import { replayFile } from './replay-file.js';
import { replayLive } from './replay-live.js';

/** Runs the work with the databases open and lets go of them whatever comes; an interruption ends the work in the middle. */
export async function withDatabases<Result>(
  { environment, terminal, interruption }: Context,
  givenDirectory: string | undefined,
  work: (databases: Databases, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return interruption.waitFor(async (signal) => {
    const databases = await openDatabases(environment, terminal, { givenDirectory, signal });
    try {
      await assertWhole(databases);
      return await unlessAborted(work(databases, signal), signal);
    } finally {
      await (signal.aborted ? databases.abandon() : databases.close());
    }
  });
}

/** What a restore or a copy has not come to the end of would look like a smaller system that is whole. */
async function assertWhole({ log }: Databases): Promise<void> {
  try {
    await log.assertWhole();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error();
    if (name !== 'LogNotWhole' && name !== 'EventsElsewhere') throw error;
    throw new CliFault('refused', { vi: message, en: message }, { cause: error });
  }
}

/** Writes every event up to the head as an export to a file, or to the result where none is named. */
export async function exportEvents(
  context: Context,
  databases: Databases,
  path: string | undefined,
): Promise<ExportTrailer> {
  const { terminal } = context;
  const { store } = databases.log;
  const head = await store.head();
  let end: ExportTrailer | undefined;
  const lines = exportLines(eventsThrough(store, head?.position), (trailer) => (end = trailer));
  await (path === undefined ? context.pour(lines) : writeWhole(path, lines));
  if (!end) throw new Error('an export ended without its last line');
  const count = figure(end.count, terminal.language);
  const last = end.lastPosition ? formatPosition(end.lastPosition) : '–';
  terminal.note({
    vi: `Đã xuất ${count} sự kiện, vị trí cuối ${last}, SHA-256 ${end.sha256}`,
    en: `${count} events exported, last position ${last}, SHA-256 ${end.sha256}`,
  });
  return end;
}

/** `mangnon export hledger`: from the store, or from an exported file with no database; to a file, or to the result. */
export async function exportHledger(
  context: Context,
  {
    from,
    to,
    dataDir,
    ...wish
  }: HledgerWish & { readonly from?: string; readonly to?: string; readonly dataDir?: string },
): Promise<void> {
  if (from !== undefined) {
    await writeHledger(context, readExport(from), wish, to);
    return;
  }
  await withDatabases(context, dataDir, async ({ log: { store } }) => {
    const head = await store.head();
    await writeHledger(context, eventsThrough(store, head?.position), wish, to);
  });
}

async function writeHledger(
  context: Context,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  wish: HledgerWish,
  path: string | undefined,
): Promise<void> {
  const { terminal } = context;
  const texts = hledgerJournal(pages, wish, ({ entries, position }) => {
    const count = figure(entries, terminal.language);
    const last = position ? formatPosition(position) : '–';
    terminal.note({
      vi: `Đã xuất ${count} bút toán, vị trí cuối ${last}`,
      en: `${count} entries exported, last position ${last}`,
    });
  });
  await (path === undefined ? context.pour(texts) : writeWhole(path, texts));
}

/** `mangnon replay`: live tables, or a file. Throws {@link CliFault} `differs` when something does not hold. */
export async function replay(
  context: Context,
  {
    from,
    only,
    dataDir,
  }: { readonly from?: string; readonly only?: readonly string[]; readonly dataDir?: string },
): Promise<void> {
  const projections = chosen(only);
  const sources = replayedSources();
  const held =
    from === undefined
      ? await withDatabases(context, dataDir, async (databases) => {
          const snapshots = await keptSnapshots(
            databases.log.database,
            replayedServices.map(({ name }) => name),
          );
          const checks = [...allChecks(), new SnapshotsCheck(snapshots)];
          const same = await replayLive(databases, context.terminal, { projections, sources, checks });
          return reportChecks(checks, context.terminal) && same;
        })
      : await replayFile(from, context.terminal, { projections, sources, checks: allChecks() });
  if (!held)
    throw new CliFault('differs', {
      vi: 'Có chỗ không khớp: xem ở trên.',
      en: 'Something does not hold: see above.',
    });
  context.terminal.tell({ vi: 'Mọi thứ đều khớp.', en: 'Everything holds.' });
}

function chosen(only: readonly string[] = []) {
  const all = replayedProjections();
  const unknown = only.find((name) => !all.some((projection) => projection.name === name));
  if (unknown !== undefined)
    throw new CliFault('usage', {
      vi: `Không có bảng đọc ${unknown}; có: ${all.map(({ name }) => name).join(', ')}`,
      en: `There is no read model ${unknown}; there are: ${all.map(({ name }) => name).join(', ')}`,
    });
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}
