import { Injectable } from '@nestjs/common';
import type { ControlTotals } from '#domain/statement/control-totals.policy.js';
import type { ForeseenCampaign, ForeseenRows } from '#domain/statement/statement.events.js';
import type { LocalDate } from '#kernel/dates.js';
import { moneyJson, type Currency } from '#kernel/money.js';
import { AccountBalanceQuery } from '../read/account-balance/account-balance.query.js';
import { CampaignQuery, type Appeal } from '../read/campaign/campaign.query.js';
import { KnownRowsQuery } from '../read/statement/known-rows.query.js';
import { destinationsBy, type Destination } from '../statement/named-appeals.js';
import type { StatementAccount } from '../statement/row-identity.js';
import type { BookedRow } from '../statement/statement-rows.js';
import { StatementFiles } from '../statement/statement-files.js';
import { inBatches, type Recordable } from '../statement/statement-walk.js';

/** What a statement adds up to, and what its rows would become now. */
export interface Foreseen {
  readonly totals: ControlTotals;
  readonly foreseen: ForeseenRows;
}

/** Asked at a time. */
const idsMax = 1_000;

/** Goes over a statement and says what would happen; nothing is recorded. */
@Injectable()
export class StatementForecast {
  constructor(
    private readonly files: StatementFiles,
    private readonly known: KnownRowsQuery,
    private readonly campaigns: CampaignQuery,
    private readonly balances: AccountBalanceQuery,
  ) {}

  /** Counts every row, as far as this service's tables and the ledger's word have come; refuses with a fault of the file. */
  async of(
    account: StatementAccount & { readonly currency: Currency },
    rows: AsyncIterable<BookedRow>,
  ): Promise<Foreseen> {
    const walk = this.files.walk(account, account.currency);
    const appeals = await this.campaigns.appeals(account.fundId);
    const tally = new Tally(destinationsBy(appeals, account.account), account.currency);
    for await (const batch of inBatches(walk, rows)) {
      const known = await this.known.recorded(batch.map(({ id }) => id));
      for (const one of batch) tally.count(one, known.has(one.id));
    }
    const totals = walk.totals();
    const atDay = await this.balances.at(account, totals.firstOn);
    const bookBalance = atDay - (await this.#inBooks(tally.knownOn(totals.firstOn)));
    const opening = await this.balances.openedAfter(account, totals.firstOn);
    const isLater = opening && tally.hasNewUntil(opening.effectiveOn);
    return { totals, foreseen: { ...tally.told(bookBalance), ...(isLater && { laterOpening: opening }) } };
  }

  /** What the ledger has posted of rows. */
  async #inBooks(rows: ReadonlyMap<string, bigint>): Promise<bigint> {
    const ids = [...rows.keys()];
    let sum = 0n;
    for (let at = 0; at < ids.length; at += idsMax) {
      const posted = await this.known.posted(ids.slice(at, at + idsMax));
      for (const id of posted) sum += rows.get(id) ?? 0n;
    }
    return sum;
  }
}

class Tally {
  readonly #counts = { donation: 0, debit: 0, unexplained: 0, known: 0, misdirected: 0 };
  readonly #campaigns = new Map<string, { readonly appeal: Appeal; donations: number; sum: bigint }>();
  #firstNew: LocalDate | undefined;
  /** Known rows of the earliest day so far, with what each did to the account. */
  #earliest: { readonly day: LocalDate; readonly known: Map<string, bigint> } | undefined;

  constructor(
    private readonly destinationOf: (row: BookedRow) => Destination<Appeal>,
    private readonly currency: Currency,
  ) {}

  count(one: Recordable, isKnown: boolean): void {
    const { date } = one.row;
    if (!this.#earliest || date < this.#earliest.day) this.#earliest = { day: date, known: new Map() };
    this.#counts[isKnown ? 'known' : one.kind] += 1;
    if (!isKnown) this.#countNew(one);
    else if (date === this.#earliest.day) this.#earliest.known.set(one.id, one.amount);
  }

  #countNew(one: Recordable): void {
    const { date } = one.row;
    if (this.#firstNew === undefined || date < this.#firstNew) this.#firstNew = date;
    if (one.kind === 'donation') this.#direct(one);
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

  knownOn(day: LocalDate): ReadonlyMap<string, bigint> {
    return this.#earliest?.day === day ? this.#earliest.known : new Map<string, bigint>();
  }

  /** Whether a row of this day, or of one before it, is new. */
  hasNewUntil(day: LocalDate): boolean {
    return this.#firstNew !== undefined && this.#firstNew <= day;
  }

  told(bookBalance: bigint): ForeseenRows {
    const { currency } = this;
    const campaigns = [...this.#campaigns.values()].map(
      ({ appeal: { campaignId, code }, donations, sum }): ForeseenCampaign => ({
        ...{ campaignId, code, donations },
        amount: moneyJson({ minor: sum, currency }),
      }),
    );
    const { donation: donations, debit: debits, unexplained, known, misdirected } = this.#counts;
    return {
      ...{ donations, debits, unexplained, known, campaigns, misdirected },
      bookBalance: moneyJson({ minor: bookBalance, currency }),
    };
  }
}
