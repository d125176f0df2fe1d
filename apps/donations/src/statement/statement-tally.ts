import type { ForeseenCampaign, ForeseenRows } from '#domain/statement/statement.events.js';
import type { LocalDate } from '#kernel/dates.js';
import { moneyJson, type Currency } from '#kernel/money.js';
import type { Appeal } from '../read/campaign/campaign.query.js';
import type { Destination } from './named-appeals.js';
import type { BookedRow } from './statement-rows.js';
import type { Recordable } from './statement-walk.js';

type Counted = Pick<
  ForeseenRows,
  'donations' | 'debits' | 'unexplained' | 'known' | 'campaigns' | 'misdirected'
>;

/** Counts what the rows of a statement would become, in booking order. */
export class Tally {
  readonly #counts = { donation: 0, debit: 0, unexplained: 0, known: 0, misdirected: 0 };
  readonly #campaigns = new Map<string, { readonly appeal: Appeal; donations: number; sum: bigint }>();
  #firstNew: LocalDate | undefined;
  /** The earliest day so far, and what rows that stand in the books moved on it. */
  #earliest: { readonly day: LocalDate; posted: bigint } | undefined;
  #posted = 0n;

  constructor(
    private readonly destinationOf: (row: BookedRow) => Destination<Appeal>,
    private readonly currency: Currency,
  ) {}

  /** Counts a row that is not recorded yet. */
  countNew(one: Recordable): void {
    const { date } = one.row;
    this.#begin(date);
    this.#counts[one.kind] += 1;
    if (this.#firstNew === undefined || date < this.#firstNew) this.#firstNew = date;
    if (one.kind === 'donation') this.#direct(one);
  }

  /** Counts a row that is recorded, and `isPosted` in the books too. */
  countKnown({ row, amount }: Recordable, isPosted: boolean): void {
    const earliest = this.#begin(row.date);
    this.#counts.known += 1;
    if (!isPosted) return;
    this.#posted += amount;
    if (row.date === earliest.day) earliest.posted += amount;
  }

  #begin(day: LocalDate): { readonly day: LocalDate; posted: bigint } {
    if (!this.#earliest || day < this.#earliest.day) this.#earliest = { day, posted: 0n };
    return this.#earliest;
  }

  #direct({ row, amount }: Recordable): void {
    const destination = this.destinationOf(row);
    if (destination === 'misdirected') this.#counts.misdirected += 1;
    if (typeof destination === 'string') return;
    const { appeal } = destination;
    const counted = this.#campaigns.get(appeal.campaignId) ?? { appeal, donations: 0, sum: 0n };
    counted.donations += 1;
    counted.sum += amount;
    this.#campaigns.set(appeal.campaignId, counted);
  }

  /** What rows in the books moved, in minor units: on the first day, and after it. */
  get posted(): { readonly firstDay: bigint; readonly later: bigint } {
    const firstDay = this.#earliest?.posted ?? 0n;
    return { firstDay, later: this.#posted - firstDay };
  }

  /** Whether a row of this day, or of one before it, is new. */
  hasNewUntil(day: LocalDate): boolean {
    return this.#firstNew !== undefined && this.#firstNew <= day;
  }

  /** What was counted. */
  told(): Counted {
    const { currency } = this;
    const campaigns = [...this.#campaigns.values()].map(
      ({ appeal: { campaignId, code }, donations, sum }): ForeseenCampaign => ({
        ...{ campaignId, code, donations },
        amount: moneyJson({ minor: sum, currency }),
      }),
    );
    const { donation: donations, debit: debits, unexplained, known, misdirected } = this.#counts;
    return { donations, debits, unexplained, known, campaigns, misdirected };
  }
}
