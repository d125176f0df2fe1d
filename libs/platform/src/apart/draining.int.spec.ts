import { afterEach, describe, expect, it } from '@jest/globals';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { drainable, type Drain } from './draining.js';

let running: OpenedServices | undefined;

afterEach(() => running?.stop());

async function opened(): Promise<{ readonly url: string; readonly drain: Drain }> {
  let drain: Drain = () => Promise.reject(new Error('not prepared'));
  running = await openServices([], {
    prepare: async (app) => {
      drain = drainable(app);
    },
  });
  return { url: running.url, drain };
}

describe('a process that is drained', () => {
  it('keeps its connections before', async () => {
    const { url } = await opened();
    const answer = await fetch(`${url}/health/ready`);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'keep-alive']);
  });

  it('is not ready, answers everything else as ever, and lets go of each connection that it answers', async () => {
    const { url, drain } = await opened();
    const drained = drain(300);
    const [ready, live] = [await fetch(`${url}/health/ready`), await fetch(`${url}/health/live`)];
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready, live].map(({ headers }) => headers.get('connection'))).toEqual(['close', 'close']);
    await drained;
  });

  it('is drained at once where somebody cannot wait', async () => {
    const { drain } = await opened();
    const inHaste = new AbortController();
    const drained = drain(300_000, inHaste.signal);
    inHaste.abort();
    await expect(drained).resolves.toBeUndefined();
  });
});
