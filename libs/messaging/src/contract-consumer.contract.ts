import type { Message } from '#kernel/message.js';
import type { ContractCase } from '#testing/contract.js';
import { eventually, Hopeless } from '#testing/eventually.js';
import type { Consumer, ConsumeOptions, Messaging } from './messaging.js';

/** What a case publishes: the `number`-th message of a key. */
export interface Published {
  readonly key: string;
  readonly number: number;
}

/** An engine under the contract, with two topics of its own that are empty at first. */
export interface MessagingEngine {
  readonly messaging: Messaging;
  readonly topic: string;
  readonly otherTopic: string;
  /** Publishes in order as type `Numbered.v1`, subject `<key>-<number>`, data `{ number }`. */
  publish(topic: string, messages: readonly Published[]): Promise<void>;
  /** Closes the messaging that was given last and opens it again. */
  reopen(): Promise<Messaging>;
  close(): Promise<void>;
}

/** One promise of the port. */
export type MessagingCase = ContractCase<MessagingEngine>;

/** A consumer that remembers what it handled; `refuse` makes it fail on what the case says. */
export class Recorder {
  /** How often handling failed. */
  failures = 0;
  refuse: (message: Message) => boolean = () => false;
  private readonly seen: Message[] = [];
  private readonly busy = new Set<string>();
  private readonly wrongs = new Set<string>();

  readonly handle = async (messages: readonly Message[]): Promise<void> => {
    const keys = [...new Set(messages.map(({ key }) => key))];
    if (keys.length !== 1) this.wrongs.add(`a call of the keys ${keys.join()}`);
    if (keys.some((key) => this.busy.has(key))) this.wrongs.add(`two calls of ${keys.join()} at once`);
    for (const key of keys) this.busy.add(key);
    await new Promise(setImmediate);
    for (const key of keys) this.busy.delete(key);
    if (messages.some(this.refuse)) {
      this.failures += 1;
      throw new Error('not now');
    }
    this.seen.push(...messages);
  };

  /** Everything handled, in order; throws `Hopeless` if any call was not of one key, one at a time. */
  get handled(): readonly Message[] {
    if (this.wrongs.size > 0) throw new Hopeless([...this.wrongs].join('; '));
    return this.seen;
  }

  /** Numbers of a key in the order of their first handling. */
  numbers(key: string): number[] {
    const numbers = this.handled.filter((message) => message.key === key).map(numberOf);
    return [...new Set(numbers)];
  }
}

export function numberOf(message: Message): number {
  return (message.data as { readonly number: number }).number;
}

/** `count` messages of each key, taking turns. */
export function rounds(keys: readonly string[], count: number, from = 1): readonly Published[] {
  return Array.from({ length: count }, (_, index) =>
    keys.map((key) => ({ key, number: from + index })),
  ).flat();
}

export function upTo(last: number, from = 1): number[] {
  return Array.from({ length: last - from + 1 }, (_, index) => from + index);
}

export async function join(
  messaging: Messaging,
  engine: MessagingEngine,
  recorder: Recorder,
  options: Partial<ConsumeOptions> = {},
): Promise<Consumer> {
  return messaging.consume({ group: 'readers', topic: engine.topic, handle: recorder.handle, ...options });
}

export function soon(check: () => void | Promise<void>): Promise<void> {
  return eventually(check, { withinMs: 10_000 });
}
