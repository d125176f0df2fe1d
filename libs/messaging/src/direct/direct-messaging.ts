import { CheckpointLost, type CheckpointStore } from '#kernel/checkpoint.js';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { Consumer, ConsumeOptions, Messaging } from '../messaging.js';
import { KeyLanes, Places, sleep } from '../key-lanes.js';
import { TranslationFailed } from '../translation.js';
import { TopicReader, type ReaderOptions } from './topic-reader.js';

/** What direct messaging runs on; every limit has a default. */
export interface DirectOptions {
  readonly store: EventStore;
  /** Every topic, as its one publisher translates it. */
  readonly sources: readonly TopicSource[];
  readonly checkpoints: CheckpointStore;
  /** Keys of one consumer handled at once; 16 when absent. */
  readonly keysAtOnceMax?: number;
  /** Messages read ahead of the lowest unhandled one; 5,000 when absent. A key that fails for so long stops its consumer's reading. */
  readonly windowMessagesMax?: number;
  /** How long reading may wait for a larger batch, in milliseconds; 0 when absent. */
  readonly lingerMs?: number;
  /** The pause after a first failure, in milliseconds; it doubles up to 30 s. 100 when absent. */
  readonly firstPauseMs?: number;
  /** Told of every failure that is retried, for logs. */
  readonly onTrouble?: (consumer: string, cause: unknown) => void;
}

/**
 * Topics within one process: a topic IS the producer's subscription of the store through its translation, and the
 * consumer keeps its own checkpoint. Of two members of a group on one topic the second waits until the first has left.
 */
export class DirectMessaging implements Messaging {
  private readonly members = new Map<string, DirectConsumer>();
  private readonly consumers = new Set<DirectConsumer>();

  constructor(private readonly options: DirectOptions) {}

  /** Rejects with `RangeError` for a topic that nobody publishes. */
  async consume(joining: ConsumeOptions): Promise<Consumer> {
    const source = this.options.sources.find(({ topic }) => topic === joining.topic);
    if (!source) throw new RangeError(`nobody publishes ${joining.topic}`);
    const name = checkpointName(joining.group, joining.topic);
    const consumer = new DirectConsumer(this.options, source, name, joining, this.members.get(name)?.left);
    this.members.set(name, consumer);
    this.consumers.add(consumer);
    void consumer.left.then(() => this.consumers.delete(consumer));
    return consumer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.stop()));
  }
}

/** Under which a group keeps its place in a topic, the same in every process. */
export function checkpointName(group: string, topic: string): string {
  return `direct:${group}:${topic}`;
}

/** The longest pause before a subscription or a commit that fails is tried again. */
const pauseMsMax = 5_000;

/** A place is written down so often at most, in milliseconds: what comes again after a crash is known as handled. */
const commitEveryMs = 200;

class DirectConsumer implements Consumer {
  /** Resolves once it has left, and those who joined before it. */
  readonly left: Promise<void>;
  private readonly stopping = new AbortController();
  private begun = false;

  constructor(
    private readonly options: DirectOptions,
    private readonly source: TopicSource,
    private readonly name: string,
    private readonly joined: ConsumeOptions,
    predecessor: Promise<void> = Promise.resolve(),
  ) {
    this.left = predecessor.then(() => this.run());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.begun) await this.left;
  }

  /** Begins again at the last commit after what may pass: a lost connection, another process's commit. */
  private async run(): Promise<void> {
    const { signal } = this.stopping;
    this.begun = true;
    for (let troubles = 0; !signal.aborted; troubles += 1) {
      const began = performance.now();
      const cause = await this.session().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (isFinal(cause)) {
        this.end(cause);
        return;
      }
      if (cause !== undefined) this.options.onTrouble?.(this.name, cause);
      if (performance.now() - began > pauseMsMax) troubles = 0;
      await sleep(Math.min(this.firstPauseMs * 2 ** troubles, pauseMsMax), signal);
    }
  }

  private end(cause: unknown): void {
    this.stopping.abort();
    this.joined.onStopped?.(cause);
  }

  private get firstPauseMs(): number {
    return this.options.firstPauseMs ?? 100;
  }

  private async session(): Promise<void> {
    const ending = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, ending.signal]);
    const reader = await TopicReader.open(this.readerOptions(signal));
    const lanes = this.lanes(signal);
    let broken: { readonly cause: unknown } | undefined;
    const commits = new Spaced(commitEveryMs, () => {
      reader.commit().catch((cause: unknown) => {
        broken ??= { cause };
        ending.abort();
      });
    });
    try {
      await reader.read(lanes, () => {
        commits.ask();
      });
    } catch (cause) {
      if (cause instanceof TranslationFailed) await lanes.settled();
      throw cause;
    } finally {
      ending.abort();
      await lanes.settled();
      commits.stop();
      if (!broken) await reader.commit();
    }
    if (broken) throw broken.cause;
  }

  private readerOptions(signal: AbortSignal): ReaderOptions {
    const { store, checkpoints, windowMessagesMax = 5_000, lingerMs = 0 } = this.options;
    const { source, name: consumer } = this;
    const { types } = this.joined;
    return { store, source, checkpoints, consumer, types, windowMessagesMax, lingerMs, signal };
  }

  private lanes(signal: AbortSignal): KeyLanes {
    const { keysAtOnceMax = 16, onTrouble } = this.options;
    const { handle, batchMessagesMax = 500 } = this.joined;
    const { firstPauseMs } = this;
    const onFailure = (_key: string, cause: unknown): void => onTrouble?.(this.name, cause);
    const places = new Places(keysAtOnceMax);
    return new KeyLanes({ handle, batchMessagesMax, places, firstPauseMs, signal, onFailure });
  }
}

/** Does something soon after it is asked for, however often that is, and not again before `everyMs` have passed. */
class Spaced {
  #due: NodeJS.Timeout | undefined;
  #lastAt = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly act: () => void,
  ) {}

  ask(): void {
    this.#due ??= setTimeout(
      () => {
        this.#due = undefined;
        this.#lastAt = performance.now();
        this.act();
      },
      this.#lastAt + this.everyMs - performance.now(),
    );
  }

  /** What was asked for and not done yet is left to whoever stops it. */
  stop(): void {
    clearTimeout(this.#due);
  }
}

function isFinal(cause: unknown): boolean {
  return cause instanceof CheckpointLost || cause instanceof TranslationFailed;
}
