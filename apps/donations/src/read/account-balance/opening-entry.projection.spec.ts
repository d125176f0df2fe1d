import { describe, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import { openingEntryProjection, type OpeningEntryRow } from './opening-entry.projection.js';

const vnd = { amount: '5', currency: 'VND' };
const line = (account: string) => ({ account, purpose: 'unrestricted', amount: vnd });
const entry = (entryId: string, accounts: readonly string[], more: object = {}) => ({
  ...{ fundId: 'f1', entryId, effectiveOn: '2025-03-05' },
  postings: accounts.map(line),
  ...more,
});
const message = (type: string, data: object): Message => ({ type, data }) as Message;
const opening = message('EntryPosted.v1', entry('opening.s1', ['bank.1', 'equity.opening']));

/** The entries that stand after messages. */
function standing(...messages: readonly Message[]): readonly OpeningEntryRow[] {
  const rows = new Map<string, OpeningEntryRow>();
  for (const one of messages)
    for (const key of openingEntryProjection.keysOf(one)) {
      const row = openingEntryProjection.project(rows.get(key), one, key);
      if (row) rows.set(key, row);
      else rows.delete(key);
    }
  return [...rows.values()];
}

describe('opening entries of bank accounts', () => {
  it('are those against equity, by account, whoever wrote them', () => {
    const journal = message('JournalPosted.v1', entry('journal.j1', ['bank.2', 'cash', 'equity.opening']));
    const other = message('JournalPosted.v1', entry('journal.j2', ['bank.2', 'income.other']));
    expect(standing(opening, journal, other)).toMatchObject([
      { fund_id: 'f1', entry_id: 'opening.s1', account: 'bank.1', currency: 'VND', day: '2025-03-05' },
      { entry_id: 'journal.j1', account: 'bank.2' },
    ]);
  });

  it('begin on the day that the bank tells, whatever day the books were open for', () => {
    const moved = entry('opening.s1', ['bank.1', 'equity.opening'], { bookedOn: '2025-02-27' });
    expect(standing(message('EntryPosted.v1', moved))).toMatchObject([{ day: '2025-02-27' }]);
  });

  it('stand no longer once they are reversed', () => {
    const reversal = entry('journal.j3', ['bank.1', 'equity.opening'], { reversesEntryId: 'opening.s1' });
    expect(standing(opening, message('JournalPosted.v1', reversal))).toEqual([]);
  });
});
