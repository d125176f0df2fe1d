import type { Entry } from '#domain/fund/entry.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import { countsAsMoney } from '#domain/fund/postings.policy.js';
import { thousandths } from '#domain/fund/stock.policy.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { money } from '#kernel/money.js';
import { Check, valueOf } from './check.js';

/** The event as one of a fund's that posts an entry; undefined for all others. */
export function entryEvent(event: RecordedEvent): RecordedEvent<Posted> | undefined {
  return event.stream.startsWith('fund-') && 'postings' in event.data
    ? (event as RecordedEvent<Posted>)
    : undefined;
}

/** What posts an entry. */
export type Posted = Extract<FundEvent, { readonly data: Entry }>;

/** Every entry sums to zero per currency and per purpose. */
export class ZeroSumCheck extends Check {
  constructor() {
    super('zero-sum', {
      vi: 'Cân đối: mỗi bút toán có tổng bằng không theo từng loại tiền và từng mục đích',
      en: 'Balance: every entry sums to zero per currency and per purpose',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (!posted) return;
    this.counted += 1;
    const sums = new Map<string, bigint>();
    for (const { purpose, amount } of posted.data.postings) {
      const { minor, currency } = money(amount);
      sums.set(`${purpose} ${currency}`, (sums.get(`${purpose} ${currency}`) ?? 0n) + minor);
    }
    for (const [of, sum] of sums)
      if (sum !== 0n)
        this.found(
          event,
          `bút toán ${posted.data.entryId}: ${of} lệch ${sum}`,
          `entry ${posted.data.entryId}: ${of} is off by ${sum}`,
        );
  }
}

/** Entries of a fund are numbered from 1 without gap, and each has an id of its own. */
export class EntryNumbersCheck extends Check {
  readonly #last = new Map<string, number>();
  readonly #ids = new Set<string>();

  constructor() {
    super('entry-numbers', {
      vi: 'Số bút toán: liên tục từ 1 trong mỗi quỹ, mã bút toán không trùng',
      en: 'Entry numbers: from 1 without gap in each fund, no entry id twice',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (!posted) return;
    this.counted += 1;
    const { entryId, entryNumber } = posted.data;
    const next = (this.#last.get(event.stream) ?? 0) + 1;
    if (entryNumber !== next)
      this.found(
        event,
        `bút toán số ${entryNumber}, lẽ ra là ${next}`,
        `entry number ${entryNumber} instead of ${next}`,
      );
    this.#last.set(event.stream, entryNumber);
    const id = `${event.stream} ${entryId}`;
    if (this.#ids.has(id)) this.found(event, `bút toán ${entryId} bị trùng`, `entry ${entryId} stands twice`);
    this.#ids.add(id);
  }
}

/** After no event does a purpose hold less than nothing: neither money nor things. */
export class NeverBelowZeroCheck extends Check {
  readonly #sums = new Map<string, bigint>();

  constructor() {
    super('never-below-zero', {
      vi: 'Không âm: sau mỗi sự kiện, tiền và hiện vật của mọi mục đích đều không âm',
      en: 'Never below zero: after every event each purpose holds no less than nothing, money and things',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (!posted) return;
    const moved = new Set<string>();
    const move = (of: string, by: bigint) => {
      const key = `${event.stream}: ${of}`;
      this.#sums.set(key, (this.#sums.get(key) ?? 0n) + by);
      moved.add(key);
    };
    for (const { account, purpose, amount } of posted.data.postings)
      if (countsAsMoney(account)) move(`${purpose} ${amount.currency}`, money(amount).minor);
    for (const { purpose, item, unit, quantity } of posted.data.stock)
      move(`${purpose} ${item} (${unit}, 1/1000)`, thousandths(quantity));
    for (const key of moved) {
      this.counted += 1;
      const sum = this.#sums.get(key) ?? 0n;
      if (sum < 0n) this.found(event, `${key} còn ${sum}`, `${key} stands at ${sum}`);
    }
  }
}

interface Conserved {
  came: bigint;
  went: bigint;
  held: bigint;
}

/** What an entry of a donation is told apart by. */
type OfDonation = Extract<
  Posted,
  { readonly type: 'DonationPosted' | 'RefundPosted' | 'VoidPosted' | 'DonationReassigned' }
>;

function isOfDonation(posted: RecordedEvent<Posted>): posted is RecordedEvent<OfDonation> {
  return 'source' in posted.data;
}

/** Per fund and currency: opening + donations − refunds − voids ± other entries is what its purposes hold, suspense included. */
export class ConservationCheck extends Check {
  readonly #funds = new Map<string, Conserved>();
  /** What is left of each donation's money. */
  readonly #left = new Map<string, bigint>();

  constructor() {
    super('conservation', {
      vi: 'Bảo toàn: số dư đầu kỳ + ủng hộ − hoàn trả − huỷ ± bút toán khác = tổng số dư các mục đích, kể cả tạm giữ',
      en: 'Conservation: opening + donations − refunds − voids ± other entries = what all purposes hold, suspense included',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (!posted) return;
    const of = (currency: string): Conserved =>
      valueOf(this.#funds, `${event.stream} ${currency}`, () => ({ came: 0n, went: 0n, held: 0n }));
    const ofDonation = isOfDonation(posted);
    for (const { account, amount } of posted.data.postings) {
      const { minor, currency } = money(amount);
      if (countsAsMoney(account)) of(currency).held += minor;
      else if (!ofDonation) of(currency).came -= minor;
    }
    if (ofDonation) this.#donation(posted, of);
  }

  override end(): void {
    for (const [of, { came, went, held }] of this.#funds) {
      this.counted += 1;
      if (came - went !== held)
        this.found(
          undefined,
          `${of}: vào ${came}, ra ${went}, còn ${held}`,
          `${of}: ${came} came, ${went} went, ${held} are held`,
        );
    }
  }

  #donation(posted: RecordedEvent<OfDonation>, of: (currency: string) => Conserved): void {
    const { source } = posted.data;
    if (source.amount === undefined) return;
    const { minor, currency } = money(source.amount);
    const key = `${posted.stream} ${source.donationId}`;
    if (posted.type === 'DonationPosted') {
      // A bank item has come already; a void leaves it where it is.
      if (source.bankItemId === undefined) of(currency).came += minor;
      this.#left.set(key, minor);
      return;
    }
    const left = this.#left.get(key) ?? 0n;
    const gone = goneBy(posted, left);
    if (posted.type !== 'VoidPosted' || source.bankItemId === undefined) of(currency).went += gone;
    this.#left.set(key, left - gone);
  }
}

function goneBy(posted: RecordedEvent<OfDonation>, left: bigint): bigint {
  if (posted.type === 'VoidPosted') return left;
  if (posted.type !== 'RefundPosted' || posted.data.amount === undefined) return 0n;
  return money(posted.data.amount).minor;
}
