import type { EnteredDonation, ForeseenRows, OtherHalf } from '#domain/statement/statement.events.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import type { AskedAccount } from '../read/account-balance/account-balance.query.js';
import { daysApartMax, type DoublesQuery, type MaybeTold } from '../read/statement/doubles.query.js';
import { SameMoney, type DatedSum } from '../statement/same-money.js';
import type { Recordable } from '../statement/statement-walk.js';

/** Most donations that are named. */
const namedMax = 20;

/** What the new rows of a statement say that the books may have already: own transfers, refunds, journals, and donations entered by hand. */
export class StatementDoubles {
  readonly #found: OtherHalf[] = [];
  readonly #told = new Map<string, MaybeTold>();
  readonly #paired = new Set<string>();
  readonly #named: EnteredDonation[] = [];

  private constructor(
    private readonly query: DoublesQuery,
    private readonly account: AskedAccount,
    private readonly hasEntered: boolean,
  ) {}

  /** Begins with items of the account that wait to be classified: what one of them says, no new row says. */
  static async of(query: DoublesQuery, account: AskedAccount): Promise<StatementDoubles> {
    const doubles = new StatementDoubles(query, account, await query.hasEntered(account));
    const open = await query.openItems(account);
    const entries = await doubles.#unclaimedLike(open);
    for (const item of open) doubles.#take(entries, item);
    return doubles;
  }

  /** The new rows as they are to be recorded: money that the books have already is a bank item, and no donation. */
  async settled(fresh: readonly Recordable[]): Promise<readonly Recordable[]> {
    const entries = await this.#unclaimedLike(fresh.map(datedSum));
    const rows = fresh.map((row) => this.#unlessTold(entries, row));
    if (this.hasEntered) await this.#pair(rows.filter(({ kind }) => kind === 'donation'));
    return rows;
  }

  /** What the books have already of what rows and open items say, each on the day that the books have it on. */
  get toldTwice(): readonly MaybeTold[] {
    return [...this.#told.values()].filter(({ posted }) => posted);
  }

  /** What a preview tells of it. */
  told(): Pick<ForeseenRows, 'entered' | 'otherHalves'> {
    const count = this.#paired.size;
    const otherHalves = this.#found;
    return {
      ...(count > 0 && { entered: { count, first: this.#named } }),
      ...(otherHalves.length > 0 && { otherHalves }),
    };
  }

  async #unclaimedLike(sums: readonly DatedSum[]): Promise<SameMoney<MaybeTold>> {
    const range = rangeOf(sums);
    const amounts = [...new Set(sums.map(({ amount }) => amount))];
    const found = range ? await this.query.unclaimed(this.account, { amounts, ...range }) : [];
    return new SameMoney(
      found.filter(({ entryId }) => !this.#told.has(entryId)),
      daysApartMax,
    );
  }

  #take(entries: SameMoney<MaybeTold>, sum: DatedSum): MaybeTold | undefined {
    const told = entries.take(sum);
    if (told) this.#told.set(told.entryId, told);
    return told;
  }

  #unlessTold(entries: SameMoney<MaybeTold>, one: Recordable): Recordable {
    const told = this.#take(entries, datedSum(one));
    if (!told) return one;
    const { line } = one.row;
    this.#found.push({ line, rowId: one.id, entryId: told.entryId, amount: this.#money(one.amount) });
    return one.kind === 'donation' ? { ...one, kind: 'unexplained' } : one;
  }

  async #pair(rows: readonly Recordable[]): Promise<void> {
    const range = rangeOf(rows.map(datedSum));
    if (!range) return;
    const amounts = [...new Set(rows.map(({ amount }) => amount))];
    const alike = await this.query.donations(this.account, { amounts, ...range, enteredByHand: true });
    const same = new SameMoney(
      alike.filter(({ entryId }) => !this.#paired.has(entryId)),
      daysApartMax,
    );
    for (const { row, amount } of rows) {
      const entered = same.take({ amount, on: row.date });
      if (entered) this.#name(entered, row.line);
    }
  }

  #name({ entryId, amount, on }: MaybeTold, line: number): void {
    this.#paired.add(entryId);
    if (this.#named.length === namedMax) return;
    const donationId = entryId.slice('donation.'.length);
    this.#named.push({ line, donationId, receivedOn: on, amount: this.#money(amount) });
  }

  #money(minor: bigint): MoneyJson {
    return moneyJson({ minor, currency: this.account.currency });
  }
}

function datedSum({ amount, row: { date: on } }: Recordable): DatedSum {
  return { amount, on };
}

/** From the first day to the last one; undefined for none. */
function rangeOf(sums: readonly DatedSum[]) {
  const days = sums.map(({ on }) => on).sort();
  const [from, to] = [days[0], days.at(-1)];
  return from === undefined || to === undefined ? undefined : { from, to };
}
