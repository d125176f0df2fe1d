import { describe, expect, it } from '@jest/globals';
import { NotReached, type ProjectionStatus } from '#read-models/standings.js';
import { registerShows } from './register-shows.js';

const standing = (name: string, number: number, state: ProjectionStatus['state'] = 'live') =>
  ({
    ...{ service: 'receipts', name: `receipts.${name}`, version: 1, fedBy: 'streams', state },
    position: { incarnation: 1, number },
  }) satisfies ProjectionStatus;

const wait = (...statuses: readonly ProjectionStatus[]) =>
  registerShows({ status: () => statuses }, { incarnation: 1, number: 5 }, 40);

describe('waiting for the register', () => {
  it('asks for its own two tables only, though others of the service lag or are stopped', async () => {
    const own = [standing('register', 5), standing('donation_receipts', 6)];
    await wait(...own, standing('named_records', 1, 'stopped'), standing('due_dates', 2));
  });

  it('ends where one of them lags for too long, or at once where one is stopped', async () => {
    await expect(wait(standing('register', 4), standing('donation_receipts', 6))).rejects.toThrow(NotReached);
    const stopped = wait(standing('register', 5), standing('donation_receipts', 6, 'stopped'));
    await expect(stopped).rejects.toThrow('receipts.donation_receipts is stopped');
  });
});
