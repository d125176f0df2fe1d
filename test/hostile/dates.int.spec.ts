import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '#platform/open-api/document.js';
import { firstDate, lastDate } from '#kernel/dates.js';
import { roles } from '#kernel/roles.js';
import { newEvent } from '#testing/events.js';
import { ApiAtWork, type Answer } from '../docs/api-at-work.js';

const text = { vi: 'Thí dụ', en: 'Example' };
const amount = { amount: '1000', currency: 'VND' };
const postings = [
  { account: 'receivable', amount },
  { account: 'payable', amount: { ...amount, amount: '-1000' } },
];
const paper = { number: '1', date: firstDate };
const middle = '2100-01-01';
const outside = ['0000-01-01', '0001-01-01', '1899-12-31', '2201-01-01', '9999-12-31'];

type Json = Readonly<Record<string, unknown>>;
type Schema = Json & { readonly properties?: Readonly<Record<string, Json>> };

let api: ApiAtWork;
let description: OpenAPIObject;
let fundId: string;
let donorId: string;
let staffId: string;
let codes = 0;

const code = (): string => `C${String((codes += 1))}`;
const idOf = (answer: Answer, name: string): string => (answer.body as Record<string, string>)[name] ?? '';

beforeAll(async () => {
  api = await ApiAtWork.open();
  description = openApiDocument(api.running.app, undefined);
  fundId = idOf(await api.post('/v1/funds', fund()), 'fundId');
  const donor = { fundId, class: 'individual', inProvince: true, name: 'Thí Dụ' };
  donorId = idOf(await api.post('/v1/donors', donor), 'donorId');
  const person = { fundId, login: 'thi.du', name: 'Thí Dụ', email: 'thi.du@example.org' };
  staffId = idOf(await api.post('/v1/staff', person), 'staffId');
});
afterAll(() => api.close());

function fund(): Json {
  const decision = { ...paper, issuer: 'UBND tỉnh' };
  return { code: code(), level: 'province', name: text, decision, openedOn: firstDate };
}

function campaign(): Json {
  return {
    ...{
      fundId,
      code: code(),
      name: text,
      appeal: paper,
      committeeDecision: paper,
      receivingAccount: 'cash',
    },
    ...{ opensOn: firstDate, closesOn: middle, purposeStatement: text },
  };
}

async function ownFundId(): Promise<string> {
  return idOf(await api.post('/v1/funds', fund()), 'fundId');
}

async function campaignId(): Promise<string> {
  return idOf(await api.post('/v1/campaigns', campaign()), 'campaignId');
}

/** For every route that takes a date in its body, where to send what; a date is then put at each place. */
const bodies: Readonly<Record<string, () => Promise<readonly [path: string, body: Json]>>> = {
  'post /v1/funds': () => Promise.resolve(['/v1/funds', fund()]),
  'post /v1/campaigns': () => Promise.resolve(['/v1/campaigns', campaign()]),
  'post /v1/campaigns/{id}/extension': async () => [
    `/v1/campaigns/${await campaignId()}/extension`,
    { closesOn: lastDate, decision: paper },
  ],
  'post /v1/pledges': async () => [
    '/v1/pledges',
    { campaignId: await campaignId(), donorId, amount, dueOn: middle },
  ],
  'post /v1/donations': () =>
    Promise.resolve([
      '/v1/donations',
      { fundId, donor: { kind: 'named', donorId }, method: 'cash', amount, receivedOn: '2020-06-01' },
    ]),
  'post /v1/journals': () =>
    Promise.resolve([
      '/v1/journals',
      { fundId, kind: 'manual', text: 'x', postings, effectiveOn: firstDate },
    ]),
  'post /v1/funds/{id}/periods/close': async () => [
    `/v1/funds/${await ownFundId()}/periods/close`,
    { through: firstDate },
  ],
  'post /v1/funds/{id}/periods/reopenings': async () => {
    const periods = `/v1/funds/${await ownFundId()}/periods`;
    await api.post(`${periods}/close`, { through: firstDate });
    return [`${periods}/reopenings`, { from: firstDate, reason: 'x' }];
  },
  'post /v1/staff/{id}/grants': () =>
    Promise.resolve([
      `/v1/staff/${staffId}/grants`,
      { role: roles[(codes += 1) % roles.length], fundId, from: firstDate, until: lastDate },
    ]),
};

/** Paths of dates in the body of each route, such as `decision.date`. */
function datesOf(schema: Schema, path: readonly string[] = []): readonly string[] {
  if (typeof schema['$ref'] === 'string') {
    const name = schema['$ref'].split('/').at(-1) ?? '';
    return datesOf(description.components?.schemas?.[name] as Schema, path);
  }
  const inner = [schema['allOf'], schema['items']].flat().filter((one) => one !== undefined) as Schema[];
  return [
    ...(schema['format'] === 'date' ? [path.join('.')] : []),
    ...inner.flatMap((one) => datesOf(one, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => datesOf(one, [...path, name])),
  ];
}

function placesOfDates(): readonly (readonly [route: string, places: readonly string[]])[] {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { requestBody?: { content: Record<string, Json> } }>).flatMap(
      ([method, { requestBody }]) => {
        const schema = requestBody?.content['application/json']?.['schema'] as Schema | undefined;
        const places = schema ? datesOf(schema) : [];
        return places.length > 0 ? [[`${method} ${path}`, places] as const] : [];
      },
    ),
  );
}

function withDate(body: Json, place: string, date: string): Json {
  const [name = '', ...rest] = place.split('.');
  if (rest.length === 0) return { ...body, [name]: date };
  return { ...body, [name]: withDate(body[name] as Json, rest.join('.'), date) };
}

async function sendEach(dates: readonly string[]): Promise<readonly [what: string, answer: Answer][]> {
  const told: [string, Answer][] = [];
  for (const [route, places] of placesOfDates())
    for (const place of places)
      for (const date of dates) {
        const [path, body] = (await bodies[route]?.()) ?? [route, {}];
        const answer = await api.post(path, withDate(body, place, date));
        told.push([`${route} ${place} ${date}`, answer]);
      }
  return told;
}

describe('dates far off', () => {
  it('are asked of every route that takes one', () => {
    expect(placesOfDates().map(([route]) => route)).toEqual(expect.arrayContaining(Object.keys(bodies)));
    expect(placesOfDates().filter(([route]) => !bodies[route])).toEqual([]);
  });

  it('are refused where they stand outside the bounds', async () => {
    for (const [what, { status, body }] of await sendEach(outside)) {
      const [, place] = what.split(' ', 3).slice(1);
      expect([what, status, body]).toMatchObject([what, 400, { fields: [{ field: place }] }]);
    }
  });

  it('come through to every table where they stand at the bounds', async () => {
    const told = await sendEach([firstDate, lastDate]);
    expect(told.filter(([, { status }]) => status >= 500)).toEqual([]);
    expect(told.filter(([, { status }]) => status < 300).length).toBeGreaterThan(told.length / 2);
    await api.caughtUp();
  });

  it('that were recorded before there were bounds stop no table', async () => {
    const id = crypto.randomUUID();
    const opened = { ...campaign(), campaignId: id, opensOn: '0000-02-29', closesOn: '9999-12-31' };
    const event = newEvent('CampaignOpened', { ...opened, purpose: fundId });
    await api.running.platform.store.append(`campaign-${id}`, [event], 'no_stream');
    await api.caughtUp();
    const { items } = (await api.get(`/v1/campaigns?fundId=${fundId}`)).body as { readonly items: object[] };
    expect(items[0]).toMatchObject({ campaignId: id, closesOn: '9999-12-31' });
  });
});
