import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '#apps/standalone/src/demo/api.js';
import { password, Person } from '#apps/standalone/src/demo/people.js';
import type { Caller, Role } from '#kernel/roles.js';
import { eventually } from '#testing/eventually.js';
import { approve, askToUndo, record, refusal, stands } from './asking.js';
import { FundAtWork } from './fund-at-work.js';

let work: FundAtWork;
let administrator: Person;
let administratorId: string;

beforeAll(async () => {
  work = await FundAtWork.open();
  ({ administrator } = work.people);
  ({ staffId: administratorId } = await idOf(administrator));
  await give(administrator, administratorId, 'accountant');
  // A standing is believed for a second.
  await eventually(async () => {
    const { session } = await administrator.api.get<{ readonly session: Caller }>('/v1/me');
    expect(session.grants).toContainEqual({ role: 'accountant', fundId: work.fundId });
  });
});
afterAll(() => work.close());

interface Registered {
  readonly staffId: string;
  readonly link: string;
}

function idOf(person: Person): Promise<{ readonly staffId: string }> {
  return person.api.get('/v1/me');
}

async function give(by: Person, staffId: string, role: Role, fundId = work.fundId): Promise<void> {
  await by.api.post(`/v1/staff/${staffId}/grants`, { role, fundId, from: work.today });
}

/** Whoever has the link chooses the password; nobody asks who that is. */
async function takenOver(login: string, link: string): Promise<Person> {
  const secret = new URL(link, work.url).searchParams.get('link');
  await new Api(work.url).post('/v1/resets/password', { link: secret, password });
  return new Person(work.url, work.clock, login);
}

/** A person on paper only: the link is used by who registered him. */
async function invented(by: Person, login: string, role: Role): Promise<Person> {
  const body = {
    fundId: work.fundId,
    login,
    name: 'Người Không Có (giả định)',
    email: `${login}@example.org`,
  };
  const { staffId, link } = await by.api.post<Registered>('/v1/staff', body);
  await give(by, staffId, role);
  const puppet = await takenOver(login, link);
  await puppet.enrol();
  return puppet;
}

async function askedBy(person: Person): Promise<{ donationId: string; refund: `refunds/${string}` }> {
  const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
  const refundId = await askToUndo(work, donationId, 'refunds', { by: person });
  return { donationId, refund: `refunds/${refundId}` };
}

const made = refusal(403, 'donation/approver-made-by-maker');

describe('one person behind two', () => {
  it('cannot approve through somebody he invented, nor through somebody invented by one he invented', async () => {
    const { donationId, refund } = await askedBy(administrator);
    const puppet = await invented(administrator, 'nguoi.ma', 'approver');
    await expect(approve(work, donationId, refund, puppet)).rejects.toEqual(made);
    const between = await invented(administrator, 'nguoi.dung.giua', 'administrator');
    const further = await invented(between, 'nguoi.ma.hai', 'approver');
    await expect(approve(work, donationId, refund, further)).rejects.toEqual(made);
    await expect(approve(work, donationId, refund)).rejects.toEqual(made);
  });

  it('cannot approve what he asked for in the name of somebody whose password he reset', async () => {
    const director = await work.join('giam.doc.kiem', ['approver', 'administrator']);
    await director.person.enrol();
    const clerk = await work.join('ke.toan.hai', ['accountant']);
    const path = `/v1/staff/${clerk.staffId}/accounts/${clerk.staffId}/link`;
    const { link } = await director.person.api.post<Registered>(path);
    const mask = await takenOver('ke.toan.hai', link);
    const { donationId, refund } = await askedBy(mask);
    await expect(approve(work, donationId, refund, director.person)).rejects.toEqual(made);
    await approve(work, donationId, refund);
    await stands(work, donationId, { status: 'refunded' });
  });

  it('makes no link for himself, nor does a token of his', async () => {
    const link = `/v1/staff/${administratorId}/accounts/${administratorId}/link`;
    const { secret } = await administrator.api.post<{ readonly secret: string }>('/v1/tokens', {
      label: 'journey',
      expiresAt: new Date(work.clock.now().getTime() + 3_600_000).toISOString(),
    });
    const program = new Api(work.url, () => Promise.resolve(secret));
    for (const api of [administrator.api, program])
      await expect(api.post(link)).rejects.toEqual(refusal(403, 'staff/oneself'));
    const accounts = `/v1/staff/${administratorId}/accounts`;
    await expect(program.post(accounts, { login: 'cua.sau' })).rejects.toEqual(refusal(403, 'staff/oneself'));
  });
});
