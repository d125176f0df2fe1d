import { Check } from '#apps/cli/src/checks/check.js';
import { entryEvent } from '#apps/cli/src/checks/books.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { dayBefore } from '#kernel/neighbouring-days.js';
import { money, type MoneyJson } from '#kernel/money.js';

/** No entry is dated into a period that was closed when it was posted. */
export class OpenPeriodsCheck extends Check {
  readonly #closedThrough = new Map<string, string>();

  constructor() {
    const rule = 'Periods: no entry is dated into books that are closed';
    super('open-periods', { vi: rule, en: rule });
  }

  take(event: RecordedEvent): void {
    if (!event.stream.startsWith('fund-')) return;
    const { type, data } = event as RecordedEvent<FundEvent>;
    if (type === 'PeriodClosed') this.#closedThrough.set(event.stream, data.through);
    if (type === 'PeriodReopened') this.#closedThrough.set(event.stream, dayBefore(data.from));
    const posted = entryEvent(event);
    if (!posted) return;
    this.counted += 1;
    const { entryId, effectiveOn } = posted.data;
    const closed = this.#closedThrough.get(event.stream);
    if (closed === undefined || effectiveOn > closed) return;
    const finding = `${entryId} is dated ${effectiveOn}, and closed is ${closed}`;
    this.found(event, finding, finding);
  }
}

/** A count is held against what the entries so far leave in the cash box. */
export class CashCountsCheck extends Check {
  readonly #cash = new Map<string, bigint>();

  constructor() {
    const rule = 'Cash counts: the book is the sum of all entries before';
    super('cash-counts', { vi: rule, en: rule });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (posted) for (const posting of posted.data.postings) this.#moved(event.stream, posting);
    if (event.type !== 'CashCounted') return;
    this.counted += 1;
    const { book, counted, difference } = (
      event as RecordedEvent<Extract<FundEvent, { type: 'CashCounted' }>>
    ).data;
    const cash = this.#cash.get(event.stream) ?? 0n;
    const finding = `counted ${counted.amount} against ${book.amount}, off by ${difference.amount}; the book has ${cash}`;
    if (money(book).minor !== cash || money(counted).minor - cash !== money(difference).minor)
      this.found(event, finding, finding);
  }

  #moved(
    stream: string,
    { account, amount }: { readonly account: string; readonly amount: MoneyJson },
  ): void {
    if (account !== 'cash' || amount.currency !== 'VND') return;
    this.#cash.set(stream, (this.#cash.get(stream) ?? 0n) + money(amount).minor);
  }
}
