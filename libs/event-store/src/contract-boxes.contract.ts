import type { Checkpoint } from '#kernel/checkpoint.js';
import type { Decider } from '#kernel/decider.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import {
  cashBox,
  type CashBox,
  type CashBoxCommand,
  type CashBoxEvent,
  type CashMessage,
} from '#testing/cash-box.js';
import type { ContractCase } from '#testing/contract.js';
import { newId } from './command-id.js';
import type { EventStore } from './event-store.js';
import { handle, type CommandContext, type HandleOptions, type Handler } from './handle.js';

/** The boxes of one process. */
export type CashBoxes = Handler<CashBox, CashBoxCommand, CashBoxEvent>;

/** {@link handle} for cash boxes, or what stands in for it where the contract is to be seen to fail. */
export type Handling = (
  store: EventStore,
  decider: Decider<CashBox, CashBoxCommand, CashBoxEvent>,
  options: HandleOptions,
) => CashBoxes;

/** What the cases run on. */
export interface HandleRig {
  /** Another store over the same events, as another process would open it. */
  open(): Promise<EventStore>;
  /** A store with the events of another up to this one, whose later events belong to the next incarnation. */
  restored(store: EventStore, upTo: Checkpoint): Promise<EventStore>;
  /** A process's boxes on a store. */
  boxesOn(store: EventStore, options?: Partial<HandleOptions>): CashBoxes;
}

/** One promise of `handle`. */
export type HandleCase = ContractCase<HandleRig>;

/** Cash boxes by `handle`, or by what is broken on purpose. */
export function boxesBy(handling: Handling): HandleRig['boxesOn'] {
  return (store, options) => handling(store, cashBox, { service: 'cash', ids: newId, ...options });
}

/** Opens a process's boxes on a store. */
export const boxesOn = boxesBy(handle);

/** For races that are about what is written, on however slow a machine: a loser is given up after two seconds otherwise. */
export const patient = { conflictDeadlineMs: 30_000 };

/** What comes with a command of a person. */
export function asked(commandId = newId(), digest = 'digest'): CommandContext {
  return { actor: 'staff:1', commandId, digest, correlationId: newId() };
}

/** An answer's events know where they stand, but nothing resumes from them. */
export function withoutCursor(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.map((event) => ({ ...event, cursor: '' }));
}

export function put(amount: bigint, label = 'a'): CashBoxCommand {
  return { type: 'put', amount, label };
}

export function take(amount: bigint, label = 'b'): CashBoxCommand {
  return { type: 'take', amount, label, by: 'person' };
}

/** The topic of {@link cashMessage}. */
export const topic = 'mangnon.test.v1';

/** A message as the topic would bring it, at this position. */
export function cashMessage(number: number, subject: string, data: CashMessage): Message {
  return {
    id: newId(),
    topic,
    type: 'Cash.v1',
    subject,
    key: 'fund',
    time: '2025-01-01T00:00:00.000Z',
    position: { incarnation: 1, number },
    actor: 'staff:1',
    correlationId: newId(),
    data,
  };
}

/** The code that a command is refused with; a text that is no code where it was not. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return isDomainRefusal(error) ? error.code : `no refusal: ${String(error)}`;
}
