import { describe, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import { accountBalanceProjection, type AccountBalanceRow } from './account-balance.projection.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' });
const message = (type: string, data: object): Message => ({ type, data }) as Message;
const entry = (amount: string, more: object = {}) => ({
  ...{ fundId: 'f1', entryId: 'e1', effectiveOn: '2025-03-05' },
  postings: [
    { account: 'bank.1', purpose: 'unrestricted', amount: vnd(amount) },
    { account: 'income.donation', purpose: 'unrestricted', amount: vnd(`-${amount}`) },
  ],
  ...more,
});

/** The rows that messages leave, by day. */
function folded(...messages: readonly Message[]): Readonly<Record<string, string>> {
  const rows = new Map<string, AccountBalanceRow>();
  for (const one of messages)
    for (const key of accountBalanceProjection.keysOf(one)) {
      const row = accountBalanceProjection.project(rows.get(key), one, key);
      if (row) rows.set(key, row);
    }
  return Object.fromEntries(
    [...rows.values()].map(({ account, day, moved }) => [`${account} ${day}`, moved]),
  );
}

describe('what the books moved on bank accounts', () => {
  it('is summed by day over every message that says what was posted', () => {
    const types = ['RefundPosted', 'VoidPosted', 'EntryPosted', 'ClassificationPosted', 'DonationReassigned'];
    const messages = [...types, 'JournalPosted'].map((type) => message(`${type}.v1`, entry('5')));
    expect(folded(...messages)).toEqual({ 'bank.1 2025-03-05': '30' });
  });

  it('counts a donation on the day that the bank received it, whatever day the books were open for', () => {
    const late = entry('7', { source: { receivedOn: '2025-02-27' } });
    expect(folded(message('DonationPosted.v1', late))).toEqual({ 'bank.1 2025-02-27': '7' });
  });

  it('counts what the bank itself tells on its day there, and a void on the day of what never came', () => {
    const booked = entry('7', { bookedOn: '2025-02-26' });
    const never = entry('-3', { source: { receivedOn: '2025-02-27' } });
    expect(
      folded(
        message('EntryPosted.v1', booked),
        message('ClassificationPosted.v1', booked),
        message('VoidPosted.v1', never),
      ),
    ).toEqual({ 'bank.1 2025-02-26': '14', 'bank.1 2025-02-27': '-3' });
  });

  it('takes no journal for posted that is only approved, and nothing but bank accounts', () => {
    const cash = {
      ...entry('5'),
      postings: [{ account: 'cash', purpose: 'unrestricted', amount: vnd('5') }],
    };
    expect(
      folded(
        message('JournalApproved.v1', entry('5')),
        message('EntryPosted.v1', cash),
        message('FundOpened.v1', {}),
      ),
    ).toEqual({});
  });

  it('adds up several lines of one account in one entry', () => {
    const line = { account: 'bank.1', purpose: 'p' };
    const postings = [
      { ...line, amount: vnd('5') },
      { ...line, amount: vnd('-2') },
      { ...line, account: 'bank.2', amount: vnd('-3') },
    ];
    expect(folded(message('JournalPosted.v1', { ...entry('0'), postings }))).toEqual({
      'bank.1 2025-03-05': '3',
      'bank.2 2025-03-05': '-3',
    });
  });
});
