import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import type { Cause, RecordedEvent } from '#kernel/domain-event.js';
import { ParkedStreams } from '#platform/operations/parked-streams.js';
import { expectAlerts } from '#testing/alerts.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import type { Answer } from '#testing/service-under-test.js';
import { eventually } from '#testing/eventually.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const approver = staff(newId(), { role: 'approver', fundId });
const both = staff(newId(), { role: 'accountant', fundId }, { role: 'approver', fundId });
const elsewhere = staff(
  newId(),
  { role: 'accountant', fundId: newId() },
  { role: 'approver', fundId: newId() },
);
const vnd = (amount: string) => ({ amount, currency: 'VND' });
const reason = 'Bà Ước Thí Dụ chuyển nhầm';
const entry = { fundId, entryId: 'e2', entryNumber: 2, effectiveOn: '2025-05-29', postings: [] };

const today = '2025-05-29T18:00:00Z';
let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations(today);
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

let donationId: string;
beforeEach(async () => {
  const body = {
    fundId,
    donor: { kind: 'anonymous' },
    method: 'cash',
    amount: vnd('500000'),
    receivedOn: '2025-05-28',
  };
  donationId = idOf(await service.post('/v1/donations', { as: accountant, body }), 'donationId');
});

function idOf({ json }: Answer, name = 'id'): string {
  return (json as Record<string, string>)[name] ?? '';
}

const ask = (what: 'refunds' | 'void', body: object, as = accountant) =>
  service.post(`/v1/donations/${donationId}/${what}`, { as, body: { reason, ...body } });
const act = (way: string, as = approver, body?: object) =>
  service.post(`/v1/donations/${donationId}/${way}`, { as, ...(body && { body }) });
const shown = async () =>
  (await service.get(`/v1/donations/${donationId}`, approver)).json as Record<string, unknown>;
const own = async (): Promise<readonly RecordedEvent[]> => service.events(`donation-${donationId}`);
const types = async () => (await own()).map(({ type }) => type);
const posted = async (refundId: string, left: string) => {
  const approval = (await own()).findLast(({ type }) => type === 'RefundApproved');
  const { source, amount, full } = approval?.data as Record<string, unknown>;
  const data = { ...entry, reversesEntryId: 'e1', source, refundId, amount, left: vnd(left), full };
  return service.say('ledger', 'RefundPosted.v1', data, answerTo(approval));
};
const answerTo = (event: RecordedEvent | undefined): Cause => {
  if (!event) throw new Error('nothing to answer');
  return { kind: 'message', topic: 'mangnon.donations.v1', position: event.position, eventId: event.id };
};

expectAlerts(
  /^\[parked\] .*"group":"donations".*"reason":"InvariantViolation: the donation waits for no answer/,
);

