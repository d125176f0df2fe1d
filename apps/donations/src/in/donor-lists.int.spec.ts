import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const donors = [
  { class: 'agency', inProvince: true, name: 'Sở Mẫu (giả định)' },
  { class: 'unit', inProvince: true, name: 'Trường Mẫu (giả định)' },
  { class: 'business', inProvince: true, name: 'Công ty Gần Mẫu (giả định)' },
  { class: 'business', inProvince: false, name: 'Công ty Xa Mẫu (giả định)' },
  { class: 'individual', inProvince: false, name: 'Hoàng Lý Thí Dụ' },
] as const;

let service: DonationsUnderTest;
/** Name by id of the donor, and of the donation that the donor gave. */
const names = new Map<string, string>();

beforeAll(async () => {
  service = await openDonations('2025-05-29T02:00:00Z');
  await service.fundOpened(fundId);
  for (const details of donors) {
    const donorId = await made('donors', { fundId, ...details }, 'donorId');
    names.set(donorId, details.name);
    names.set(await donated({ kind: 'named', donorId }), details.name);
  }
  await donated({ kind: 'anonymous' });
  await service.caughtUp();
});
afterAll(() => service.close());

async function made(url: string, body: object, id: string): Promise<string> {
  const answer = await service.post(`/v1/${url}`, { as: accountant, body });
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.json[id]);
}
function donated(donor: object): Promise<string> {
  const amount = { amount: '5', currency: 'VND' };
  return made('donations', { fundId, donor, method: 'cash', amount, receivedOn: '2025-05-29' }, 'donationId');
}
async function listed(url: string, id: string): Promise<readonly (string | undefined)[]> {
  const { json } = await service.get(`/v1/${url}`, accountant);
  const { items } = json as unknown as { readonly items: readonly Record<string, string>[] };
  return items.map((item) => names.get(item[id] ?? '')).reverse();
}
const [agency, unit, near, far, person] = donors.map(({ name }) => name);

describe.each([
  ['donors', 'class', 'donorId'],
  ['donations', 'donorClass', 'donationId'],
])('a list of %s', (kind, byClass, id) => {
  it.each([
    [`${byClass}=agency`, [agency]],
    [`${byClass}=unit`, [unit]],
    [`${byClass}=business`, [near, far]],
    [`${byClass}=individual`, [person]],
    ['inProvince=true', [agency, unit, near]],
    ['inProvince=false', [far, person]],
    [`inProvince=false&${byClass}=business`, [far]],
    [`inProvince=true&${byClass}=individual`, []],
  ])('by %s has those and nobody else', async (filter, expected) => {
    expect(await listed(`${kind}?fundId=${fundId}&${filter}`, id)).toEqual(expected);
  });

  it.each([`${byClass}=somebody`, 'inProvince=perhaps', 'inProvince='])('refuses %s', async (filter) => {
    const answer = await service.get(`/v1/${kind}?${filter}`, accountant);
    expect(answer).toMatchObject({ status: 400, json: { code: 'http/invalid' } });
  });
});
