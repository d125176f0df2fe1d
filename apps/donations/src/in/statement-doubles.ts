import type { EnteredDonation, ForeseenRows, OtherHalf } from '#domain/statement/statement.events.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import type { AskedAccount } from '../read/account-balance/account-balance.query.js';
import { daysApartMax, type DoublesQuery, type MaybeTold } from '../read/statement/doubles.query.js';
import { SameMoney } from '../statement/same-money.js';
import type { Recordable } from '../statement/statement-walk.js';

/** Most donations that are named. */
const namedMax = 20;

/** What the new rows of a statement say that the books may have already: own transfers, and donations entered by hand. */
export class StatementDoubles {
  readonly #halves: SameMoney<MaybeTold>;
  readonly #found: { readonly half: OtherHalf; readonly told: MaybeTold }[] = [];
  readonly #paired = new Set<string>();
  readonly #named: EnteredDonation[] = [];

  private constructor(
    private readonly query: DoublesQuery,
    private readonly account: AskedAccount,
    halves: readonly MaybeTold[],
    private readonly hasEntered: boolean,
  ) {
    this.#halves = new SameMoney(halves, daysApartMax);
  }

  /** Begins with what is known of the account. */
  static async of(query: DoublesQuery, account: AskedAccount): Promise<StatementDoubles> {
    const [halves, hasEntered] = [await query.otherHalves(account), await query.hasEntered(account)];
    return new StatementDoubles(query, account, halves, hasEntered);
  }

  /** The new rows as they are to be recorded: money that an own transfer brought is a bank item, and no donation. */
  async settled(fresh: readonly Recordable[]): Promise<readonly Recordable[]> {
    const rows = fresh.map((row) => this.#unlessHalf(row));
    if (this.hasEntered) await this.#pair(rows.filter(({ kind }) => kind === 'donation'));
    return rows;
  }

  /** What was found, with what of it the books have had by the first day, and from then to the last one. */
  get halves(): readonly { readonly half: OtherHalf; readonly told: MaybeTold }[] {
    return this.#found;
  }

  /** What a preview tells of it. */
  told(): Pick<ForeseenRows, 'entered' | 'otherHalves'> {
    const count = this.#paired.size;
    const otherHalves = this.#found.map(({ half }) => half);
    return {
      ...(count > 0 && { entered: { count, first: this.#named } }),
      ...(otherHalves.length > 0 && { otherHalves }),
    };
  }

  #unlessHalf(one: Recordable): Recordable {
    if (one.kind !== 'donation') return one;
    const told = this.#halves.take({ amount: one.amount, on: one.row.date });
    if (!told) return one;
    const { line } = one.row;
    const half = { line, rowId: one.id, entryId: told.entryId, amount: this.#money(one.amount) };
    this.#found.push({ half, told });
    return { ...one, kind: 'unexplained' };
  }

  async #pair(rows: readonly Recordable[]): Promise<void> {
    const days = rows.map(({ row }) => row.date).sort();
    const [from, to] = [days[0], days.at(-1)];
    if (from === undefined || to === undefined) return;
    const amounts = [...new Set(rows.map(({ amount }) => amount))];
    const alike = await this.query.donations(this.account, { amounts, from, to, enteredByHand: true });
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
