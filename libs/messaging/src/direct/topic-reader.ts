import { checkpointOf } from '#event-store/batches.js';
import type { EventBatch, EventStore } from '#event-store/event-store.js';
import type { Checkpoint, CheckpointStore } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import type { KeyLanes } from '../key-lanes.js';
import { Progress } from '../progress.js';
import { messageOf } from '../translation.js';

/** What a reader reads, for whom, and where it keeps its place. */
export interface ReaderOptions {
  readonly store: EventStore;
  readonly source: TopicSource;
  readonly checkpoints: CheckpointStore;
  /** Name of the consumer, under which its checkpoint is kept. */
  readonly consumer: string;
  /** Types of the messages that it wants; all when absent. */
  readonly types?: ReadonlySet<string> | undefined;
  /** At most this many messages read ahead of the lowest unhandled one. */
  readonly windowMessagesMax: number;
  readonly lingerMs: number;
  readonly signal: AbortSignal;
}

/** So many events of others may pass before the place is written down though no message was handled. */
const silentEventsMax = 1_000;

/** Reads one topic for one consumer, from its checkpoint on, until the signal is aborted. */
export class TopicReader {
  private readonly previous = new Map<string, Position>();
  private committing: Promise<void> = Promise.resolve();
  /** Whether the batch held messages of types that are not wanted: they count as handled. */
  private passedOver = false;

  private constructor(
    private readonly options: ReaderOptions,
    private readonly progress: Progress<Checkpoint>,
    private committed: Checkpoint | undefined,
  ) {}

  /** A reader at the consumer's last commit. */
  static async open(options: ReaderOptions): Promise<TopicReader> {
    const committed = await options.checkpoints.find(options.consumer);
    return new TopicReader(options, new Progress(committed), committed);
  }

  /** Hands every message over in the order of the topic; `done` of each is called once it is handled. */
  async read(lanes: KeyLanes, onHandled: () => void): Promise<void> {
    const { store, source, consumer, signal, lingerMs, windowMessagesMax } = this.options;
    const after = this.committed ? { after: this.committed } : {};
    const { streams } = source;
    for await (const batch of store.subscribe({ consumer, streams, signal, lingerMs, ...after })) {
      for (const event of batch.events) {
        if (lanes.unhandled >= windowMessagesMax) await lanes.fewerThan(windowMessagesMax);
        if (signal.aborted) return;
        this.take(event, lanes, onHandled);
      }
      this.progress.add(batch.checkpoint)();
      if (this.passedOver || this.isSilentForLong(batch)) onHandled();
      this.passedOver = false;
    }
  }

  /**
   * Writes down the place before the lowest unhandled message, one write at a time. Rejects with `CheckpointMoved` when
   * another process reads for the same consumer.
   */
  commit(): Promise<void> {
    this.committing = this.committing.then(() => this.move());
    return this.committing;
  }

  private async move(): Promise<void> {
    const next = this.progress.handled;
    if (!next || next === this.committed) return;
    await this.options.checkpoints.move(this.options.consumer, this.committed, next);
    this.committed = next;
  }

  private take(event: RecordedEvent, lanes: KeyLanes, onHandled: () => void): void {
    const message = this.messageOf(event);
    if (!message) return;
    const done = this.progress.add(checkpointOf(event));
    lanes.add(message, () => {
      done();
      onHandled();
    });
  }

  private messageOf(event: RecordedEvent): Message | undefined {
    const { source, types } = this.options;
    const message = messageOf(source, event);
    if (!message) return undefined;
    if (types?.has(message.type) === false) {
      this.passedOver = true;
      return undefined;
    }
    const previous = this.previous.get(message.key);
    this.previous.set(message.key, message.position);
    return previous ? { previous, ...message } : message;
  }

  private isSilentForLong({ checkpoint }: EventBatch): boolean {
    const { position } = checkpoint;
    const { incarnation = 0, number = 0 } = this.committed?.position ?? {};
    return position.incarnation !== incarnation || position.number - number >= silentEventsMax;
  }
}