describe('a refund', () => {
  it('is asked for, approved by another person, posted by the ledger and shown', async () => {
    const refundId = idOf(await ask('refunds', { amount: vnd('200000') }));
    expect(await act(`refunds/${refundId}/approval`)).toMatchObject({
      status: 201,
      json: { event: 'RefundApproved' },
    });
    expect(await shown()).toMatchObject({
      status: 'standing',
      pending: { step: 'approved' },
      left: vnd('500000'),
    });
    await posted(refundId, '300000');
    await eventually(async () => {
      expect(await shown()).toMatchObject({ status: 'standing', left: vnd('300000') });
    });
    expect(await types()).toEqual([
      'DonationRecorded',
      'RefundRequested',
      'RefundApproved',
      'RefundCompleted',
    ]);
  });

  it('approved on the next day counts on that day in the zone of the fund', async () => {
    const refundId = idOf(await ask('refunds', {}));
    service.setClock('2025-12-31T17:00:00Z');
    expect((await act(`refunds/${refundId}/approval`)).status).toBe(201);
    service.setClock(today);
    expect((await own()).at(-1)?.data).toMatchObject({ effectiveOn: '2026-01-01', full: true });
  });

  it('that the ledger refused leaves the donation as it was, with the code', async () => {
    const refundId = idOf(await ask('refunds', {}));
    await act(`refunds/${refundId}/approval`);
    await service.say('ledger', 'RefundRefused.v1', {
      fundId,
      donationId,
      refundId,
      code: 'fund/short',
      shortBy: vnd('1'),
    });
    await eventually(async () => {
      expect(await shown()).toMatchObject({
        left: vnd('500000'),
        settled: [{ id: refundId, outcome: 'declined', code: 'fund/short' }],
      });
    });
    expect(await ask('refunds', {})).toMatchObject({ status: 201 });
  });

  it('needs two persons, whatever roles the one has', async () => {
    const refundId = idOf(await ask('refunds', {}, both));
    for (const way of [`refunds/${refundId}/approval`, `refunds/${refundId}/rejection`]) {
      const body = way.endsWith('rejection') ? { reason } : undefined;
      expect(await act(way, both, body)).toMatchObject({
        status: 403,
        json: { code: 'donation/same-person' },
      });
    }
    expect(await act(`refunds/${refundId}/rejection`, approver, { reason })).toMatchObject({ status: 201 });
  });

  it('is withdrawn by who asked and nobody else', async () => {
    const refundId = idOf(await ask('refunds', {}));
    const withdrawal = `refunds/${refundId}/withdrawal`;
    expect(await act(withdrawal, both)).toMatchObject({
      status: 403,
      json: { code: 'donation/not-the-maker' },
    });
    expect(await act(withdrawal, accountant)).toMatchObject({ status: 201 });
    expect(await act(`refunds/${refundId}/approval`)).toMatchObject({ status: 409 });
  });

  it('is refused above what is left, and while another is pending', async () => {
    expect(await ask('refunds', { amount: vnd('500001') })).toMatchObject({
      status: 422,
      json: { code: 'donation/refund-above-left', details: { left: '500000', currency: 'VND' } },
    });
    await ask('refunds', { amount: vnd('1') });
    expect(await ask('void', {})).toMatchObject({ status: 409, json: { code: 'donation/undoing-pending' } });
  });

  it('of an unknown donation is not found, and nobody from another fund comes near', async () => {
    expect(await ask('refunds', {}, elsewhere)).toMatchObject({ status: 403 });
    const refundId = idOf(await ask('refunds', {}));
    expect(await act(`refunds/${refundId}/approval`, elsewhere)).toMatchObject({ status: 403 });
    donationId = newId();
    expect(await ask('refunds', {})).toMatchObject({ status: 404, json: { code: 'donation/unknown' } });
  });

  it('asked for again under the same key is one request', async () => {
    const url = `/v1/donations/${donationId}/refunds`;
    const sending = { as: accountant, body: { reason }, key: 'refund once' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.post(url, sending)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await types()).toEqual(['DonationRecorded', 'RefundRequested']);
  });
});

describe('a void', () => {
  it('is asked for, approved, reversed by the ledger and shown', async () => {
    const voidId = idOf(await ask('void', {}));
    expect((await act(`void/${voidId}/approval`)).status).toBe(201);
    const { source } = (await own()).at(-1)?.data as Record<string, unknown>;
    await service.say('ledger', 'VoidPosted.v1', { ...entry, reversesEntryId: 'e1', source, voidId });
    await eventually(async () => {
      expect(await shown()).toMatchObject({ status: 'voided' });
    });
    expect(await ask('refunds', {})).toMatchObject({ status: 409, json: { code: 'donation/voided' } });
  });

  it('is rejected, withdrawn or refused by the ledger like a refund', async () => {
    const rejected = idOf(await ask('void', {}));
    expect(await act(`void/${rejected}/rejection`, approver, { reason })).toMatchObject({ status: 201 });
    const withdrawn = idOf(await ask('void', {}));
    expect(await act(`void/${withdrawn}/withdrawal`, accountant)).toMatchObject({ status: 201 });
    const voidId = idOf(await ask('void', {}));
    await act(`void/${voidId}/approval`);
    await service.say('ledger', 'VoidRefused.v1', { fundId, donationId, voidId, code: 'fund/short' });
    await eventually(async () => {
      expect((await types()).at(-1)).toBe('VoidDeclined');
    });
    expect(await shown()).toMatchObject({
      settled: [{ outcome: 'rejected' }, { outcome: 'withdrawn' }, { outcome: 'declined' }],
    });
  });
});

