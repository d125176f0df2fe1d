import type { Consumer as KafkaConsumer } from 'kafkajs';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { formatPosition, parsePosition } from '#kernel/position.js';
import { formatDoubts, noDoubts, parseDoubts, type Doubts } from './doubts.js';
import { kafkaErrorType } from './kafka-client.js';
import type { PartitionReader } from './partition-reader.js';
import { beforeAll, type Passed } from './record-reading.js';

/** A partition of one of the topics that a member reads. */
export interface OwnPartition {
  readonly topic: string;
  readonly partition: number;
  readonly reader: PartitionReader;
  /** Offset at which the group begins there, by its last commit. */
  readonly from: () => Promise<bigint>;
}

/** A commit that fails with one of these is overtaken: after the next assignment the place is committed anew. */
const overtaken = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/**
 * Brokers keep notes of up to 4,096 characters. Where more keys are in doubt, as when nothing can be read any more, the
 * commit stays where it is: what lies behind it comes again to whoever reads on, rather than that the doubts are forgotten.
 */
const noteMax = 4_000;

/** Commits how far the partitions of a member are handled, one commit at a time. */
export class OffsetCommits {
  /** What the group's commit is known to be at least; nothing is committed below it. */
  private readonly committed = new WeakMap<PartitionReader, bigint>();
  /** Readers whose commit was looked up since the last assignment: before it, others may have committed for them. */
  private lookedUp = new WeakSet<PartitionReader>();
  private committing: Promise<void> | undefined;
  private isDirty = false;
  private isOver = false;

  constructor(
    private readonly consumer: Pick<KafkaConsumer, 'commitOffsets'>,
    private readonly own: () => Iterable<OwnPartition>,
    private readonly onFailure: (cause: unknown) => void,
    private readonly standing: () => Promise<Checkpoint | undefined> = async () => undefined,
  ) {}

  /** To be told of every assignment: commits what is still to be committed, but nowhere less than others did meanwhile. */
  assigned(): void {
    this.lookedUp = new WeakSet();
    this.soon();
  }

  /** Commits in a moment, or once more behind the commit under way. */
  soon(): void {
    this.isDirty = true;
    if (!this.isOver) this.committing ??= this.commitAll();
  }

  /** Waits for the commit under way; nothing is committed afterwards but by {@link commit}. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.committing;
  }

  /** Commits what was handled since the last commit; rejects where the brokers refuse it. */
  async commit(): Promise<void> {
    await this.lookUp();
    const reached = this.moved().map((one) => {
      const { handled = 0n, passed, doubts } = one.reader;
      return { one, handled, read: { passed, doubts } };
    });
    const standing = reached.length > 0 ? await this.standing() : undefined;
    // What was handled before the store was asked, and is still ours: from here to the commit there is no pause.
    const ours = new Set(this.moved().map(({ reader }) => reader));
    const moved = reached
      .filter(({ one: { reader } }) => ours.has(reader) && this.lookedUp.has(reader))
      .map(({ one: { topic, partition, reader }, handled, read }) => {
        const metadata = noteOf(read, standing);
        return { reader, handled, place: { topic, partition, offset: String(handled), metadata } };
      })
      .filter(({ place: { metadata } }) => (metadata ?? '').length <= noteMax);
    if (moved.length === 0) return;
    await this.consumer.commitOffsets(moved.map(({ place }) => place));
    for (const { reader, handled } of moved) this.committed.set(reader, handled);
  }

  private moved(): readonly OwnPartition[] {
    return [...this.own()].filter(({ reader }) => {
      const { handled } = reader;
      return handled !== undefined && handled > (this.committed.get(reader) ?? -1n);
    });
  }

  /** Learns what others may have committed, once an assignment, for all that has moved. */
  private async lookUp(): Promise<void> {
    const unknown = (): OwnPartition | undefined =>
      this.moved().find(({ reader }) => !this.lookedUp.has(reader));
    for (let one = unknown(); one; one = unknown()) {
      const { lookedUp } = this;
      const from = await one.from();
      if (from > (this.committed.get(one.reader) ?? -1n)) this.committed.set(one.reader, from);
      lookedUp.add(one.reader);
    }
  }

  private async commitAll(): Promise<void> {
    await Promise.resolve();
    while (this.isDirty && !this.isOver) {
      this.isDirty = false;
      try {
        await this.commit();
      } catch (cause) {
        // What came meanwhile, an assignment above all, has us commit once more.
        if (overtaken.has(kafkaErrorType(cause) ?? '')) continue;
        this.onFailure(cause);
        break;
      }
    }
    // In the same turn as the last look: whoever comes later begins anew.
    this.committing = undefined;
  }
}

/** What a commit notes beside the offset, for whoever reads the partition after us. */
function noteOf(
  { passed, doubts }: Pick<PartitionReader, 'passed' | 'doubts'>,
  standing: Checkpoint | undefined,
): string | null {
  const known = passed === 'unknown' ? '-' : formatPosition(passed);
  const read = doubts.size === 0 ? known : `${known};${formatDoubts(doubts)}`;
  if (!standing) return read === '-' ? null : read;
  const { position, eventId, cursor } = standing;
  return [read, formatPosition(position), eventId, cursor].join(' ');
}

/** A group's commit of a partition; offset −1 without one. */
export interface Commit {
  readonly offset: string;
  readonly metadata: string | null;
}

/** How far the messages before this record have come, by the commit at which its reading begins. */
export function passedAt(commit: Commit | undefined, record: string): Passed {
  if (!isBehind(commit, record)) return 'unknown';
  if (record === '0') return beforeAll;
  const [passed = ''] = notedIn(commit);
  return /^\d+\.\d+$/.test(passed) ? parsePosition(passed) : 'unknown';
}

/** Of which keys something may be missing among the messages before this record, by that commit. */
export function doubtsAt(commit: Commit | undefined, record: string): Doubts {
  const [, doubts = ''] = notedIn(commit);
  return isBehind(commit, record) ? parseDoubts(doubts) : noDoubts;
}

function isBehind(commit: Commit | undefined, record: string): boolean {
  return String(Math.max(0, Number.parseInt(commit?.offset ?? '-1', 10))) === record;
}

/** How far the messages have come, and the doubts. */
function notedIn(commit: Commit | undefined): readonly string[] {
  const [read = ''] = (commit?.metadata ?? '').split(' ');
  return read.split(';');
}

const standingNote = /^\S+ (?<position>\d+\.\d+) (?<eventId>\S+) (?<cursor>.+)$/s;

/** Where the store stood at the commit; undefined where nobody noted it. */
export function standingAt(commit: Commit | undefined): Checkpoint | undefined {
  const { position, eventId, cursor } = standingNote.exec(commit?.metadata ?? '')?.groups ?? {};
  if (position === undefined || eventId === undefined || cursor === undefined) return undefined;
  return { position: parsePosition(position), eventId, cursor };
}
