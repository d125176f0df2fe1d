import { afterEach, describe, expect, it } from '@jest/globals';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { systemClock } from '../clock.js';
import { ConsumerDesk } from '../transport/consumer-desk.js';

let running: OpenedServices | undefined;

afterEach(() => running?.stop());

const ready = async (): Promise<{ readonly status: number; readonly body: unknown }> => {
  const answer = await fetch(`${running?.url ?? ''}/health/ready`);
  return { status: answer.status, body: await answer.json() };
};
const ahead = (ms: number) => ({
  clock: { now: () => new Date(systemClock.now().getTime() + ms) },
  follow: async () => {},
});

describe('whether a process may be sent work', () => {
  it('is yes while the store answers and nothing is stopped', async () => {
    running = await openServices([]);
    expect(await ready()).toEqual({
      status: 200,
      body: { status: 'ok', store: 'ok', stopped: [], behind: [] },
    });
    expect((await fetch(`${running.url}/health/live`)).status).toBe(200);
  });

  it('is no when its clock is more than a second off the store’s', async () => {
    running = await openServices([], { story: ahead(1_500) });
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'unready', store: 'clock-off' } });
  });

  it('is yes when its clock is half a second off', async () => {
    running = await openServices([], { story: ahead(-500) });
    expect(await ready()).toMatchObject({ status: 200 });
  });

  it('is no when a consumer cannot go on', async () => {
    running = await openServices([]);
    running.app.get(ConsumerDesk, { strict: false }).register('ledger', {
      held: () => Promise.resolve([]),
      release: () => Promise.resolve({ released: 0, waiting: 0, failure: undefined }),
      stopped: () => new Map([['mangnon.donations.v1', 'the store was restored from before it']]),
    });
    expect(await ready()).toMatchObject({
      status: 503,
      body: { stopped: ['ledger <- mangnon.donations.v1'] },
    });
  });
});
