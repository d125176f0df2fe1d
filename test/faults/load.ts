import { dateInZone, fundZone } from '#kernel/dates.js';
import { madeStatement } from '#testing/made-statement.js';
import type { Draws } from './draws.js';
import { accounts, type AskedSite } from './site.js';
import type { StubbornClient } from './stubborn-client.js';

/** How much is done while a fault strikes. */
export interface LoadSize {
  /** Donations that people enter. */
  readonly donations: number;
  /** Credits on the statement, which also has a debit and a sum that nobody can explain; no statement where it is 0. */
  readonly credits: number;
}

/** What is usual: a minute of a busy day. */
export const usualLoad: LoadSize = { donations: 8, credits: 5 };

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });

/**
 * A minute of a fund's day: donations in cash, by bank and in kind, a refund in part, a void, a match and a bank statement,
 * many at once. What exactly is drawn; each thing has a key of its own, so that it can be asked for again.
 */
export class Load {
  readonly name: string;
  /** No other load's, so that the books say what the bank says. */
  readonly #account: string;
  readonly #today = dateInZone(new Date().toISOString(), fundZone);

  constructor(
    private readonly site: AskedSite,
    private readonly client: StubbornClient,
    private readonly draws: Draws,
    /** Tells one load on a data directory from another. */
    nth: number,
  ) {
    this.name = `load-${String(nth)}`;
    this.#account = `${accounts.statement}${String(nth)}`;
  }

  /** Resolves when everything was acknowledged. */
  async play({ donations, credits }: LoadSize = usualLoad): Promise<void> {
    const given = Array.from({ length: donations }, (_, nth) => this.#donation(nth));
    const statement = this.#statement(credits);
    const [refunded, voided, matched] = [
      given[0] ?? this.#donation(donations),
      given[1] ?? this.#donation(donations + 1),
      this.#unidentified(),
    ];
    const undone = Promise.all([
      refunded.then((id) => this.#undo(id, 'refunds', { amount: vnd(this.#amount(50)) })),
      voided.then((id) => this.#undo(id, 'void', {})),
      matched.then((id) => this.#match(id)),
    ]);
    await Promise.all([...given, statement, undone]);
  }

  #amount(thousandsMax: number): number {
    return 1_000 * (1 + this.draws.below(thousandsMax));
  }

  async #donation(nth: number): Promise<string> {
    // The first two are undone, which needs an amount that is large enough, and money.
    const method = nth < 2 ? 'cash' : this.draws.of(['cash', 'bank', 'in-kind']);
    const came = {
      cash: { method, amount: vnd(100_000 + this.#amount(900)) },
      bank: { method, account: accounts.bank, amount: vnd(this.#amount(900)) },
      'in-kind': {
        method,
        items: [
          {
            ...{ item: 'milk', name: 'Sữa', quantity: String(this.#amount(9)), unit: 'box' },
            valuation: { value: vnd(this.#amount(90)), basis: 'market' },
          },
        ],
      },
    }[method];
    const donor = this.draws.below(4) === 0 && nth >= 2 ? { kind: 'anonymous' } : this.#named(nth);
    return this.#record(`donation ${String(nth)}`, { ...came, donor });
  }

  #named(nth: number): object {
    return { kind: 'named', details: this.#details(nth) };
  }

  #details(nth: number): object {
    const email = `${this.name}-${String(nth)}@example.org`;
    const name = `Trường Thí Dụ ${String(nth)} (giả định)`;
    return { class: 'unit', inProvince: true, name, address: 'Xã Mẫu', email };
  }

  #unidentified(): Promise<string> {
    const came = { method: 'bank', account: accounts.bank, amount: vnd(this.#amount(900)) };
    return this.#record('unidentified', { ...came, donor: { kind: 'unidentified' } });
  }

  async #record(key: string, donation: object): Promise<string> {
    const { donationId } = await this.client.ask<{ readonly donationId: string }>({
      by: 'cashier',
      route: '/v1/donations',
      body: { fundId: this.site.fundId, receivedOn: this.#today, ...donation },
      key: this.#key(key),
    });
    return donationId;
  }

  async #undo(id: string, what: 'refunds' | 'void', terms: object): Promise<void> {
    const asked = await this.client.ask<{ readonly id: string }>({
      by: 'accountant',
      route: `/v1/donations/:id/${what}`,
      params: { id },
      body: { reason: 'Chuyển nhầm (giả định)', ...terms },
      key: this.#key(what),
    });
    await this.client.ask({
      by: 'approver',
      route: `/v1/donations/:id/${what}/:undoingId/approval`,
      params: { id, undoingId: asked.id },
      key: this.#key(`${what} approved`),
    });
  }

  async #match(id: string): Promise<void> {
    await this.client.ask({
      by: 'accountant',
      route: '/v1/donations/:id/matches',
      params: { id },
      body: { donor: { details: this.#details(99) } },
      key: this.#key('match'),
    });
  }

  async #statement(credits: number): Promise<void> {
    if (credits === 0) return;
    const rows = Array.from({ length: credits }, (_, nth) => ({
      ...{ moved: this.#amount(900), on: this.#today, reference: `${this.name} ${String(nth)}` },
      details: 'ung ho tre em',
    }));
    const last = { moved: -1_000, on: this.#today, reference: `${this.name} phi`, details: 'phi' };
    const { fundId } = this.site;
    const uploaded = await this.client.ask<{ readonly statementId: string }>({
      by: 'accountant',
      route: '/v1/statements',
      query: { fundId, account: this.#account },
      body: madeStatement(0, [...rows, { ...last, unexplained: 500 }]),
      key: this.#key('statement'),
    });
    await this.client.ask({
      by: 'accountant',
      route: '/v1/statements/:id/confirmation',
      params: { id: uploaded.statementId },
      body: { doubts: ['account-new'] },
      key: this.#key('statement confirmed'),
    });
  }

  #key(what: string): string {
    return `${this.name} ${what}`;
  }
}
