import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import { Person } from '#apps/standalone/src/demo/people.js';
import type { RunningServices } from '#platform/run-services.js';
import { eventually } from '#testing/eventually.js';
import { entered, mailsTo, receipted, refusal, walkMs, type Recorded } from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
let other: RunningServices;
/** The same cashier at the door of each process. */
let doors: readonly Person[];

beforeAll(async () => {
  work = await FundAtWork.open();
  other = await work.beside();
  const { cashier } = work.people;
  const there = new Person(`http://127.0.0.1:${String(other.port)}`, work.clock, cashier.login);
  doors = [cashier, there, cashier, there];
  await Promise.all(doors.map((door) => door.api.get('/v1/me')));
});
afterAll(async () => {
  await other.stop();
  await work.close();
});

/** Sends the same request through every door at once. */
function together<Answer>(path: string, body: object, key: string): Promise<readonly Answer[]> {
  return Promise.all(doors.map((door) => door.api.post<Answer>(path, body, key)));
}

/** How many rows the vault has of the fund's donors. */
async function sealed(): Promise<{ readonly persons: number; readonly records: number }> {
  const client = new pg.Client({ connectionString: work.vault.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ persons: number; records: number }>(
      `SELECT (SELECT count(*)::integer FROM donors.persons) AS persons,
              (SELECT count(*)::integer FROM donors.records) AS records`,
    );
    return rows[0] ?? { persons: 0, records: 0 };
  } finally {
    await client.end();
  }
}

const donor = (name: string) => ({ class: 'individual', inProvince: true, name: `${name} (giả định)` });
const listed = (path: string) =>
  everyItem<{ readonly donationId?: string; readonly donorId?: string }>(work.people.accountant.api, path);

describe('the same Idempotency-Key at once through two processes', () => {
  it('registers one donor, with one answer and no personal data twice', async () => {
    const { email, ...once } = { ...donor('Hoàng Thị Đôi'), email: 'doi@example.org', fundId: work.fundId };
    await together('/v1/donors', { ...once, email }, randomUUID());
    const one = await sealed();
    for (let nth = 2; nth <= 6; nth += 1) {
      const body = { ...donor(`Hoàng Thị Đôi ${String(nth)}`), email, fundId: work.fundId };
      const answers = await together<{ readonly donorId: string }>('/v1/donors', body, randomUUID());
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await sealed()).toEqual({ persons: one.persons * nth, records: one.records * nth });
      await eventually(async () => {
        const donors = await listed(`/v1/donors?fundId=${work.fundId}`);
        expect(donors.map(({ donorId }) => donorId)).toContain(answers[0]!.donorId);
        expect(donors).toHaveLength(nth);
      }, walkMs);
    }
  });

  it('records one donation of a named donor: one answer, one entry, one receipt, one mail', async () => {
    const before = (await listed(`/v1/donations?fundId=${work.fundId}`)).length;
    const answers: Recorded[] = [];
    for (let nth = 1; nth <= 6; nth += 1) {
      const email = `hai-cua-${String(nth)}@example.org`;
      const details = { ...donor(`Lý Văn Cửa ${String(nth)}`), address: 'Xã Mẫu', email };
      const body = {
        fundId: work.fundId,
        donor: { kind: 'named', details },
        method: 'cash',
        amount: vnd(100_000 * nth),
        receivedOn: work.today,
      };
      const [first, ...others] = await together<Recorded>('/v1/donations', body, randomUUID());
      for (const answer of others) expect(answer).toEqual(first);
      answers.push(first!);
    }
    for (const [index, { donationId }] of answers.entries()) {
      await entered(work, donationId, 1);
      await receipted(work, donationId, { mail: { state: 'sent' } });
      expect(await mailsTo(work, `hai-cua-${String(index + 1)}@example.org`)).toHaveLength(1);
    }
    const after = await listed(`/v1/donations?fundId=${work.fundId}`);
    expect(after).toHaveLength(before + answers.length);
  });

  it('takes one of two bodies and refuses the other', async () => {
    for (let nth = 1; nth <= 6; nth += 1) {
      const key = randomUUID();
      const sent = doors.map((door, index) =>
        door.api.post<Recorded>(
          '/v1/donations',
          {
            fundId: work.fundId,
            donor: { kind: 'anonymous' },
            method: 'cash',
            amount: vnd(index % 2 === 0 ? 1_000 : 2_000),
            receivedOn: work.today,
          },
          key,
        ),
      );
      const ends = await Promise.allSettled(sent);
      const taken = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.donationId] : []));
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      expect(new Set(taken).size).toBe(1);
      expect(refused).toEqual(taken.map(() => refusal(422, 'idempotency/body-differs')));
    }
  });

  it('leaves books that replay', async () => {
    const { donationId } = await work.people.cashier.api.post<Recorded>('/v1/donations', {
      fundId: work.fundId,
      donor: { kind: 'anonymous' },
      method: 'cash',
      amount: vnd(1_000),
      receivedOn: work.today,
    });
    await receipted(work, donationId, { status: 'in-force' });
    await replayed(work);
  });
});
