import { KeyUnusable, reasonOf } from '#event-store/handle-errors.js';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import type { BatchHandler } from '#messaging/messaging.js';
import { mayPass } from './failures.js';
import { gapAt, Gaps, laterOf } from './gaps.js';
import type { HoldStore } from './hold-store.js';

/** Told of what somebody should look at. */
export interface DeliveryAlerts {
  /** A key is held from now on. */
  held(key: string, reason: string, cause: unknown): void;
  /** A message of a type that this service does not know was passed over. */
  ignored(type: string): void;
}

/** How one service takes one topic. */
export interface DeliveryOptions {
  readonly topic: string;
  readonly handle: BatchHandler;
  readonly holds: HoldStore;
  readonly alerts: DeliveryAlerts;
  /** Types that are handed over; all when absent. */
  readonly types?: ReadonlySet<string>;
}

/** What came of feeding the held messages of a key back. */
export interface Fed {
  /** Messages that went through. */
  readonly released: number;
  /** What the next one fails with for good; undefined where none is left and the key was let go. */
  readonly failure: unknown;
}

const missing = 'a message before it is missing';

/** Messages released at once. */
const releaseMax = 50;

/** A message came whose predecessor of the same key never did. */
class GapFound extends Error {
  override readonly name = 'GapFound';
}

/**
 * Stands between a topic and its handler. What may pass is thrown, so that the messages come again; whatever else fails
 * holds the key from the bad message on: the offset moves, and what follows of that key waits behind it.
 */
export class Delivery {
  private readonly gaps = new Gaps();
  private readonly releasing = new Map<string, Promise<Fed>>();

  constructor(private readonly options: DeliveryOptions) {}

  /**
   * Messages of one key, in order, of a group that has everything up to `passed` behind it, or dead letters that are read
   * again; rejects only with what may pass.
   */
  async deliver(messages: readonly Message[], passed?: Position, again = false): Promise<void> {
    const [first] = messages;
    if (!first) return;
    if (passed) this.gaps.passedUpTo(first.key, passed);
    if (!(await this.divert(first.key, messages))) await this.settle(first.key, messages, again);
    this.gaps.passed(messages);
  }

  /** A dead letter that was read again is none for this service: what comes behind it is not to wait for it. */
  async passOver(letter: Message): Promise<void> {
    await this.options.holds.noteReadAgain(this.options.topic, letter.key, [letter]);
  }

  /**
   * Feeds the held messages of a key back in order, those that arrive meanwhile included. Where one still fails the key
   * stays held from there on. Rejects only with what may pass.
   */
  release(key: string): Promise<Fed> {
    const running = this.releasing.get(key);
    if (running) return running;
    const releasing = this.feed(key).finally(() => this.releasing.delete(key));
    this.releasing.set(key, releasing);
    return releasing;
  }

  private async feed(key: string): Promise<Fed> {
    const { topic, holds } = this.options;
    for (let released = 0; ;) {
      const messages = await holds.next(topic, key, releaseMax);
      if (messages.length === 0 && (await holds.letGo(topic, key))) return { released, failure: undefined };
      for (const message of messages) {
        const failure = await this.failureOfHeld(key, message);
        if (failure !== undefined) return { released, failure };
        await holds.remove(topic, key, [message]);
        released += 1;
      }
    }
  }

  /** What is missing in front of a held message would be lost for good behind it, so that it waits until that has come. */
  private async failureOfHeld(key: string, message: Message): Promise<unknown> {
    const { topic, holds } = this.options;
    const [passed, letter] = [await holds.passed(topic, key), await holds.readAgain(topic, key)];
    const isWhole = gapAt([message], letter ? laterOf(passed, letter) : passed) < 0;
    return isWhole ? this.failureOf([message]) : new GapFound(missing);
  }

  private async divert(key: string, messages: readonly Message[]): Promise<boolean> {
    const { topic, holds } = this.options;
    return (await holds.isHeld(topic, key)) && (await holds.divert(topic, key, messages));
  }

  /** A dead letter may have been the last of its key: nothing on the topic itself tells who comes later that it was handled. */
  private async gapIn(key: string, messages: readonly Message[]): Promise<number> {
    const gap = this.gaps.find(messages);
    const letter = gap < 0 ? undefined : await this.options.holds.readAgain(this.options.topic, key);
    if (!letter) return gap;
    this.gaps.passedUpTo(key, letter);
    return this.gaps.find(messages);
  }

  private async settle(key: string, messages: readonly Message[], again: boolean): Promise<void> {
    const gap = await this.gapIn(key, messages);
    const whole = gap < 0 ? messages : messages.slice(0, gap);
    const rest = await this.handleUpToFailure(whole);
    if (rest) return this.hold(key, messages, whole.length - rest.messages.length, rest.cause);
    if (gap >= 0) return this.hold(key, messages, gap, new GapFound(missing));
    if (again) await this.options.holds.noteReadAgain(this.options.topic, key, messages);
  }

  /** What could not be handled, from the bad message on. */
  private async handleUpToFailure(
    messages: readonly Message[],
  ): Promise<{ readonly messages: readonly Message[]; readonly cause: unknown } | undefined> {
    const cause = await this.failureOf(messages);
    if (cause === undefined) return undefined;
    if (messages.length === 1 || cause instanceof KeyUnusable) return { messages, cause };
    for (const [index, message] of messages.entries()) {
      const failure = await this.failureOf([message]);
      if (failure !== undefined) return { messages: messages.slice(index), cause: failure };
    }
    return undefined;
  }

  /** What makes these messages fail for good; throws what may pass. */
  private async failureOf(messages: readonly Message[]): Promise<unknown> {
    try {
      await this.handle(messages);
      return undefined;
    } catch (error) {
      if (mayPass(error)) throw error;
      return error ?? new Error('it failed without an error');
    }
  }

  private async handle(messages: readonly Message[]): Promise<void> {
    const { types, alerts, handle } = this.options;
    const known = types ? messages.filter(({ type }) => types.has(type)) : messages;
    if (known.length > 0) await handle(known);
    for (const { type } of messages) if (types && !types.has(type)) alerts.ignored(type);
  }

  /** Holds the messages from the index on; those before it were handled. */
  private async hold(key: string, messages: readonly Message[], from: number, cause: unknown): Promise<void> {
    const { topic, holds, alerts } = this.options;
    const reason = reasonOf(cause);
    const handled = messages[from - 1]?.position;
    const before = this.gaps.lastOf(key);
    await holds.hold(topic, key, reason, messages.slice(from), handled ? laterOf(before, handled) : before);
    alerts.held(key, reason, cause);
  }
}
