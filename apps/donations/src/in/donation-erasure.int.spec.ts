import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { holdAppendOf } from '#testing/held-append.js';
import type { HistoryView } from './history-view.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const approver = staff(newId(), { role: 'approver', fundId });
const administrator = staff(newId(), { role: 'administrator', fundId });

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-05-29T02:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

let donationId: string;
beforeEach(async () => {
  const amount = { amount: '500000', currency: 'VND' };
  const body = { fundId, donor: { kind: 'anonymous' }, method: 'cash', amount, receivedOn: '2025-05-28' };
  const memo = 'Bà CANARY nhờ chuyển';
  const { json } = await service.post('/v1/donations', { as: accountant, body: { ...body, memo } });
  donationId = String(json['donationId']);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const erase = (as = administrator, key: string = newId()) =>
  service.post(`/v1/donations/${donationId}/erasure`, { as, key });
const refund = (reason: string, key: string = newId()) =>
  service.post(`/v1/donations/${donationId}/refunds`, { as: accountant, body: { reason }, key });
const withdraw = (refundId: string) =>
  service.post(`/v1/donations/${donationId}/refunds/${refundId}/withdrawal`, { as: accountant });
const history = async (as = accountant) =>
  (await service.get(`/v1/donations/${donationId}/history`, as)).json as unknown as HistoryView;
/** What the history tells of why, an event a line. */
const reasons = async () =>
  (await history()).entries.map(({ type, reason, reasonErased }) => [type, reasonErased ?? reason]);

describe('the erasure of what was said of a donation', () => {
  it('destroys memo and reasons, says so in the history, and leaves the donation as it was', async () => {
    const asked = await refund('Bà CANARY đòi lại');
    await service.post(`/v1/donations/${donationId}/refunds/${String(asked.json['id'])}/rejection`, {
      ...{ as: approver, body: { reason: 'Bà CANARY nhầm' } },
    });
    const before = (await service.get(`/v1/donations/${donationId}`, accountant)).json;
    expect(JSON.stringify(await history())).toContain('CANARY');

    const erased = await erase();
    expect(erased).toMatchObject({ status: 201, json: { donationId, revision: 3 } });
    expect(await reasons()).toEqual([
      ['DonationRecorded', true],
      ['RefundRequested', true],
      ['RefundRejected', true],
      ['PersonalDataErased', null],
    ]);
    const after = (await service.get(`/v1/donations/${donationId}`, accountant)).json;
    expect(after).toEqual({ ...before, revision: 3, position: erased.json['position'] });
    const viewer = staff(newId(), { role: 'viewer', fundId });
    expect(JSON.stringify(await history(viewer))).not.toMatch(/CANARY|reasonErased/);
  });

  it('is one for one key, and destroys what was said since the one before when asked again', async () => {
    const key = newId();
    const first = await erase(administrator, key);
    const { json } = await refund('Bà CANARY đòi lại');
    expect(await erase(administrator, key)).toEqual(first);
    expect((await reasons()).at(-1)).toEqual(['RefundRequested', 'Bà CANARY đòi lại']);
    expect(await withdraw(String(json['id']))).toMatchObject({ status: 201 });
    expect(await erase()).toMatchObject({ status: 201, json: { revision: 4 } });
    expect(JSON.stringify(await history())).not.toContain('CANARY');
  });

  it('is not undone by who sends a command again that was given before it', async () => {
    const key = newId();
    const answer = await refund('Bà CANARY đòi lại', key);
    await erase();
    expect(await refund('Bà CANARY đòi lại', key)).toEqual(answer);
    expect((await reasons())[1]).toEqual(['RefundRequested', true]);
  });

  it('leaves what belongs to a registered donor to the donor’s own', async () => {
    const donor = { kind: 'named', details: { class: 'individual', inProvince: true, name: 'Bà Thí Dụ' } };
    const amount = { amount: '500000', currency: 'VND' };
    const body = { fundId, donor, method: 'cash', amount, receivedOn: '2025-05-28', memo: 'ghi chú' };
    const { json } = await service.post('/v1/donations', { as: accountant, body });
    donationId = String(json['donationId']);
    expect(await erase()).toMatchObject({ status: 201 });
    expect((await reasons())[0]).toEqual(['DonationRecorded', 'ghi chú']);
  });

  it('is an administrator’s of the fund', async () => {
    const elsewhere = staff(newId(), { role: 'administrator', fundId: newId() });
    for (const as of [accountant, approver, elsewhere])
      expect(await erase(as)).toMatchObject({ status: 403, json: { code: 'access/forbidden' } });
    expect(await reasons()).toEqual([['DonationRecorded', 'Bà CANARY nhờ chuyển']]);
    donationId = newId();
    expect(await erase()).toMatchObject({ status: 404, json: { code: 'donation/unknown' } });
  });
});

describe('an erasure and a reason in the same instant', () => {
  it('destroy the reason where it was sealed first, and the refund is asked for all the same', async () => {
    const { held, go } = holdAppendOf(service.store, 'RefundRequested');
    const asking = refund('Bà CANARY đòi lại');
    await held;
    expect(await erase()).toMatchObject({ status: 201 });
    go();
    expect(await asking).toMatchObject({ status: 201 });
    expect((await reasons()).at(-1)).toEqual(['RefundRequested', true]);
  });

  it('keep the reason where it was sealed after, for the next erasure', async () => {
    const { held, go } = holdAppendOf(service.store, 'PersonalDataErased');
    const erasing = erase();
    await held;
    expect(await refund('Bà CANARY đòi lại')).toMatchObject({ status: 201 });
    go();
    expect(await erasing).toMatchObject({ status: 201 });
    const [memo, reason] = await reasons();
    expect([memo?.[1], reason?.[1]]).toEqual([true, 'Bà CANARY đòi lại']);
    expect(await erase()).toMatchObject({ status: 201 });
    expect((await reasons())[1]).toEqual(['RefundRequested', true]);
  });

  it('of two administrators are one, and miss nothing that is said later', async () => {
    const { held, go } = holdAppendOf(service.store, 'PersonalDataErased');
    const erasing = erase();
    await held;
    expect(await erase()).toMatchObject({ status: 201 });
    go();
    expect(await erasing).toMatchObject({ status: 201, json: { donationId } });
    expect((await history()).entries.map(({ type }) => type)).toEqual([
      ...['DonationRecorded', 'PersonalDataErased'],
    ]);
    await refund('Bà CANARY đòi lại');
    await erase();
    expect(JSON.stringify(await history())).not.toContain('CANARY');
  });
});
