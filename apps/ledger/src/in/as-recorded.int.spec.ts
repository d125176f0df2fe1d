import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { donationsTopic } from '#contracts/donations.v1.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventually } from '#testing/eventually.js';
import { aSource, vnd } from '#testing/fund-stories.js';
import { holding, serviceApp, type ServiceApp } from '#testing/service-app.js';
import { fundIdOfCode, streamOf } from '../fund-streams.js';
import { ledgerService } from '../ledger.module.js';

const donationId = '00000000-0000-4000-8000-000000000051';
const fundId = fundIdOfCode('AR');

let service: ServiceApp;

beforeAll(async () => {
  service = await serviceApp(ledgerService, donationsTopic);
  await service.send('POST', '/v1/funds', {
    as: holding('administrator', '*'),
    idempotencyKey: 'open-AR',
    body: {
      ...{ code: 'AR', level: 'province', openedOn: '2024-01-01' },
      name: { vi: 'Quỹ tỉnh', en: 'Provincial fund' },
      decision: { number: '12/QĐ-UBND', date: '2023-12-20', issuer: 'UBND tỉnh' },
    },
  });
});

afterAll(() => service.stop());

const get = (path: string) =>
  service.send('GET', `/v1/funds/${fundId}${path}`, { as: holding('auditor', fundId) });

async function eventsOf(stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of service.services.platform.store.read(stream)) events.push(...page);
  return events;
}

describe('balances as recorded at an instant', () => {
  it('wait for tables that lag, and are the same whenever asked', async () => {
    const holder = service.services.platform.readDatabase.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE ledger.balances, ledger.entries IN SHARE MODE');
    const source = aSource(donationId, { purpose: 'unrestricted', amount: vnd(500_000) });
    const data = { fundId, source };
    await service.tell({ type: 'DonationRecorded.v1', subject: donationId, key: fundId, data });
    const posted = await eventually(async () => {
      const event = (await eventsOf(streamOf(fundId))).find(({ type }) => type === 'DonationPosted');
      if (!event) throw new Error('not posted yet');
      return event;
    });
    let answered = false;
    const asking = get(`/balances?recordedAt=${posted.recordedAt}`).finally(() => (answered = true));
    // The tables cannot move, so an answer now would be one without the donation.
    const lagging = await get('/balances');
    expect([lagging.json['balances'], answered]).toEqual([[], false]);
    await holder.commitTransaction();
    await holder.release();
    const { json } = await asking;
    expect(json['position']).toBe(`1.${String(posted.position.number)}`);
    expect(json['balances']).toMatchObject([{ purpose: 'unrestricted', available: vnd(500_000) }]);
    expect((await get(`/balances?recordedAt=${posted.recordedAt}`)).json).toEqual(json);
  });

  it('are told as busy where the tables do not come along', async () => {
    const holder = service.services.platform.readDatabase.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE ledger.balances IN SHARE MODE');
    const other = donationId.replace('51', '52');
    const data = { fundId, source: aSource(other, { purpose: 'unrestricted' }) };
    await service.tell({ type: 'DonationRecorded.v1', subject: other, key: fundId, data });
    const answer = await get(`/balances?recordedAt=${new Date().toISOString()}`);
    await holder.commitTransaction();
    await holder.release();
    expect(answer).toMatchObject({ status: 503, json: { code: 'http/busy' } });
  });

  it('refuse a turnover that begins after it ends', async () => {
    const answer = await get('/trial-balance?from=2025-02-01&asOf=2025-01-31');
    expect(answer).toMatchObject({ status: 400, json: { fields: [{ field: 'from' }] } });
  });
});
