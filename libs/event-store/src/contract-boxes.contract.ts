import type { RecordedEvent } from '#kernel/domain-event.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { cashBox, type CashBox, type CashBoxCommand, type CashBoxEvent } from '#testing/cash-box.js';
import { newId } from './command-id.js';
import type { EventStore } from './event-store.js';
import { handle, type CommandContext, type HandleOptions, type Handler } from './handle.js';

/** One promise of `handle`, on any engine. */
export interface HandleCase {
  readonly name: string;
  /** `open` gives another store over the same events, as another process would open it. */
  run(open: () => Promise<EventStore>): Promise<void>;
}

/** The boxes of one process. */
export type CashBoxes = Handler<CashBox, CashBoxCommand, CashBoxEvent>;

/** Opens a process's boxes on a store. */
export function boxesOn(store: EventStore, options: Partial<HandleOptions> = {}): CashBoxes {
  return handle(store, cashBox, { service: 'cash', ids: newId, ...options });
}

/** What comes with a command of a person. */
export function asked(commandId = newId(), digest = 'digest'): CommandContext {
  return { actor: 'staff:1', commandId, digest, correlationId: newId() };
}

/** The whole stream. */
export async function eventsOf(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream)) events.push(...page);
  return events;
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

/** The code that a command is refused with; a text that is no code where it was not. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return isDomainRefusal(error) ? error.code : `no refusal: ${String(error)}`;
}
