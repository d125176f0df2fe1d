import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import type { BatchHandler } from '#messaging/messaging.js';
import { Delivery } from '#platform/transport/delivery.js';
import { InMemoryHoldStore } from '#platform/transport/in-memory-hold-store.js';

/** What the schedule does with the next messages of a key. */
export interface Parcel {
  /** How many messages arrive at once. */
  readonly count: number;
  /** How many before them are late: they come after these. */
  readonly ahead: number;
  /** Whether the place is written down once they are handled; if not, they come again. */
  readonly isNoted: boolean;
}

/** One topic on its way to one service. What it does to messages is what an engine may do, and losing its place. */
export class ScheduledLink {
  readonly #sent = new Map<string, Message[]>();
  /** How many messages of a key are noted as handled. */
  readonly #noted = new Map<string, number>();
  readonly #holds: InMemoryHoldStore;
  #passed = new Set<string>();
  #underWay = new Map<string, Promise<void>>();
  #delivery: Delivery;

  constructor(
    private readonly source: TopicSource,
    handle: BatchHandler,
    clock: { now(): Date },
  ) {
    this.#holds = new InMemoryHoldStore(clock);
    this.#delivery = this.#deliveryTo(handle);
  }

  /** Takes in what was stored: each event becomes the message that the topic would carry. */
  publish(event: RecordedEvent): void {
    const translated = this.source.streams.some((prefix) => event.stream.startsWith(prefix))
      ? this.source.translate(event)
      : undefined;
    if (!translated) return;
    const { type, subject, key, data } = translated;
    const { id, position, actor, correlationId, cause, recordedAt: time } = event;
    const messages = this.#sent.get(key) ?? [];
    this.#sent.set(key, messages);
    const { topic } = this.source;
    const message = { id, topic, type, subject, key, time, position, actor, correlationId, cause, data };
    const previous: Position | undefined = messages.at(-1)?.position;
    messages.push(previous ? { ...message, previous } : message);
  }

  /** Delivers the next messages of a key, if there are any; an engine has one batch of a key under way at a time. */
  deliver(key: string, parcel: Parcel): Promise<void> {
    const before = this.#underWay.get(key) ?? Promise.resolve();
    const delivered = before.then(() => this.#deliver(key, parcel));
    this.#underWay.set(key, delivered);
    return delivered;
  }

  /** What was noted last is forgotten: so many messages come again. */
  rewind(key: string, by: number): void {
    this.#noted.set(key, Math.max(0, (this.#noted.get(key) ?? 0) - by));
  }

  /** The service's process is another one now: it knows of nothing that passed before. */
  restart(handle: BatchHandler): void {
    this.#delivery = this.#deliveryTo(handle);
    this.#passed = new Set();
    this.#underWay = new Map();
  }

  /** Somebody lets every held key go on. */
  async release(): Promise<void> {
    for (const { key } of await this.#holds.keys()) await this.#delivery.release(key);
  }

  /** Whether every message was handled and none is held. */
  async isDone(): Promise<boolean> {
    if ((await this.#holds.keys()).length > 0) return false;
    return [...this.#sent].every(([key, messages]) => this.#noted.get(key) === messages.length);
  }

  async #deliver(key: string, { count, ahead, isNoted }: Parcel): Promise<void> {
    const at = this.#noted.get(key) ?? 0;
    // Of this life: a process that has died tells the next one nothing, even where its last batch still comes to its end.
    const passed = this.#passed;
    // A process that has just started cannot know what came before; an engine begins it at its last note.
    const from = passed.has(key) ? at + ahead : at;
    const messages = (this.#sent.get(key) ?? []).slice(from, from + count);
    if (messages.length === 0) return;
    await this.#delivery.deliver(messages);
    passed.add(key);
    if (isNoted && from === at) this.#noted.set(key, at + messages.length);
  }

  #deliveryTo(handle: BatchHandler): Delivery {
    return new Delivery({
      topic: this.source.topic,
      handle,
      holds: this.#holds,
      alerts: { held: () => undefined, ignored: () => undefined },
    });
  }
}
