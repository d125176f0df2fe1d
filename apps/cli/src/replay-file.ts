import { messageOf } from '#kernel/message-of.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import type { TopicSource } from '#kernel/message.js';
import { foldInto, ProjectionFailed } from '#read-models/fold.js';
import { eventsOf } from '#read-models/apply.js';
import { isMessageProjection, type AnyProjection, type Row } from '#read-models/projection.js';
import { reportChecks } from './check-report.js';
import type { Check } from './checks/check.js';
import { readExport, type ExportTrailer } from './export-file.js';
import { figure } from './figures.js';
import type { Terminal } from './terminal.js';

/** What to hold a file against. */
export interface FileReplay {
  readonly checks: readonly Check[];
  /** Folded besides, to see that they can be; the rows are not compared with any. */
  readonly projections: readonly AnyProjection[];
  readonly sources: readonly TopicSource[];
  /** What the file must hold; any whole export when absent. */
  readonly wanted?: ExportTrailer;
  /** Rows of projections held in memory at a time, where one alone has fewer; {@link rowsMaxDefault} when absent. */
  readonly rowsMax?: number;
}

/** 1.1 GB of memory at the peak, measured with 900,000 rows; more rows than these are folded in further readings of the file. */
const rowsMaxDefault = 500_000;

/**
 * Replays an export on its own, with no database: its digest, every rule that a log must keep, and every projection, in
 * as many readings as keep memory in bounds. Prints what it found; true when all holds. Throws `CliFault` where the file
 * is not whole.
 */
export async function replayFile(path: string, terminal: Terminal, replay: FileReplay): Promise<boolean> {
  const { checks, projections, sources, rowsMax = rowsMaxDefault } = replay;
  let pass = new Pass(
    projections.map((projection) => new FoldedTable(projection, sources)),
    checks,
    rowsMax,
  );
  const events = await pass.read(path, terminal, replay.wanted);
  const count = figure(events, terminal.language);
  terminal.tell({
    vi: `✓ Tệp nguyên vẹn: ${count} sự kiện, mã SHA-256 khớp`,
    en: `✓ The file is whole: ${count} events, its SHA-256 fits`,
  });
  let kept = reportChecks(checks, terminal);
  for (;;) {
    kept = pass.report(terminal) && kept;
    if (pass.putOff.length === 0) return kept;
    pass = new Pass(pass.putOff, [], rowsMax);
    await pass.read(path, terminal, replay.wanted);
  }
}

/** One reading of the file. Where too many rows gather, the table with most of them is put off to another. */
class Pass {
  readonly putOff: FoldedTable[] = [];
  #tables: readonly FoldedTable[];

  constructor(
    tables: readonly FoldedTable[],
    private readonly checks: readonly Check[],
    private readonly rowsMax: number,
  ) {
    this.#tables = tables;
  }

  /** Answers how many events there are. */
  async read(path: string, terminal: Terminal, wanted: ExportTrailer | undefined): Promise<number> {
    let events = 0;
    for await (const page of readExport(path, wanted)) {
      for (const event of page) for (const check of this.checks) check.take(event);
      for (const table of this.#tables) table.take(page);
      this.#lighten();
      events += page.length;
      const count = figure(events, terminal.language);
      const at = page.at(-1);
      terminal.progress(() => ({
        vi: `Đã đọc ${count} sự kiện${at ? `, vị trí ${formatPosition(at.position)}` : ''}`,
        en: `${count} events read${at ? `, position ${formatPosition(at.position)}` : ''}`,
      }));
    }
    return events;
  }

  report(terminal: Terminal): boolean {
    return this.#tables.map((table) => table.report(terminal)).every(Boolean);
  }

  #lighten(): void {
    while (this.#tables.length > 1 && this.#tables.reduce((sum, { size }) => sum + size, 0) > this.rowsMax) {
      const largest = this.#tables.reduce((one, other) => (other.size > one.size ? other : one));
      this.putOff.push(largest.emptied());
      this.#tables = this.#tables.filter((table) => table !== largest);
    }
  }
}

/** One projection folded in memory, until it fails. */
class FoldedTable {
  readonly #rows = new Map<string, Row>();
  #failure: ProjectionFailed | undefined;

  constructor(
    private readonly projection: AnyProjection,
    private readonly sources: readonly TopicSource[],
  ) {}

  get size(): number {
    return this.#rows.size;
  }

  /** The same projection before the first event. */
  emptied(): FoldedTable {
    return new FoldedTable(this.projection, this.sources);
  }

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
