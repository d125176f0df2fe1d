import { messageOf } from '#kernel/message-of.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import type { TopicSource } from '#kernel/message.js';
import { foldInto, ProjectionFailed } from '#read-models/fold.js';
import { eventsOf } from '#read-models/apply.js';
import { isMessageProjection, type AnyProjection, type Row } from '#read-models/projection.js';
import { reportChecks } from './check-report.js';
import type { Check } from './checks/check.js';
import { readExport } from './export-file.js';
import { figure } from './figures.js';
import type { Terminal } from './terminal.js';

/** What to hold a file against. */
export interface FileReplay {
  readonly checks: readonly Check[];
  /** Folded besides, to see that they can be; the rows are not compared with any. */
  readonly projections: readonly AnyProjection[];
  readonly sources: readonly TopicSource[];
}

/**
 * Replays an export on its own, with no database: its digest, every rule that a log must keep, and every projection.
 * Prints what it found; true when all holds. Throws `CliFault` where the file is not whole.
 */
export async function replayFile(
  path: string,
  terminal: Terminal,
  { checks, projections, sources }: FileReplay,
): Promise<boolean> {
  const tables = projections.map((projection) => new FoldedTable(projection, sources));
  let events = 0;
  for await (const page of readExport(path)) {
    for (const event of page) for (const check of checks) check.take(event);
    for (const table of tables) table.take(page);
    events += page.length;
    const count = figure(events, terminal.language);
    const at = page.at(-1);
    terminal.progress(() => ({
      vi: `Đã đọc ${count} sự kiện${at ? `, vị trí ${formatPosition(at.position)}` : ''}`,
      en: `${count} events read${at ? `, position ${formatPosition(at.position)}` : ''}`,
    }));
  }
  const count = figure(events, terminal.language);
  terminal.tell({
    vi: `✓ Tệp nguyên vẹn: ${count} sự kiện, mã SHA-256 khớp`,
    en: `✓ The file is whole: ${count} events, its SHA-256 fits`,
  });
  const kept = reportChecks(checks, terminal);
  return tables.map((table) => table.report(terminal)).every(Boolean) && kept;
}

/** One projection folded in memory, until it fails. */
class FoldedTable {
  readonly #rows = new Map<string, Row>();
  #failure: ProjectionFailed | undefined;

  constructor(
    private readonly projection: AnyProjection,
    private readonly sources: readonly TopicSource[],
  ) {}

  take(page: readonly RecordedEvent[]): void {
    if (this.#failure) return;
    try {
      this.#fold(page);
    } catch (error) {
      if (!(error instanceof ProjectionFailed)) throw error;
      this.#failure = error;
    }
  }

  report(terminal: Terminal): boolean {
    const { name } = this.projection;
    const count = figure(this.#rows.size, terminal.language);
    if (this.#failure) terminal.print(`✗ ${this.#failure.message}`);
    else terminal.tell({ vi: `✓ ${name}: dựng được ${count} dòng`, en: `✓ ${name}: ${count} rows folded` });
    return !this.#failure;
  }

  #fold(page: readonly RecordedEvent[]): void {
    const { projection } = this;
    if (!isMessageProjection(projection)) {
      foldInto(projection, this.#rows, eventsOf(projection, page));
      return;
    }
    const wanted = this.sources.filter(({ topic }) => projection.topics.includes(topic));
    const messages = page.flatMap((event) => wanted.flatMap((source) => messageOf(source, event) ?? []));
    foldInto(projection, this.#rows, messages);
  }
}
