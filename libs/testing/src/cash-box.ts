import type { Decider } from '#kernel/decider.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';

/** What happens to a cash box. Amounts are decimal strings; `padding` makes an event as large as a test wants it. */
export type CashBoxEvent =
  | DomainEvent<'CashPut', { readonly amount: string; readonly label: string; readonly padding: string }>
  | DomainEvent<'CashTaken', { readonly amount: string; readonly label: string }>
  | DomainEvent<'TakeRefused', { readonly label: string }>;

/** Commands of the cash box. A person's `take` is refused with `cash-box/short`; a message's decides an event. */
export type CashBoxCommand =
  | {
      readonly type: 'put';
      readonly amount: bigint;
      readonly label: string;
      readonly paddingBytes?: number;
      readonly times?: number;
    }
  | {
      readonly type: 'take';
      readonly amount: bigint;
      readonly label: string;
      readonly by: 'person' | 'message';
    }
  | { readonly type: 'fill'; readonly upTo: bigint; readonly label: string }
  | { readonly type: 'break' };

/** What is in the box, and the labels of what was put in or taken, in order. */
export interface CashBox {
  readonly balance: bigint;
  readonly labels: readonly string[];
}

/** The smallest aggregate with a balance, a refusal, a no-op (`fill` when full) and a bug (`break`). */
export const cashBox: Decider<CashBox, CashBoxCommand, CashBoxEvent> = {
  initialState: { balance: 0n, labels: [] },
  evolve(box, event) {
    switch (event.type) {
      case 'CashPut':
        return moved(box, BigInt(event.data.amount), event.data.label);
      case 'CashTaken':
        return moved(box, -BigInt(event.data.amount), event.data.label);
      case 'TakeRefused':
        return box;
    }
  },
  decide(box, command) {
    switch (command.type) {
      case 'put':
        return Array.from({ length: command.times ?? 1 }, () => put(command));
      case 'take':
        return take(box, command);
      case 'fill':
        if (box.balance >= command.upTo) return [];
        return [put({ amount: command.upTo - box.balance, label: command.label })];
      case 'break':
        throw new InvariantViolation('the box of "Lan" broke at 4711');
    }
  },
};

/** The command that a test's message carries in its data; undefined for a type that it does not know. */
export function cashBoxCommand(message: Message): CashBoxCommand | undefined {
  if (message.type !== 'Cash.v1') return undefined;
  const { command, amount = '0', paddingBytes = 0 } = message.data as CashMessage;
  const label = message.id;
  if (command === 'put') return { type: 'put', amount: BigInt(amount), label, paddingBytes };
  if (command === 'take') return { type: 'take', amount: BigInt(amount), label, by: 'message' };
  if (command === 'fill') return { type: 'fill', upTo: BigInt(amount), label };
  return { type: 'break' };
}

/** Data of a message of type `Cash.v1`. */
export interface CashMessage {
  readonly command: CashBoxCommand['type'];
  readonly amount?: string;
  readonly paddingBytes?: number;
}

function moved(box: CashBox, amount: bigint, label: string): CashBox {
  return { balance: box.balance + amount, labels: [...box.labels, label] };
}

function put(command: {
  readonly amount: bigint;
  readonly label: string;
  readonly paddingBytes?: number;
}): CashBoxEvent {
  const padding = 'x'.repeat(command.paddingBytes ?? 0);
  return { type: 'CashPut', data: { amount: command.amount.toString(), label: command.label, padding } };
}

function take(
  box: CashBox,
  { amount, label, by }: Extract<CashBoxCommand, { type: 'take' }>,
): readonly CashBoxEvent[] {
  if (amount <= box.balance) return [{ type: 'CashTaken', data: { amount: amount.toString(), label } }];
  if (by === 'person') throw new DomainRefusal('cash-box/short');
  return [{ type: 'TakeRefused', data: { label } }];
}
