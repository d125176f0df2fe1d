import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { eventually } from '#testing/eventually.js';
import { holdAppendOf } from '#testing/held-append.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const administrator = staff(newId(), { role: 'administrator', fundId });
const person = { class: 'individual', inProvince: true, name: 'Đặng Thị Ước Thí Dụ' };

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-05-29T02:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

let donorId: string;
beforeEach(async () => {
  const { json } = await service.post('/v1/donors', {
    as: accountant,
    body: { fundId, email: 'uoc.thidu@example.org', ...person },
  });
  donorId = String(json['donorId']);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const give = () =>
  service.post('/v1/donations', {
    as: accountant,
    body: {
      ...{ fundId, donor: { kind: 'named', donorId }, method: 'cash', receivedOn: '2025-05-29' },
      amount: { amount: '400', currency: 'VND' },
    },
  });
const erase = () => service.post(`/v1/donors/${donorId}/erasure`, { as: administrator });
const shown = async () => (await service.get(`/v1/donors/${donorId}`, accountant)).json;
const typesOf = async () => (await service.events(`donor-${donorId}`)).map(({ type }) => type);

describe('an erasure and a donation in the same instant', () => {
  const kept = { status: 'erased', name: person.name, email: null, identityKeptUntil: '2035-12-31' };

  it('keep the identity that the donation’s vouchers need, while the donation is on its way', async () => {
    const { held, go } = holdAppendOf(service.store, 'DonationRecorded');
    const giving = give();
    await held;
    expect(await erase()).toMatchObject({ status: 201 });
    go();
    expect(await giving).toMatchObject({ status: 201 });
    expect(await shown()).toMatchObject(kept);
  });

  it('keep it too when the donation comes between looking and erasing', async () => {
    const { held, go } = holdAppendOf(service.store, 'PersonalDataErased');
    const erasing = erase();
    await held;
    expect(await give()).toMatchObject({ status: 201 });
    go();
    expect(await erasing).toMatchObject({ status: 201 });
    expect(await shown()).toMatchObject(kept);
    expect(await typesOf()).toEqual(['DonorRegistered', 'IdentityNeeded', 'PersonalDataErased']);
  });

  it('refuse the donation where the erasure was first, and destroy everything', async () => {
    const { held, go } = holdAppendOf(service.store, 'IdentityNeeded');
    const giving = give();
    await held;
    expect(await erase()).toMatchObject({ status: 201 });
    go();
    expect(await giving).toMatchObject({ status: 409, json: { code: 'donor/erased' } });
    expect(await shown()).toMatchObject({ status: 'erased', name: null, identityKeptUntil: null });
  });

  it('end in one of both, however they meet', async () => {
    const [erased, ...given] = await Promise.all([erase(), ...Array.from({ length: 8 }, give)]);
    expect(erased.status).toBe(201);
    const recorded = given.filter(({ status }) => status === 201).length;
    expect(given.filter(({ status }) => status === 409)).toHaveLength(given.length - recorded);
    expect((await shown())['name']).toBe(recorded > 0 ? person.name : null);
  });
});

describe('a command from before an erasure', () => {
  it('is answered as it was for whoever sends it again under the same key, and so is the erasure', async () => {
    const path = `/v1/donors/${donorId}`;
    const details = { class: 'individual', inProvince: false, name: 'Đặng Thị Ước Mẫu' };
    const asked = [
      [`${path}/contact`, accountant, { email: 'moi@example.org' }],
      [`${path}/details`, accountant, details],
      [`${path}/erasure`, administrator, undefined],
    ] as const;
    const ask = async (): Promise<readonly object[]> => {
      const answers = [];
      for (const [at, as, body] of asked)
        answers.push(await service.post(at, { as, body, key: `key ${at}` }));
      return answers.map(({ status, json }) => ({ status, json: { ...json, revision: 0 } }));
    };
    const answers = await ask();
    expect(answers).toMatchObject([{ status: 201 }, { status: 201 }, { status: 201 }]);
    const before = await typesOf();
    const erasing = jest.spyOn(service.vault.room('donors'), 'erase');
    expect(await ask()).toEqual(answers);
    expect(await typesOf()).toEqual(before);
    expect(erasing).not.toHaveBeenCalled();
  });
});

describe('an erasure that a crash cut short', () => {
  it('is ended by its due date, and bars the donor meanwhile', async () => {
    const barred = { what: 'contact', identityKeptUntil: '2025-05-29' };
    const [registered] = await service.events(`donor-${donorId}`);
    const left = {
      ...registered!,
      id: newId(),
      commandId: newId(),
      type: 'PersonalDataErased',
      data: barred,
    };
    await service.store.append(`donor-${donorId}`, [left], 0);
    expect(await give()).toMatchObject({ status: 409, json: { code: 'donation/donor-erased' } });
    expect(await shown()).toMatchObject({ name: person.name, identityKeptUntil: '2025-05-29' });
    service.setClock('2025-05-30T13:00:00Z');
    await eventually(async () => {
      expect(await shown()).toMatchObject({ status: 'erased', name: null, identityKeptUntil: null });
    });
  });
});
