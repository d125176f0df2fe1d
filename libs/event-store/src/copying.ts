import { createHash } from 'node:crypto';
import { formatPosition, type Position } from '#kernel/position.js';
import { exportHeader, exportLine } from './exported.js';
import { LogOrder } from './importing.js';
import { differenceOf, eventOf, type LogPages, type LogRecord } from './log-record.js';

/** How a log that is filled by a copy stands: `open` takes appends, `filling` those of the copy alone. */
export type TargetState = 'empty' | 'filling' | 'open';

/** A log that another one is copied into. */
export interface CopyTarget {
  state(): Promise<TargetState>;
  /** Makes an empty log one that is being filled, durably: from now on nobody else appends to it. */
  begin(): Promise<void>;
  /** Everything that stands there. */
  records(): LogPages;
  /** Puts these behind what stands there, in order and durably; where it rejects, the first of them may stand. */
  add(records: readonly LogRecord[]): Promise<void>;
  /**
   * Ends the filling. Later events belong to the incarnation named where their positions would come behind those that
   * stand there, else to the one that `give` answers with, above the one that it is told; tells which.
   */
  open(incarnation: number, give: (above: number) => Promise<number>): Promise<number>;
  close(): Promise<void>;
}

/** What lies in the target is not what lies in the source; nothing was added to it since that was found. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers';
}

/** What was compared event by event; the digest is that of an export of the log. */
export interface LogProof {
  readonly count: number;
  readonly lastPosition: Position | null;
  readonly sha256: string;
}

/** How far a copy has come. */
export interface CopyProgress {
  readonly phase: 'copying' | 'comparing';
  readonly events: number;
}

/** The digest of a log as it goes by. */
class Digest {
  #count = 0;
  #last: Position | null = null;
  readonly #hash = createHash('sha256').update(`${exportHeader}\n`);

  get count(): number {
    return this.#count;
  }

  add(record: LogRecord): void {
    this.#hash.update(`${exportLine(eventOf(record))}\n`);
    this.#last = record.position;
    this.#count += 1;
  }

  end(): LogProof {
    return { count: this.#count, lastPosition: this.#last, sha256: this.#hash.digest('hex') };
  }
}

/** Records one after the other. */
class Walk {
  readonly #pages: AsyncIterator<readonly LogRecord[]>;
  #page: readonly LogRecord[] = [];
  #at = 0;

  constructor(pages: LogPages) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  async next(): Promise<LogRecord | undefined> {
    while (this.#at >= this.#page.length) {
      const read = await this.#pages.next();
      if (read.done === true) return undefined;
      this.#page = read.value;
      this.#at = 0;
    }
    return this.#page[this.#at++];
  }

  async end(): Promise<void> {
    await this.#pages.return?.();
  }
}

/**
 * Fills the target with the source's events, in their order and with their bytes, places and times: first holds what
 * stands there against the source, event by event, then adds the rest, then reads both whole and compares them again.
 * One that was broken off anywhere goes on when it is called again with the same logs. The target stays closed to others
 * until {@link CopyTarget.open}; one that is open already is compared alone, and may have gone on since. The source must
 * not change meanwhile. Throws {@link CopyDiffers}, and `ImportRefused` for a source that is out of order.
 */
export async function copyLog(
  source: () => LogPages,
  target: CopyTarget,
  onProgress: (progress: CopyProgress) => void = () => undefined,
): Promise<LogProof> {
  const state = await target.state();
  if (state === 'empty') await target.begin();
  const added = await fill(source(), target, state, onProgress);
  return added > 0 || state !== 'open' ? compare(source(), target, 'whole', onProgress) : proofOf(source());
}

/** Holds the target against the source; throws {@link CopyDiffers}. A target that has `gone on` may hold more. */
export async function compare(
  source: LogPages,
  target: Pick<CopyTarget, 'records'>,
  extent: 'whole' | 'gone on',
  onProgress: (progress: CopyProgress) => void = () => undefined,
): Promise<LogProof> {
  const [ours, theirs] = [new Digest(), new Digest()];
  const standing = new Walk(target.records());
  try {
    for await (const page of source) {
      for (const record of page) {
        const there = await standing.next();
        assertSame(record, there);
        ours.add(record);
        theirs.add(there);
      }
      onProgress({ phase: 'comparing', events: ours.count });
    }
    if (extent === 'whole') assertNothing(await standing.next());
  } finally {
    await standing.end();
  }
  const [proof, proved] = [ours.end(), theirs.end()];
  if (proof.sha256 !== proved.sha256) throw new CopyDiffers('the digests of the two logs differ');
  return proof;
}

/** What an export of the log would end with. */
export async function proofOf(source: LogPages): Promise<LogProof> {
  const digest = new Digest();
  for await (const page of source) for (const record of page) digest.add(record);
  return digest.end();
}

/** Adds what is missing behind what stands there; how many that were. */
async function fill(
  source: LogPages,
  target: CopyTarget,
  state: TargetState,
  onProgress: (progress: CopyProgress) => void,
): Promise<number> {
  const order = new LogOrder();
  const standing = new Walk(target.records());
  let added = 0;
  try {
    for await (const page of source) {
      const missing = await missingOf(order.taken(page), added === 0 ? standing : undefined);
      if (missing.length > 0 && state === 'open') throw new CopyDiffers('it takes appends and lacks events');
      if (missing.length > 0) await target.add(missing);
      added += missing.length;
      onProgress({ phase: 'copying', events: order.count });
    }
    if (added === 0 && state !== 'open') assertNothing(await standing.next());
  } finally {
    await standing.end();
  }
  return added;
}

/** The records behind those that stand there, all of which are held against what stands. */
async function missingOf(
  records: readonly LogRecord[],
  standing: Walk | undefined,
): Promise<readonly LogRecord[]> {
  for (const [at, record] of records.entries()) {
    const there = await standing?.next();
    if (!there) return records.slice(at);
    assertSame(record, there);
  }
  return [];
}

function assertSame(record: LogRecord, there: LogRecord | undefined): asserts there {
  const at = `${record.stream} at ${formatPosition(record.position)}`;
  if (!there) throw new CopyDiffers(`it lacks ${at}`);
  const difference = differenceOf(record, there);
  if (difference !== undefined)
    throw new CopyDiffers(
      `where the source has ${at} it holds ${there.stream} at ${formatPosition(there.position)}: the ${difference} differs`,
    );
}

function assertNothing(more: LogRecord | undefined): void {
  if (more)
    throw new CopyDiffers(
      `it holds ${more.stream} at ${formatPosition(more.position)}, which the source lacks`,
    );
}
