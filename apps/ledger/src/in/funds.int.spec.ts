import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { donationsTopic } from '#contracts/donations.v1.js';
import { vnd } from '#testing/fund-stories.js';
import { holding, serviceApp, type Answer, type ServiceApp } from '#testing/service-app.js';
import { fundIdOfCode } from '../fund-streams.js';
import { ledgerService } from '../ledger.module.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const chief = holding('administrator', '*');

let service: ServiceApp;

beforeAll(async () => {
  service = await serviceApp(ledgerService, donationsTopic);
});

afterAll(() => service.stop());

const ask = (url: string, as = chief): Promise<Answer> => service.ask(url, as);

function post(url: string, idempotencyKey: string, body?: object, as = chief): Promise<Answer> {
  return service.send('POST', url, { as, idempotencyKey, ...(body && { body }) });
}

const fundBody = (code: string, changes: object = {}) => ({
  code,
  level: 'province',
  name: { vi: `Quỹ ${code}`, en: `Fund ${code}` },
  decision: { number: '12/QĐ-UBND', date: '2023-12-20', issuer: 'UBND tỉnh' },
  openedOn: '2024-01-01',
  ...changes,
});

describe('opening funds', () => {
  it('answers with the fund, which is there at once, and the same to the same key', async () => {
    const body = fundBody('LS', {
      bankAccounts: [{ account: 'bank.vcb1' }],
      purposes: [{ code: 'HEART', name: { vi: 'Tim', en: 'Hearts' } }],
      openingBalances: [
        { account: 'cash', amount: vnd(1_000_000) },
        { account: 'bank.vcb1', purpose: 'HEART', amount: vnd(9_000_000) },
      ],
    });
    const opened = await post('/v1/funds', 'ls', body);
    expect(opened).toMatchObject({
      status: 201,
      json: {
        fundId: fundIdOfCode('LS'),
        code: 'LS',
        regime: 'public-service-unit',
        accounts: ['cash', 'bank.vcb1'],
        purposes: [{ code: 'HEART', open: true, campaignId: null }],
        lastEntryNumber: 1,
      },
    });
    const there = await ask(`/v1/funds/${fundIdOfCode('LS')}`);
    expect(there.json).toEqual(opened.json);
    await post(`/v1/funds/${fundIdOfCode('LS')}/purposes`, 'milk', purposeBody('MILK'));
    expect(await post('/v1/funds', 'ls', body)).toEqual(opened);
  });

  it('refuses another body under the same key, another code included', async () => {
    await post('/v1/funds', 'yb', fundBody('YB'));
    for (const other of [fundBody('YB', { openedOn: '2024-02-01' }), fundBody('YB2'), fundBody('LS')])
      expect(await post('/v1/funds', 'yb', other)).toMatchObject({
        status: 422,
        json: { code: 'idempotency/body-differs' },
      });
    expect(await ask(`/v1/funds/${fundIdOfCode('YB2')}`)).toMatchObject({ status: 404 });
  });

  it('lets a refused body be mended under the same key', async () => {
    const bad = fundBody('HG', { openedOn: '2030-01-01' });
    expect(await post('/v1/funds', 'hg', bad)).toMatchObject({
      status: 422,
      json: { code: 'fund/opened-in-future' },
    });
    expect(await post('/v1/funds', 'hg', fundBody('HG'))).toMatchObject({ status: 201 });
  });

  it('gives a code to one of two funds opened at once', async () => {
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => post('/v1/funds', `cb-${name}`, fundBody('CB'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({ code: 'fund/code-taken' });
  });

  it('puts funds under one another, by who administers the one above', async () => {
    const national = await post('/v1/funds', 'vn', fundBody('VN', { level: 'national' }));
    const parentFundId = String(national.json['fundId']);
    const province = fundBody('SL', { parentFundId });
    expect(await post('/v1/funds', 'sl', province, holding('administrator', uuid(9)))).toMatchObject({
      status: 403,
    });
    const under = holding('administrator', parentFundId);
    expect(await post('/v1/funds', 'sl', province, under)).toMatchObject({
      status: 201,
      json: { parentFundId },
    });
    expect(await post('/v1/funds', 'sx', fundBody('SX', { parentFundId: uuid(9) }))).toMatchObject({
      status: 422,
      json: { code: 'fund/parent-unknown' },
    });
    const listed = await ask('/v1/funds?limit=200');
    expect(listed.json['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'SL', level: 'province', parentFundId })]),
    );
    const own = await ask('/v1/funds', under);
    expect(own.json['items']).toMatchObject([{ code: 'VN' }]);
  });

  it.each([
    ['an unknown field', { colour: 'red' }],
    ['an account that is none', { openingBalances: [{ account: 'income.donation', amount: vnd(1) }] }],
    ['a negative balance', { openingBalances: [{ account: 'cash', amount: vnd(-1) }] }],
    ['no name', { name: { vi: '', en: 'x' } }],
  ])('refuses %s by its form', async (_, changes) => {
    const answer = await post('/v1/funds', 'zz', fundBody('ZZ', changes));
    expect(answer).toMatchObject({ status: 400, json: { code: 'http/invalid' } });
  });
});

const purposeBody = (code: string): object => ({ code, name: { vi: 'Sữa', en: 'Milk' } });

describe('purposes', () => {
  const fundId = fundIdOfCode('LS');
  const accountant = holding('accountant', fundId);

  it('are opened and closed by who may, on the very fund', async () => {
    const url = `/v1/funds/${fundId}/purposes`;
    const opened = await post(url, 'tet', purposeBody('TET'), accountant);
    expect(opened).toMatchObject({ status: 201, json: { code: 'TET', open: true } });
    const purpose = String(opened.json['purpose']);
    for (const outsider of [holding('accountant', uuid(9)), holding('viewer', fundId)])
      expect(await post(`${url}/${purpose}/close`, 'x', undefined, outsider)).toMatchObject({
        status: 403,
      });
    const closed = await post(`${url}/${purpose}/close`, 'close', undefined, accountant);
    expect(closed).toMatchObject({ status: 200, json: { purpose, open: false } });
    expect(await post(`${url}/${purpose}/close`, 'close', undefined, accountant)).toEqual(closed);
    expect(await post(`${url}/${purpose}/close`, 'again', undefined, accountant)).toMatchObject({
      status: 409,
      json: { code: 'fund/purpose-closed' },
    });
  });
});
