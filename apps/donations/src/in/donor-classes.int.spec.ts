import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import { appendNext, newEvent } from '#testing/events.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import type { DonorClassesView } from './donor-classes.http.js';

const fundId = newId();
const path = `/v1/funds/${fundId}/donations-by-class`;
const vnd = (amount: string) => ({ amount, currency: 'VND' });
const named = (donorClass: string, inProvince: boolean) => ({
  kind: 'named',
  ...{ class: donorClass, inProvince, subjectId: newId(), identityRecordId: newId() },
});
const [refunded, matched, wrong] = [newId(), newId(), newId()];
let service: DonationsUnderTest;
let lastOfMarch: RecordedEvent;

const happened = (donationId: string, type: string, data: object): Promise<RecordedEvent> =>
  appendNext(service.store, `donation-${donationId}`, newEvent(type, data));
const source = (donationId: string, donor: object, changes: object = {}) => ({
  ...{ donationId, donor, method: 'cash', account: 'cash', amount: vnd('500'), items: [] },
  ...{ purpose: 'unrestricted', receivedOn: '2025-03-01', language: 'vi' },
  ...changes,
});
const recorded = (donationId: string, donor: object, changes: object = {}): Promise<RecordedEvent> =>
  happened(donationId, 'DonationRecorded', { fundId, source: source(donationId, donor, changes) });

beforeAll(async () => {
  service = await openDonations('2025-03-01T02:00:00Z');
  await service.fundOpened(fundId);
  await recorded(refunded, named('business', false));
  await recorded(newId(), named('business', false), { receivedOn: '2025-03-02' });
  await recorded(matched, { kind: 'unidentified' }, { amount: vnd('70') });
  const thing = newId();
  const { account: _account, amount: _amount, ...things } = source(thing, { kind: 'anonymous' });
  await happened(thing, 'DonationRecorded', { fundId, source: { ...things, method: 'in-kind' } });
  lastOfMarch = await recorded(wrong, named('individual', true), { amount: vnd('9007199254740993') });
  service.setClock('2025-04-01T02:00:00Z');
  const refundId = newId();
  await happened(refunded, 'RefundRequested', { refundId, left: vnd('200'), full: false });
  await happened(refunded, 'RefundCompleted', { refundId, entryId: 'e' });
  const found = { matchId: newId(), entryId: 'm', source: source(matched, named('individual', true)) };
  await happened(matched, 'MatchCompleted', found);
  await happened(wrong, 'VoidCompleted', { voidId: newId(), entryId: 'v' });
  await service.caughtUp();
});
afterAll(() => service.close());

const viewer = staff(newId(), { role: 'viewer', fundId });

async function shown(query = ''): Promise<DonorClassesView> {
  const { status, json } = await service.get(`${path}?${query}`, viewer);
  expect([status, json]).toMatchObject([200, {}]);
  return json as unknown as DonorClassesView;
}
const inShort = ({ classes }: DonorClassesView) =>
  classes.map((one) => [
    ...[one.donorClass, one.place, one.donations, one.received?.amount, one.refunds, one.refunded?.amount],
    ...[one.voids, one.voided?.amount, one.left?.amount],
  ]);

describe('donations by class of the donor', () => {
  it('count what was refunded, voided and left, exactly, inside and outside the province', async () => {
    expect(inShort(await shown())).toEqual([
      ['anonymous', 'unknown', 1, undefined, 0, undefined, 0, undefined, undefined],
      ['business', 'outside', 2, '1000', 1, '300', 0, '0', '700'],
      ['individual', 'inside', 2, '9007199254741063', 0, '0', 1, '9007199254740993', '70'],
    ]);
  });

  it('are as they were recorded at an instant, with who was thought to have given then', async () => {
    const then = await shown('recordedAt=2025-03-31T00:00:00Z');
    expect(inShort(then).slice(1)).toEqual([
      ['business', 'outside', 2, '1000', 0, '0', 0, '0', '1000'],
      ['individual', 'inside', 1, '9007199254740993', 0, '0', 0, '0', '9007199254740993'],
      ['unidentified', 'unknown', 1, '70', 0, '0', 0, '0', '70'],
    ]);
    expect(then.position).toBe(formatPosition(lastOfMarch.position));
  });

  it('are those received within the dates', async () => {
    expect(inShort(await shown('from=2025-03-02&to=2025-03-02'))).toEqual([
      ['business', 'outside', 1, '500', 0, '0', 0, '0', '500'],
    ]);
    expect(await shown('from=2026-01-01')).toMatchObject({ classes: [], from: '2026-01-01' });
  });

  it('are a file too, in the language of the reader', async () => {
    const csv = await service.get(`${path}?format=csv`, viewer);
    expect([csv.status, csv.type]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(csv.text.split('\r\n').slice(1, 4)).toEqual([
      'Anonymous,Unknown,In kind,1,,0,,0,,',
      'Business,Outside the province,VND,2,1000,1,300,0,0,700',
      'Individual,Inside the province,VND,2,9007199254741063,0,0,1,9007199254740993,70',
    ]);
    const { bytes } = await service.get(`${path}?format=xlsx`, viewer);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  });

  it('are open to who may read donations of the fund, and to nobody else', async () => {
    for (const role of ['auditor', 'accountant', 'viewer'] as const) {
      expect((await service.get(path, staff(newId(), { role, fundId }))).status).toBe(200);
      expect((await service.get(path, staff(newId(), { role, fundId: newId() }))).status).toBe(403);
    }
    const later = await service.get(`${path}?recordedAt=2026-01-01T00:00:00Z`, viewer);
    expect(later).toMatchObject({ status: 400, json: { code: 'http/invalid' } });
  });
});
