import { describe, expect, it } from '@jest/globals';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import type { ReadModels } from '#read-models/read-models.js';
import { donationsService } from '../donations.module.js';
import { LedgerSubscription } from './ledger.subscription.js';
import { ReceiptsSubscription } from './receipts.subscription.js';
import type { Streams } from './streams.js';

/** Names of the tables that are handed what a topic says. */
async function fed(subscribed: (readModels: ReadModels) => Promise<void>): Promise<readonly string[]> {
  const names: string[] = [];
  const applyMessages: ReadModels['applyMessages'] = async (tables) => {
    names.push(...tables.map(({ name }) => name));
  };
  await subscribed({ applyMessages } as ReadModels);
  return names.sort();
}

/** Names of the service's tables that say that they are fed by it. */
const wanting = (topic: string): readonly string[] =>
  donationsService.projections
    .flatMap((projection) =>
      'topics' in projection && projection.topics.includes(topic) ? [projection.name] : [],
    )
    .sort();

describe('the tables of the donations service', () => {
  it('are handed every topic that they want, and no other', async () => {
    const ledger = await fed((readModels) => new LedgerSubscription(readModels, {} as Streams).on([]));
    expect(ledger).toEqual(wanting(ledgerTopic));
    const receipts = await fed((readModels) => new ReceiptsSubscription(readModels).on([]));
    expect(receipts).toEqual(wanting(receiptsTopic));
    expect([ledger.length, receipts.length].every((count) => count > 0)).toBe(true);
  });
});
