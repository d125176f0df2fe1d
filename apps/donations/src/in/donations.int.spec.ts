import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';

const fundId = newId();
const otherFundId = newId();
const cashier = staff(newId(), { role: 'cashier', fundId });
const administrator = staff(
  newId(),
  { role: 'administrator', fundId: '*' },
  { role: 'cashier', fundId: '*' },
);
const viewer = staff(newId(), { role: 'viewer', fundId });
const cash = {
  fundId,
  donor: { kind: 'anonymous' },
  method: 'cash',
  amount: { amount: '500000', currency: 'VND' },
  receivedOn: '2025-05-28',
};
const person = { class: 'individual', inProvince: true, name: 'Đặng Thị Ước Thí Dụ', address: 'Thôn Nà Mẫu' };

const today = '2025-05-29T18:00:00Z';
let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations(today);
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const record = (body: object, key?: string) =>
  service.post('/v1/donations', { as: cashier, body, ...(key === undefined ? {} : { key }) });

describe('recording a donation', () => {
  it('makes one event, which GET by id shows at once', async () => {
    const answer = await record(cash);
    expect(answer.status).toBe(201);
    const { donationId, position } = answer.json as Record<string, string>;
    const [event, ...more] = await service.events(`donation-${donationId ?? ''}`);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: 'DonationRecorded', actor: `staff:${cashier.staffId}` });
    const shown = await service.get(`/v1/donations/${donationId ?? ''}`, viewer);
    expect(shown).toMatchObject({
      status: 200,
      json: { ...cash, donationId, position, status: 'standing', left: cash.amount, purpose: 'unrestricted' },
    });
  });

  it('takes today from the zone of the fund', async () => {
    service.setClock('2025-05-29T16:59:59Z');
    expect(await record({ ...cash, receivedOn: '2025-05-30' })).toMatchObject({ status: 422 });
    service.setClock('2025-05-29T17:00:00Z');
    expect(await record({ ...cash, receivedOn: '2025-05-30' })).toMatchObject({ status: 201 });
    service.setClock(today);
  });

  it('waits for word of a fund that was opened a moment ago', async () => {
    const recording = service.post('/v1/donations', {
      as: administrator,
      body: { ...cash, fundId: otherFundId },
    });
    await service.fundOpened(otherFundId);
    expect(await recording).toMatchObject({ status: 201 });
  });

  it('refuses a fund that nobody opened, and whoever has no role on the fund', async () => {
    const elsewhere = { ...cash, fundId: newId() };
    expect(await service.post('/v1/donations', { as: administrator, body: elsewhere })).toMatchObject({
      status: 404,
      json: { code: 'donation/fund-unknown' },
    });
    expect(await record(elsewhere)).toMatchObject({ status: 403, json: { code: 'access/forbidden' } });
    expect(await service.post('/v1/donations', { as: viewer, body: cash })).toMatchObject({ status: 403 });
  });

  it('tells a refusal in the language asked for', async () => {
    const body = { ...cash, receivedOn: '2025-06-30' };
    const answer = await service.post('/v1/donations', { as: cashier, body, language: 'vi' });
    expect(answer).toMatchObject({ status: 422, json: { code: 'donation/received-in-future' } });
    expect(answer.text).toContain('Ngày nhận không được sau hôm nay');
  });

  it('registers a new donor along, with the name in the vault alone', async () => {
    const body = {
      ...cash,
      donor: { kind: 'named', details: { ...person, email: 'uoc.thidu@example.org' } },
    };
    const { json } = await record({ ...body, memo: 'ghi chú của Ước' });
    const { donationId } = json as unknown as { readonly donationId: string };
    const recorded = await service.events(`donation-${donationId}`);
    const { donor } = (recorded[0]?.data as { source: { donor: Record<string, string> } }).source;
    const registered = await service.events(`donor-${String(donor['donorId'])}`);
    expect(registered.map(({ type }) => type)).toEqual(['DonorRegistered']);
    const open = async (record: string) => {
      const reading = { actor: 'system:spec', purpose: 'spec' } as const;
      return (await service.vault.room('donors').find(String(donor[record]), reading))?.open();
    };
    expect(await open('identityRecordId')).toEqual({ name: person.name, address: person.address });
    expect(await open('contactRecordId')).toEqual({ email: 'uoc.thidu@example.org' });
    expect(JSON.stringify([...recorded, ...registered])).not.toMatch(/Ước|uoc\.thidu|Nà Mẫu/);
  });

  it('seals nothing and registers nobody for a donation that is refused', async () => {
    const before = await service.store.head();
    const donor = { kind: 'named', details: person };
    expect(await record({ ...cash, donor, receivedOn: '2026-01-01' })).toMatchObject({ status: 422 });
    expect(await service.store.head()).toEqual(before);
    expect(await service.vault.room('donors').sweep(-1, (ids) => namedBy(ids))).toBe(0);
  });

  async function namedBy(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const events: string[] = [];
    const signal = AbortSignal.timeout(5_000);
    for await (const batch of service.store.subscribe({ consumer: 'spec', signal })) {
      events.push(JSON.stringify(batch.events));
      if (batch.caughtUp) break;
    }
    const text = events.join();
    return new Set(ids.filter((id) => text.includes(id)));
  }

  it.each([
    ['neither an id nor details', {}],
    ['both', { donorId: newId(), details: person }],
  ])('refuses a named donor with %s', async (_what, more) => {
    expect(await record({ ...cash, donor: { kind: 'named', ...more } })).toMatchObject({
      status: 422,
      json: { code: 'donation/donor-missing' },
    });
  });

  it.each([
    ['anonymous', 'cash', { details: person }],
    ['anonymous', 'cash', { donorId: newId() }],
    ['unidentified', 'bank', { details: person }],
    ['unidentified', 'bank', { donorId: newId() }],
  ])('registers nobody who is %s by %s, whatever came along', async (kind, method, named) => {
    const before = await service.store.head();
    const account = method === 'bank' ? { account: 'bank.vcb' } : {};
    const answer = await record({ ...cash, method, ...account, donor: { kind, ...named } });
    expect(answer).toMatchObject({ status: 422, json: { code: 'donation/donor-not-named' } });
    expect(await service.store.head()).toEqual(before);
  });

  it('refuses a donor of another fund as unknown', async () => {
    const body = { ...person, fundId: otherFundId };
    const { json } = await service.post('/v1/donors', { as: administrator, body });
    const { donorId } = json as Record<string, string>;
    expect(await record({ ...cash, donor: { kind: 'named', donorId } })).toMatchObject({
      status: 404,
      json: { code: 'donation/donor-unknown' },
    });
  });
});

