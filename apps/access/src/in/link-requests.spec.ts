import { describe, expect, it } from '@jest/globals';
import { LinkRequests, waitingMax } from './link-requests.js';

describe('requests for links', () => {
  it('are carried out after they were taken, in order, and again later', async () => {
    const done: string[] = [];
    const requests = new LinkRequests(async (login) => void done.push(login), fail);
    requests.take('lan');
    requests.take('minh');
    expect(done).toEqual([]);
    await requests.settled();
    expect(done).toEqual(['lan', 'minh']);
    requests.take('lan');
    await requests.settled();
    expect(done).toHaveLength(3);
  });

  it('go on after one that fails', async () => {
    const faults: unknown[] = [];
    const done: string[] = [];
    const requests = new LinkRequests(
      (login) =>
        login === 'bad' ? Promise.reject(new Error('busy')) : Promise.resolve(void done.push(login)),
      (error) => faults.push(error),
    );
    for (const login of ['bad', 'lan']) requests.take(login);
    await requests.settled();
    expect([faults, done]).toEqual([[new Error('busy')], ['lan']]);
  });

  it('are dropped when too many wait', async () => {
    let done = 0;
    const requests = new LinkRequests(async () => void (done += 1), fail);
    for (let count = 0; count < waitingMax + 5; count += 1) requests.take('lan');
    await requests.settled();
    expect(done).toBe(waitingMax);
  });
});

function fail(error: unknown): never {
  throw error;
}
