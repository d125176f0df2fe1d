import { checkpointOf } from '#event-store/batches.js';
import type { EventBatch, EventStore } from '#event-store/event-store.js';
import { CheckpointLost, CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { toCloudEvent } from '../cloud-event.js';
import { sleep } from '../key-lanes.js';
import type { PublisherPlaces } from '../publisher-places.js';
import { messageOf, TranslationFailed } from '../translation.js';
import type { BatchingSender, Outgoing } from './batching-sender.js';
import { Standby } from './standby.js';
import { TopicMismatch } from './topic-mismatch.js';

/** Sends messages by `send`, once and all of them, as they are or with members added that nothing is decided by. */
export type AroundSend = (
  messages: readonly Message[],
  send: (messages: readonly Message[]) => Promise<void>,
) => Promise<void>;

/** What a topic is published from and to. */
export interface PublisherOptions {
  readonly store: EventStore;
  readonly source: TopicSource;
  readonly places: PublisherPlaces;
  readonly sender: BatchingSender;
  /** How long reading may wait for a larger batch, in milliseconds; 0 when absent. */
  readonly lingerMs?: number;
  /** Stands around each send where given. */
  readonly around?: AroundSend;
  /** A publisher that another one has overtaken sends again once that one has not moved for so long; 3,000 ms when absent. */
  readonly standbyMs?: number;
  /** Told of every failure that is retried. */
  readonly onTrouble?: (where: string, cause: unknown) => void;
  /** Called once if it cannot go on at all; it is stopped by then. */
  readonly onStopped?: (cause: unknown) => void;
}

const sendAlone: AroundSend = (messages, send) => send(messages);
const contentType = { 'content-type': 'application/cloudevents+json; charset=UTF-8' } as const;
/** So many bytes go in one call: a batch of one partition must stay below the topic's largest. */
const sendBytesMax = 900_000;
/** So many events of others may pass before the place is written down though nothing was sent. */
const silentEventsMax = 1_000;
const firstPauseMs = 100;
const pauseMsMax = 5_000;

/**
 * Sends what one topic's source makes of the store's events, in the store's order, and remembers how far it has sent.
 * Of two that publish one topic, in two processes or after a pause, each message is sent at least once and one of them
 * falls silent; when the other one stops moving it goes on.
 */
export class TopicPublisher {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private readonly standby: Standby;

  /** Begins at once. */
  constructor(private readonly options: PublisherOptions) {
    const { places, source, standbyMs = 3_000 } = options;
    this.standby = new Standby(places, source.topic, standbyMs);
    this.running = this.run();
  }

  /** Waits for what is being sent; nothing is sent afterwards. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get name(): string {
    return `publisher:${this.options.source.topic}`;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let troubles = 0; !signal.aborted;) {
      const began = performance.now();
      try {
        await this.session(signal);
        await sleep(firstPauseMs, signal);
      } catch (cause) {
        if (isFinal(cause)) {
          this.end(cause);
          return;
        }
        if (cause instanceof CheckpointMoved) this.standby.stepBack();
        else this.options.onTrouble?.(this.name, cause);
        if (performance.now() - began > pauseMsMax) troubles = 0;
        await sleep(Math.min(firstPauseMs * 2 ** troubles, pauseMsMax), signal);
        troubles += 1;
      }
    }
  }

  private end(cause: unknown): void {
    this.stopping.abort();
    this.options.onStopped?.(cause);
  }

  /** Publishes from where the topic stands; returns or throws where that was moved by somebody else. */
  private async session(signal: AbortSignal): Promise<void> {
    const { store, source, places, lingerMs = 0 } = this.options;
    const { checkpoint, last } = (await places.find(source.topic)) ?? {};
    const reading = { consumer: this.name, streams: source.streams, signal, lingerMs };
    const run = new Run(this.options, checkpoint, new Map(last));
    for await (const batch of store.subscribe({ ...reading, ...(checkpoint && { after: checkpoint }) })) {
      if (signal.aborted) return;
      if (batch.events.length > 0 && (await this.standby.leavesToOthers(checkpoint, signal))) return;
      await run.publish(batch);
    }
  }
}

interface Translation {
  readonly messages: readonly Message[];
  /** Up to where everything is in the messages that is to be told. */
  readonly reached: Checkpoint | undefined;
  readonly failure?: { readonly cause: unknown };
}

/** One run along the store from where the topic stood. */
class Run {
  constructor(
    private readonly options: PublisherOptions,
    private standing: Checkpoint | undefined,
    private readonly last: Map<string, Position>,
  ) {}

  async publish(batch: EventBatch): Promise<void> {
    const { source, sender, around = sendAlone } = this.options;
    const { messages, reached, failure } = this.translated(batch);
    await around(messages, async (sent) => {
      for (const run of runsOf(sent)) await sender.send(source.topic, run);
    });
    const moved = new Map(messages.map(({ key, position }) => [key, position]));
    if (messages.length > 0 || this.isSilentForLong(reached)) await this.move(reached, moved);
    if (failure) throw failure.cause;
  }

  /** The messages of a batch, up to an event that cannot be translated. */
  private translated({ events, checkpoint }: EventBatch): Translation {
    const messages: Message[] = [];
    let reached = this.standing;
    for (const event of events) {
      try {
        const message = messageOf(this.options.source, event);
        if (message) messages.push(this.chained(message));
        reached = checkpointOf(event);
      } catch (cause) {
        return { messages, reached, failure: { cause } };
      }
    }
    return { messages, reached: checkpoint };
  }

  private chained(message: Message): Message {
    const previous = this.last.get(message.key);
    this.last.set(message.key, message.position);
    return previous ? { previous, ...message } : message;
  }

  private async move(reached: Checkpoint | undefined, moved: ReadonlyMap<string, Position>): Promise<void> {
    const { places, source } = this.options;
    if (!reached || reached === this.standing) return;
    await places.move(source.topic, this.standing, reached, moved);
    this.standing = reached;
  }

  private isSilentForLong(reached: Checkpoint | undefined): boolean {
    if (!reached) return false;
    const { position } = reached;
    const { incarnation = 0, number = 0 } = this.standing?.position ?? {};
    return position.incarnation !== incarnation || position.number - number >= silentEventsMax;
  }
}

/** The messages in calls of at most {@link sendBytesMax}, one at least in each. */
function runsOf(messages: readonly Message[]): readonly (readonly Outgoing[])[] {
  const runs: Outgoing[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const value = Buffer.from(toCloudEvent(message));
    if (bytes + value.length > sendBytesMax) {
      runs.push([]);
      bytes = 0;
    }
    bytes += value.length;
    runs.at(-1)?.push({ key: message.key, value, timeMs: Date.parse(message.time), headers: contentType });
  }
  return runs;
}

function isFinal(cause: unknown): boolean {
  return [CheckpointLost, TranslationFailed, TopicMismatch].some((kind) => cause instanceof kind);
}
