import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectAlerts } from '#testing/alerts.js';
import { openLink, type Link } from '#testing/event-store-link.js';
import { eventually } from '#testing/eventually.js';
import { receipted, record, refusal, walkMs } from './asking.js';
import { FundAtWork } from './fund-at-work.js';

let [books, vault]: Link[] = [];
let work: FundAtWork;
const alerts = expectAlerts(/^\[Http\] (GET|POST) \S+: an engine does not answer, /);

beforeAll(async () => {
  const links: Link[] = [];
  const reach = async (url: string): Promise<string> => {
    const link = await openLink(url);
    links.push(link);
    return link.url;
  };
  work = await FundAtWork.open({ reach });
  [books, vault] = links;
});
afterAll(async () => {
  await work.close();
  await Promise.all([books!.close(), vault!.close()]);
});

const busy = refusal(503, 'http/busy');
const register = (key: string): Promise<{ readonly donorId: string }> => {
  const body = { fundId: work.fundId, class: 'business', inProvince: true, name: 'Cửa hàng Mai (giả định)' };
  return work.people.cashier.api.post('/v1/donors', body, key);
};
const donors = async (): Promise<readonly unknown[]> => {
  const path = `/v1/donors?fundId=${work.fundId}`;
  return (await work.people.accountant.api.get<{ readonly items: readonly unknown[] }>(path)).items;
};

/** What was logged as a bug of ours while requests were answered. */
const bugs = () => alerts.unexpected.filter((line) => line.startsWith('[Http]'));

describe('while the database of the books is away', () => {
  const key = randomUUID();

  it('every request is told to come again, whoever asks, and none counts as a bug', async () => {
    await record(work, { donor: { kind: 'anonymous' } });
    await donors();
    await books!.refuse();
    await expect(record(work, { donor: { kind: 'anonymous' } }, { key })).rejects.toEqual(busy);
    await expect(register(key)).rejects.toEqual(busy);
    await expect(donors()).rejects.toEqual(busy);
    await expect(work.people.approver.api.get(`/v1/receipts?fund=${work.fundId}`)).rejects.toEqual(busy);
    await expect(work.people.administrator.api.get('/v1/admin/parked')).rejects.toEqual(busy);
    for (const stream of ['fund-', 'receipt-book-', 'donation-'].map((prefix) => prefix + work.fundId))
      await expect(
        work.people.administrator.api.post('/v1/admin/parked/replays', { stream }),
      ).rejects.toEqual(busy);
    expect(bugs()).toEqual([]);
  });

  it('the same requests go through once it is back, each once', async () => {
    await books!.accept();
    const { donationId } = await eventually(
      () => record(work, { donor: { kind: 'anonymous' } }, { key }),
      walkMs,
    );
    expect(await record(work, { donor: { kind: 'anonymous' } }, { key })).toMatchObject({ donationId });
    await receipted(work, donationId, { number: 'LS-2025-000002' });
    const { donorId } = await register(key);
    expect(await register(key)).toMatchObject({ donorId });
  });
});

describe('while the vault is away', () => {
  const key = randomUUID();

  it('whoever brings personal data is told to come again, and what needs none is recorded', async () => {
    await vault!.refuse();
    await expect(register(key)).rejects.toEqual(busy);
    const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
    expect(donationId).toBeDefined();
    expect(bugs()).toEqual([]);
  });

  it('the same request goes through once it is back', async () => {
    await vault!.accept();
    const { donorId } = await register(key);
    await eventually(async () => {
      expect(await donors()).toContainEqual(expect.objectContaining({ donorId }));
    }, walkMs);
  });
});
