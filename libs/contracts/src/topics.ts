import type { TopicDeclaration } from '#kernel/topic.js';
import { accessTopic } from './access.v1.js';
import { donationsTopic } from './donations.v1.js';
import { ledgerTopic } from './ledger.v1.js';
import { receiptsTopic } from './receipts.v1.js';

/** Kept for ever, since a new reader begins at the first message, and every message of a key: order would mean nothing else. */
const kept = { retentionMs: 'for ever', compaction: false } as const;

/**
 * Every topic between services, with who writes and who reads it: what is made at the brokers, asserted when a process
 * starts, and allowed to each service. Twelve partitions are shared evenly by 2, 3, 4 or 6 processes of a service.
 */
export const topics: readonly TopicDeclaration[] = [
  { ...kept, name: accessTopic, partitions: 3, owner: 'access', readers: [] },
  { ...kept, name: donationsTopic, partitions: 12, owner: 'donations', readers: ['ledger', 'receipts'] },
  {
    ...kept,
    name: ledgerTopic,
    partitions: 12,
    owner: 'ledger',
    readers: ['access', 'donations', 'ledger', 'receipts'],
  },
  {
    ...kept,
    name: receiptsTopic,
    partitions: 12,
    owner: 'receipts',
    readers: ['donations', 'ledger', 'receipts-render'],
  },
];
