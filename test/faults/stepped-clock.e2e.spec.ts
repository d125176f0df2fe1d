import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventLog } from '#platform/archive/event-log.js';
import { receipted, record } from '../journeys/asking.js';
import { replayed } from '../journeys/auditing.js';
import { FundAtWork } from '../journeys/fund-at-work.js';
import { eventsAfter } from './events-after.js';

/** Twenty minutes into the new year by a clock that is forty minutes ahead. */
const ahead = '2026-01-01T00:20:00+07:00';
const right = ['2025-12-31T23:35:00+07:00', '2025-12-31T23:45:00+07:00'] as const;

describe('a clock that was stepped back between two starts', () => {
  let work: FundAtWork;
  const named = (email: string): object => ({
    donor: {
      kind: 'named',
      details: {
        class: 'unit',
        inProvince: true,
        name: 'Trường Thí Dụ (giả định)',
        address: 'Xã Mẫu',
        email,
      },
    },
  });
  const ready = async (): Promise<number> => (await fetch(`${work.url}/health/ready`)).status;
  /** Its receipt's number, once that was mailed. */
  const numbered = async (email: string): Promise<string | undefined> => {
    const { donationId } = await record(work, named(email));
    const [receipt] = await receipted(work, donationId, { mail: { state: 'sent' } });
    return receipt?.number;
  };

  beforeAll(async () => {
    work = await FundAtWork.open({ begin: right[0] });
  });
  afterAll(() => work.close());

  it('takes no time of recording back, nor the year of a receipt, and holds nothing up', async () => {
    await work.startAt(ahead);
    expect(await numbered('truoc@example.org')).toBe('LS-2026-000001');
    await work.startAt(right[1]);
    expect([work.today, await ready()]).toEqual(['2025-12-31', 200]);
    expect(await numbered('lui@example.org')).toBe('LS-2026-000002');
    await work.startAt('2026-01-01T00:30:00+07:00');
    expect([work.today, await ready()]).toEqual(['2026-01-01', 200]);
    expect(await numbered('sau@example.org')).toBe('LS-2026-000003');
    const log = openEventLog(work.database.url);
    const events = await eventsAfter(log.store, undefined).finally(() => log.close());
    const times = events.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted());
    expect(events.filter(({ type }) => type === 'DonationRecorded').map(({ data }) => data)).toMatchObject([
      { source: { receivedOn: '2026-01-01' } },
      { source: { receivedOn: '2025-12-31' } },
      { source: { receivedOn: '2026-01-01' } },
    ]);
    await replayed(work);
  });
});
