import { describe, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import { claimableEntryProjection, type ClaimableEntryRow } from './claimable-entry.projection.js';

const line = ([account, amount]: [string, string]) => ({
  ...{ account, purpose: 'unrestricted', amount: { amount, currency: 'VND' } },
});
const message = (type: string, entryId: string, moved: Record<string, string>, more: object = {}): Message =>
  ({
    type,
    data: {
      ...{ fundId: 'f1', entryId, effectiveOn: '2025-03-05', ...more },
      postings: Object.entries(moved).map(line),
    },
  }) as Message;
const journal = (entryId: string, moved: Record<string, string>, more?: object) =>
  message('JournalPosted.v1', entryId, moved, more);

/** What may be claimed after messages. */
function claimable(...messages: readonly Message[]): readonly ClaimableEntryRow[] {
  const rows = new Map<string, ClaimableEntryRow>();
  for (const one of messages)
    for (const key of claimableEntryProjection.keysOf(one)) {
      const row = claimableEntryProjection.project(rows.get(key), one, key);
      if (row) rows.set(key, row);
      else rows.delete(key);
    }
  return [...rows.values()];
}

describe('entries that a row of a statement may say again', () => {
  it('are what refunds and journals moved on bank accounts, by account', () => {
    const transfer = journal('journal.j1', { 'bank.1': '-700', 'bank.2': '500', cash: '200' });
    const refund = message(
      'RefundPosted.v1',
      'refund.r1',
      { 'bank.1': '-9', 'income.donation': '9' },
      { reversesEntryId: 'donation.d1' },
    );
    expect(claimable(transfer, refund)).toMatchObject([
      { fund_id: 'f1', entry_id: 'journal.j1', account: 'bank.1', amount: '-700', day: '2025-03-05' },
      { entry_id: 'journal.j1', account: 'bank.2', amount: '500' },
      { entry_id: 'refund.r1', account: 'bank.1', amount: '-9' },
    ]);
  });

  it('are neither opening entries nor what was reversed, nor the reversal', () => {
    const opened = journal('journal.j1', { 'bank.1': '5', 'equity.opening': '-5' });
    const wrong = journal('journal.j2', { 'bank.1': '5', 'income.interest': '-5' });
    const undone = journal(
      'journal.j3',
      { 'bank.1': '-5', 'income.interest': '5' },
      { reversesEntryId: 'journal.j2' },
    );
    expect(claimable(opened, wrong, undone)).toEqual([]);
    const approved = message('JournalApproved.v1', 'journal.j4', { 'bank.1': '5', cash: '-5' });
    expect(claimable(approved)).toEqual([]);
  });
});
