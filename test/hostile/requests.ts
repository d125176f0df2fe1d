import type { Asked, Bench } from './bench.js';

/** Where donations are recorded. */
export const donations = '/v1/donations';
/** How what is no field, or is not held by one, is refused. */
export const invalid = { status: 400, code: 'http/invalid' } as const;
/** So many megabytes of nothing. */
export const megabytes = (count: number): Buffer => Buffer.alloc(count * 1_000_000, ' ');

/** Donations that differ from a good one in some members. */
export const donated =
  (...changes: readonly object[]) =>
  (bench: Bench): readonly Asked[] =>
    changes.map((change) => ({ path: donations, body: bench.donation(change) }));
