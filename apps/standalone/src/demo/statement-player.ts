import type { Api } from './api.js';
import type { Credit } from './statement.js';

/** Requests under way at once. */
const atOnce = 48;

/**
 * Records each credit as a donation of an unidentified donor, many requests at a time; returns their sum in VND. A second
 * run over the same fund adds nothing: each line has a key of its own.
 */
export async function recordCredits(
  api: Api,
  credits: readonly Credit[],
  into: { readonly fundId: string; readonly account: string },
  onRecorded: (recorded: number, sum: bigint) => void,
): Promise<bigint> {
  const waiting = credits.values();
  let recorded = 0;
  let sum = 0n;
  const record = async (): Promise<void> => {
    for (const credit of waiting) {
      await api.post('/v1/donations', donationOf(credit, into), `statement line ${String(credit.line)}`);
      recorded += 1;
      sum += BigInt(credit.amount);
      onRecorded(recorded, sum);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, record));
  return sum;
}

function donationOf(
  { receivedOn, amount, memo }: Credit,
  into: { readonly fundId: string; readonly account: string },
): object {
  return {
    ...into,
    donor: { kind: 'unidentified' },
    method: 'bank',
    amount: { amount, currency: 'VND' },
    purpose: 'unrestricted',
    receivedOn,
    ...(memo === '' ? {} : { memo }),
  };
}
