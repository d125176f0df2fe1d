import { request } from 'node:http';
import { newId } from '#event-store/command-id.js';
import { instantAfter } from '#kernel/instants.js';
import type { Person } from '#apps/standalone/src/demo/people.js';
import { approve, askToUndo, record, stands } from '../journeys/asking.js';
import { bank, FundAtWork, vnd } from '../journeys/fund-at-work.js';

/** An answer of the API, as far as refusals go. */
export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request as it goes over the wire. */
export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** JSON, or text and bytes as they are. */
  readonly body?: object | string;
  readonly type?: string;
  /** A secret to send as bearer; nobody when null. */
  readonly as?: string | null;
  /** A fresh one when absent, none when null. */
  readonly key?: string | null;
}

/** One kind of bad input: what docs/reference/bad-input.md says of it, and requests that are it. */
export interface BadInput {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  readonly asked: (bench: Bench) => readonly Asked[];
}

const lasting = 8 * 3_600_000;
const text = { vi: 'Áo ấm (giả định)', en: 'Warm clothes (made up)' };
const paper = { number: '01/QĐ', date: '2025-03-01' };

/** A fund with what there is to be refused about, and its people's access tokens. */
export class Bench {
  private constructor(
    readonly work: FundAtWork,
    readonly tokens: Readonly<Record<'cashier' | 'accountant' | 'viewer' | 'elsewhere' | 'leaving', string>>,
    /** Donations of 500,000: whole, with 300,000 left after a refund, and voided. */
    readonly donations: Readonly<Record<'whole' | 'left' | 'voided', string>>,
    readonly ids: Readonly<Record<'campaignId' | 'donorId' | 'leaverId', string>>,
  ) {}

  static async open(services?: FundAtWork['services']): Promise<Bench> {
    const work = await FundAtWork.open({ ...(services && { services }) });
    try {
      return await this.#furnish(work);
    } catch (error) {
      await work.close();
      throw error;
    }
  }

  static async #furnish(work: FundAtWork): Promise<Bench> {
    const { administrator, accountant, cashier } = work.people;
    const otherFund = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      ...{ code: 'CB', level: 'province', name: text, openedOn: '2025-03-01' },
      decision: { ...paper, issuer: 'UBND tỉnh (giả định)' },
    });
    const viewer = await work.join('nguoi.xem', ['viewer']);
    const elsewhere = await work.join('quy.khac', ['cashier'], otherFund.fundId);
    const leaving = await work.join('sap.nghi', ['cashier']);
    const [donations, ids] = [await undone(work), await appeal(work)];
    return new Bench(
      work,
      {
        cashier: await tokenOf(work, cashier),
        accountant: await tokenOf(work, accountant),
        viewer: await tokenOf(work, viewer.person),
        elsewhere: await tokenOf(work, elsewhere.person),
        leaving: await tokenOf(work, leaving.person),
      },
      donations,
      { ...ids, leaverId: leaving.staffId },
    );
  }

  close(): Promise<void> {
    return this.work.close();
  }

  /** 500,000 VND in cash of today. */
  donation(changes: object = {}): object {
    const { fundId, today } = this.work;
    const donor = { kind: 'anonymous' };
    return { fundId, donor, method: 'cash', amount: vnd(500_000), receivedOn: today, ...changes };
  }

  /** Sends it whatever the server makes of it, also when the server answers before it has read everything. */
  send({ method = 'POST', path, body, type, as, key = newId() }: Asked): Promise<Refusal> {
    const bytes = bytesOf(body);
    const secret = as === undefined ? this.tokens.cashier : as;
    const headers = {
      ...(secret !== null && { authorization: `Bearer ${secret}` }),
      ...(key !== null && { 'idempotency-key': key }),
      ...(bytes && { 'content-type': type ?? 'application/json', 'content-length': bytes.length }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.work.url}${path}`, { method, headers, agent: false }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('end', () => {
          const told = answer.headers['content-type'] ?? '';
          const json = Buffer.concat(parts).toString('utf8');
          resolve({
            status: answer.statusCode ?? 0,
            type: told,
            body: JSON.parse(json || '{}') as Refusal['body'],
          });
        });
      });
      sent.once('error', reject);
      sent.end(bytes);
    });
  }
}

function bytesOf(body: object | string | undefined): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

async function tokenOf({ clock }: FundAtWork, { api }: Person): Promise<string> {
  const expiresAt = instantAfter(clock.now().toISOString(), lasting);
  return (await api.post<{ readonly secret: string }>('/v1/tokens', { label: 'bench', expiresAt })).secret;
}

async function undone(work: FundAtWork): Promise<Bench['donations']> {
  const given = async () => (await record(work, { donor: { kind: 'anonymous' } })).donationId;
  const [whole, left, voided] = [await given(), await given(), await given()];
  const refundId = await askToUndo(work, left, 'refunds', { amount: vnd(200_000) });
  await approve(work, left, `refunds/${refundId}`);
  await approve(work, voided, `void/${await askToUndo(work, voided, 'void')}`);
  await stands(work, left, { left: vnd(300_000), settled: [{ outcome: 'completed' }] });
  await stands(work, voided, { status: 'voided' });
  return { whole, left, voided };
}

async function appeal({
  people,
  fundId,
  today,
}: FundAtWork): Promise<{ campaignId: string; donorId: string }> {
  const { api } = people.accountant;
  const campaign = {
    ...{ fundId, code: 'AO-AM', name: text, appeal: paper, committeeDecision: paper, receivingAccount: bank },
    ...{ opensOn: today, closesOn: '2025-12-31', purposeStatement: text },
  };
  const donor = { fundId, class: 'individual', inProvince: true, name: 'Hoàng Văn Mẫu' };
  return {
    ...(await api.post<{ readonly campaignId: string }>('/v1/campaigns', campaign)),
    ...(await api.post<{ readonly donorId: string }>('/v1/donors', donor)),
  };
}
