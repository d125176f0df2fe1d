import type { Recordable } from '#apps/donations/src/statement/statement-walk.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { OtherHalf } from '#domain/statement/statement.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { money } from '#kernel/money.js';
import { vnd } from '#testing/fund-stories.js';

/** What a fund posted of a bank item. */
type Classified = RecordedEvent<Extract<FundEvent, { readonly type: 'ClassificationPosted' }>>;
/** An own transfer that was posted of another account's item. */
export type OwnTransfer = Classified;

/** Whether it is an own transfer to the account, whatever became of it since. */
export function isOwnTransferTo(event: RecordedEvent<FundEvent>, account: string): event is OwnTransfer {
  if (event.type !== 'ClassificationPosted' || event.data.of !== 'classification') return false;
  const { classification } = event.data;
  return classification.as === 'own-transfer' && classification.account === account;
}

/** As the desk finds them: rows of the sums that own transfers which stand have brought to the account, each once. */
export function otherHalvesIn(
  rows: readonly Recordable[],
  events: readonly RecordedEvent<FundEvent>[],
  account: string,
): readonly OtherHalf[] {
  const undone = new Set(
    events.flatMap((event) =>
      event.type === 'ClassificationPosted' && event.data.of === 'undoing'
        ? [event.data.reversesEntryId]
        : [],
    ),
  );
  const transfers = events
    .filter((event) => isOwnTransferTo(event, account))
    .filter(({ data }) => !undone.has(data.entryId));
  return rows.flatMap(({ id, amount, row: { line } }) => {
    const at = transfers.findIndex((transfer) => broughtBy(transfer, account) === amount);
    const [transfer] = at < 0 ? [] : transfers.splice(at, 1);
    return transfer ? [{ line, rowId: id, entryId: transfer.data.entryId, amount: vnd(Number(amount)) }] : [];
  });
}

function broughtBy({ data }: OwnTransfer, account: string): bigint {
  return data.postings
    .filter((posting) => posting.account === account)
    .reduce((sum, posting) => sum + money(posting.amount).minor, 0n);
}