describe('the second door: what the ledger says again', () => {
  it('changes nothing when a message comes twice', async () => {
    const refundId = idOf(await ask('refunds', { amount: vnd('200000') }));
    await act(`refunds/${refundId}/approval`);
    const event = await posted(refundId, '300000');
    await eventually(async () => {
      expect((await types()).at(-1)).toBe('RefundCompleted');
    });
    const [completed] = (await own()).slice(-1);
    expect(completed?.cause).toMatchObject({ kind: 'message', eventId: event.id });
    await service.again('ledger', fundId);
    expect(await types()).toHaveLength(4);
  });

  it('is parked where the donation waits for no such answer, and taken up once it does', async () => {
    const refundId = idOf(await ask('refunds', {}));
    const { source } = (await own())[0]?.data as Record<string, unknown>;
    const early = { ...entry, reversesEntryId: 'e1', full: true, refundId, source };
    await service.say('ledger', 'RefundPosted.v1', early);
    await eventually(async () => {
      expect((await types()).at(-1)).toBe('MessageParked');
    });
    expect(await shown()).toMatchObject({ status: 'standing', left: vnd('500000') });
    await act(`refunds/${refundId}/approval`);
    expect(await service.app.get(ParkedStreams).replay(`donation-${donationId}`)).toMatchObject({
      replayed: 1,
    });
    expect((await types()).slice(-3)).toEqual(['RefundApproved', 'RefundCompleted', 'MessageReplayed']);
    expect(await shown()).toMatchObject({ status: 'refunded' });
  });
});

describe('the history of a donation', () => {
  it('tells every event across the services in order, who, when, why and which caused which', async () => {
    const refundId = idOf(await ask('refunds', {}));
    await act(`refunds/${refundId}/approval`);
    const refund = await posted(refundId, '0');
    await service.say(
      'receipts',
      'ReceiptVoided.v1',
      { fundId, donationId, cause: 'refund' },
      {
        ...{ kind: 'message', topic: 'mangnon.ledger.v1', position: refund.position, eventId: refund.id },
      },
    );
    const history = await eventually(async () => {
      const { json } = await service.get(`/v1/donations/${donationId}/history`, accountant);
      const { entries } = json as unknown as { readonly entries: readonly Record<string, unknown>[] };
      expect(entries).toHaveLength(6);
      return entries;
    });
    const [recorded, requested, approved, ...rest] = history;
    expect(recorded).toMatchObject({ service: 'donations', type: 'DonationRecorded', causedBy: null });
    expect(requested).toMatchObject({
      type: 'RefundRequested',
      actor: `staff:${accountant.staffId}`,
      reason,
    });
    expect(approved).toMatchObject({
      type: 'RefundApproved',
      actor: `staff:${approver.staffId}`,
      reason: null,
    });
    expect(rest.find(({ type }) => type === 'RefundPosted')).toMatchObject({
      service: 'ledger',
      causedBy: approved?.['eventId'],
    });
    expect(rest.find(({ type }) => type === 'RefundCompleted')).toMatchObject({ causedBy: refund.id });
    expect(rest.find(({ type }) => type === 'ReceiptVoided')).toMatchObject({
      service: 'receipts',
      causedBy: refund.id,
    });
    const numbers = history.map(({ position }) => BigInt(String(position).split('.')[1] ?? ''));
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('shows the memo that a donation came with', async () => {
    const bank = { method: 'bank', account: 'bank.vcb', amount: vnd('9'), memo: 'MBVCB.1 ung ho' };
    const body = { fundId, donor: { kind: 'unidentified' }, receivedOn: '2025-05-28', ...bank };
    donationId = idOf(await service.post('/v1/donations', { as: accountant, body }), 'donationId');
    const { json } = await service.get(`/v1/donations/${donationId}/history`, approver);
    expect(json).toMatchObject({ entries: [{ type: 'DonationRecorded', reason: 'MBVCB.1 ung ho' }] });
    expect(JSON.stringify(await own())).not.toContain('MBVCB');
  });

  it('logs reading the reasons, and keeps them from a viewer', async () => {
    await ask('refunds', {});
    const viewer = staff(newId(), { role: 'viewer', fundId });
    const url = `/v1/donations/${donationId}/history`;
    expect((await service.get(url, viewer)).text).not.toContain(reason);
    expect((await service.get(url, accountant)).text).toContain(reason);
    const reads = service.vault.room('donors').log.map(({ actor }) => actor);
    expect(reads).toContain(`staff:${accountant.staffId}`);
    expect(reads).not.toContain(`staff:${viewer.staffId}`);
    expect(JSON.stringify(await own())).not.toContain('Ước');
  });
});
