import { ConservationCheck, EntryNumbersCheck, NeverBelowZeroCheck, ZeroSumCheck } from './books.js';
import type { Check } from './check.js';
import { FoldsCheck } from './folds.js';
import { OnceCheck, OrderCheck } from './order.js';
import { ReceiptNumbersCheck } from './receipts.js';
import { TwoPersonsCheck } from './two-persons.js';
import { RefundsCheck } from './undoing.js';
import { numberedOnceCheck, postedOnceCheck } from './walk.js';

/** Every rule that a log alone can be held against, each fresh. */
export function allChecks(): readonly Check[] {
  return [
    new OrderCheck(),
    new OnceCheck(),
    new FoldsCheck(),
    new ZeroSumCheck(),
    new EntryNumbersCheck(),
    new NeverBelowZeroCheck(),
    new ConservationCheck(),
    new RefundsCheck(),
    new TwoPersonsCheck(),
    postedOnceCheck(),
    numberedOnceCheck(),
    new ReceiptNumbersCheck(),
  ];
}
