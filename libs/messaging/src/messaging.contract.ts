import { contract } from '#testing/contract.js';
import type { MessagingCase, MessagingEngine } from './contract-consumer.contract.js';
import { failingCases } from './failing.contract.js';
import { memberCases } from './members.contract.js';
import { orderCases } from './order.contract.js';

/** Everything that the port promises, each case on empty topics of its own. */
export const messagingCases: readonly MessagingCase[] = [...orderCases, ...failingCases, ...memberCases];

/** Declares the whole contract for one engine; `open` gives empty topics each time. */
export function messagingContract(open: () => Promise<MessagingEngine>): void {
  contract('keeps the contract of messaging', messagingCases, open);
}