describe('the first door: the same request again', () => {
  it('gives the same answer, built from the stored event, whatever has changed since', async () => {
    const { json } = await service.post('/v1/donors', { as: cashier, body: { ...person, fundId } });
    const { donorId = '' } = json as Record<string, string>;
    const body = { ...cash, donor: { kind: 'named', donorId } };
    const first = await record(body, 'again');
    expect(first.status).toBe(201);
    const erased = await service.post(`/v1/donors/${donorId}/erasure`, { as: administrator });
    expect(erased.status).toBe(201);
    expect(await record(body, 'again')).toEqual(first);
    expect(await record(body)).toMatchObject({ status: 409, json: { code: 'donation/donor-erased' } });
  });

  it('refuses another body under the same key', async () => {
    const first = await record(cash, 'one body');
    const other = await record({ ...cash, amount: { amount: '500001', currency: 'VND' } }, 'one body');
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency/body-differs' } });
    expect(await record(cash, 'one body')).toEqual(first);
  });

  it('does not remember a refusal', async () => {
    const body = { ...cash, receivedOn: '2025-06-01' };
    expect(await record(body, 'later')).toMatchObject({ status: 422 });
    service.setClock('2025-06-01T02:00:00Z');
    expect(await record(body, 'later')).toMatchObject({ status: 201 });
    service.setClock(today);
  });

  it('records one donation and one donor of fifty at once, and answers all alike', async () => {
    const before = await service.store.head();
    const body = { ...cash, donor: { kind: 'named', details: person } };
    const answers = await Promise.all(Array.from({ length: 50 }, () => record(body, 'fifty')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    const after = await service.store.head();
    expect((after?.position.number ?? 0) - (before?.position.number ?? 0)).toBe(2);
  });
});
