import { randomUUID } from 'node:crypto';
import { Api } from '#apps/standalone/src/demo/api.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import { accounts } from '../faults/site.js';
import { Connections, type Answer } from './connections.js';
import type { Office } from './standing.js';

/** Who gives without an address of mail: nobody known, one of two hundred who are registered, or somebody new who is sealed in the vault. */
export const givers = ['anonymous', 'known donor', 'new person'] as const;
/** Who gives. */
export type Giver = (typeof givers)[number] | 'new person with mail';

const knownDonors = 200;
const familyNames = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi'];

/** A cashier's office with many windows: records donations by bank, whose amounts are known beforehand. */
export class Donating {
  readonly connections: Connections;
  /** Answers by status. */
  readonly answered = new Map<number, number>();
  /** Sum of what was acknowledged, in đồng. */
  sum = 0n;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #today = dateInZone(new Date().toISOString(), fundZone);
  #asked = 0;
  #donors: readonly string[] = [];

  constructor(
    private readonly office: Office,
    clients: number,
    private readonly giver: Giver,
  ) {
    this.connections = new Connections(office.url, clients);
    this.#headers = { authorization: `Bearer ${office.people.cashier.secret}` };
  }

  get acknowledged(): number {
    return this.answered.get(201) ?? 0;
  }

  /** Registers those who are known beforehand. */
  async prepare(): Promise<void> {
    if (this.giver !== 'known donor') return;
    const api = new Api(this.office.url, () => Promise.resolve(this.office.people.cashier.secret));
    const donors: string[] = [];
    for (let nth = 0; nth < knownDonors; nth += 1) {
      const body = { fundId: this.office.fundId, ...person(`Quen ${String(nth)}`) };
      donors.push((await api.post<{ readonly donorId: string }>('/v1/donors', body)).donorId);
    }
    this.#donors = donors;
  }

  /** Records one; throws unless it is acknowledged. */
  async record(): Promise<void> {
    const answer = await this.ask();
    if (answer.status !== 201) throw new Error(`${String(answer.status)} ${answer.text}`);
  }

  /** Asks to record one, and counts how it is answered. */
  async ask(): Promise<Answer> {
    this.#asked += 1;
    const amount = 10_000 + (this.#asked % 990) * 1_000;
    const answer = await this.connections.post('/v1/donations', this.#body(this.#asked, amount), {
      ...this.#headers,
      'idempotency-key': randomUUID(),
    });
    this.answered.set(answer.status, (this.answered.get(answer.status) ?? 0) + 1);
    if (answer.status === 201) this.sum += BigInt(amount);
    return answer;
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  #body(nth: number, amount: number): string {
    return JSON.stringify({
      fundId: this.office.fundId,
      donor: this.#donor(nth),
      method: 'bank',
      account: accounts.bank,
      amount: { amount: String(amount), currency: 'VND' },
      receivedOn: this.#today,
    });
  }

  #donor(nth: number): object {
    switch (this.giver) {
      case 'anonymous':
        return { kind: 'anonymous' };
      case 'known donor':
        return { kind: 'named', donorId: this.#donors[nth % this.#donors.length] };
      case 'new person':
        return { kind: 'named', details: person(`Mới ${String(nth)}`) };
      case 'new person with mail':
        return {
          kind: 'named',
          details: { ...person(`Mới ${String(nth)}`), email: `moi-${String(nth)}@example.org` },
        };
    }
  }
}

function person(given: string): object {
  const family = familyNames[given.length % familyNames.length] ?? 'Nguyễn';
  return { class: 'individual', inProvince: true, name: `${family} ${given} (giả định)`, address: 'Xã Mẫu' };
}
