import { Check } from '#apps/cli/src/checks/check.js';
import { entryEvent } from '#apps/cli/src/checks/books.js';
import type { Entry } from '#domain/fund/entry.events.js';
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

/** What an entry moved on a bank account is found to be one bank item at most, of that sum, and stands as long as it is. */
export class ClaimsCheck extends Check {
  /** The account and sum of each item, in minor units. */
  readonly #items = new Map<string, { readonly account: string; readonly minor: bigint }>();
  /** What each entry moved on each account. */
  readonly #moved = new Map<string, bigint>();
  /** The item that each is found to be. */
  readonly #claims = new Map<string, string>();

  constructor() {
    const rule =
      'Claims: what an entry moved on an account is one bank item at most, and stands as long as it is';
    super('claims', { vi: rule, en: rule });
  }

  take(event: RecordedEvent): void {
    if (!event.stream.startsWith('fund-')) return;
    const known = event as RecordedEvent<FundEvent>;
    if (known.type === 'BankItemPosted') {
      const { bankItemId, account, amount } = known.data.item;
      this.#items.set(bankItemId, { account, minor: money(amount).minor });
    }
    const posted = entryEvent(event);
    if (posted) this.#entered(event, posted.data);
    if (known.type === 'ClassificationPosted') this.#classified(known);
  }

  #entered(event: RecordedEvent, data: Entry & { readonly reversesEntryId?: string }): void {
    for (const { account, amount } of data.postings) {
      const key = `${data.entryId} ${account}`;
      this.#moved.set(key, (this.#moved.get(key) ?? 0n) + money(amount).minor);
      const reversed = `${data.reversesEntryId ?? ''} ${account}`;
      if (this.#claims.has(reversed)) this.#broken(event, `${reversed} is reversed while an item claims it`);
    }
  }

  #classified(event: RecordedEvent<Extract<FundEvent, { type: 'ClassificationPosted' }>>): void {
    const { classification, bankItemId, of } = event.data;
    if (classification.as !== 'posted') return;
    const item = this.#items.get(bankItemId);
    const key = `${classification.entryId} ${item?.account ?? ''}`;
    if (of === 'undoing') {
      this.#claims.delete(key);
      return;
    }
    this.#claimed(event, key, bankItemId);
  }

  #claimed(event: RecordedEvent, key: string, bankItemId: string): void {
    this.counted += 1;
    const other = this.#claims.get(key);
    if (other !== undefined) this.#broken(event, `${key} is ${bankItemId}, and ${other} already`);
    const [moved, minor] = [this.#moved.get(key), this.#items.get(bankItemId)?.minor];
    if (minor === undefined || moved !== minor)
      this.#broken(event, `${key} moved ${String(moved)} and not ${String(minor)}`);
    this.#claims.set(key, bankItemId);
  }

  #broken(event: RecordedEvent, finding: string): void {
    this.found(event, finding, finding);
  }
}
