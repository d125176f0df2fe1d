import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import {
  statement,
  type ConfirmStatement,
  type StatementCommand,
  type UploadStatement,
} from './statement.decide.js';
import type { StatementEvent } from './statement.events.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const [first, last] = [localDate('2024-09-09'), localDate('2024-09-10')];
const upload: UploadStatement = {
  type: 'UploadStatement',
  ...{ statementId: 's1', account: 'bank.vcb', currency: 'VND', by: 'staff-1', today: last },
  fund: { fundId: 'f1', openedOn: localDate('2024-01-01') },
  file: { fileRecordId: 'r1', digest: 'd1', bytes: 452_238 },
  profile: {
    name: 'plain',
    columns: { date: 'date', details: 'details', debit: 'debit', credit: 'credit', balance: 'balance' },
    ...{ dateFormat: 'yyyy-mm-dd', decimal: '.', thousands: ',', order: 'oldest-first', footers: [] },
  },
  totals: {
    ...{ rows: 20_000, opening: vnd('24700'), closing: vnd('11464968006') },
    ...{ credits: vnd('11464843306'), debits: vnd('0'), breaks: [], firstOn: first, lastOn: last },
  },
  foreseen: {
    ...{ donations: 19_999, debits: 0, unexplained: 1, known: 0, misdirected: 0 },
    ...{ campaigns: [], bookBalance: vnd('24700') },
  },
};
const { statementId, account, currency, file, profile, totals, foreseen } = upload;
const uploaded: StatementEvent = {
  type: 'StatementUploaded',
  data: {
    statementId,
    fundId: 'f1',
    account,
    currency,
    file,
    profile,
    totals,
    foreseen,
    uploadedBy: 'staff-1',
  },
};
const confirm: ConfirmStatement = {
  type: 'ConfirmStatement',
  ...{ bookBalance: vnd('24700'), newRows: 20_000, openingEntry: false, by: 'staff-2' },
};
const confirmed: StatementEvent = {
  type: 'StatementConfirmed',
  data: { statementId: 's1', fundId: 'f1', account: 'bank.vcb', confirmedBy: 'staff-2' },
};
const rows = { donations: 19_999, debits: 0, unexplained: 1, known: 0 };
const imported: StatementEvent = { type: 'StatementImported', data: rows };
const complete = { type: 'CompleteImport', ...rows } as const;
const discard = { type: 'DiscardStatement', by: 'staff-2' } as const;
const discarded: StatementEvent = { type: 'StatementDiscarded', data: { discardedBy: 'staff-2' } };

describe('a statement', () => {
  it('is uploaded with what it adds up to and how it was read', () => {
    given(statement).when(upload).then(uploaded);
  });

  it('is confirmed where the books stand at its opening, and nothing is posted besides its rows', () => {
    given(statement, [uploaded]).when(confirm).then(confirmed);
    given(statement, [uploaded])
      .when({ ...confirm, openingEntry: true })
      .then(confirmed);
  });

  it('has the difference posted as an opening entry on the day of its first row, when that is wanted', () => {
    given(statement, [uploaded])
      .when({ ...confirm, bookBalance: vnd('4700'), openingEntry: true })
      .then({
        type: 'StatementConfirmed',
        data: { ...confirmed.data, openingEntry: { amount: vnd('20000'), effectiveOn: first } },
      });
  });

  it('is imported once, however often the importer starts again', () => {
    given(statement, [uploaded, confirmed]).when(complete).then(imported);
    given(statement, [uploaded, confirmed, imported]).when(complete).nothing();
  });

  it('is discarded before anybody has confirmed it', () => {
    given(statement, [uploaded]).when(discard).then(discarded);
  });

  const cases: readonly (readonly [
    string,
    readonly StatementEvent[],
    StatementCommand,
    Record<string, string>?,
  ])[] = [
    ['statement/unknown', [], confirm],
    ['statement/unknown', [], discard],
    ['statement/confirmed', [uploaded, confirmed], confirm],
    ['statement/confirmed', [uploaded, confirmed], discard],
    ['statement/confirmed', [uploaded, confirmed, imported], confirm],
    ['statement/confirmed', [uploaded, confirmed, imported], discard],
    ['statement/discarded', [uploaded, discarded], confirm],
    ['statement/discarded', [uploaded, discarded], discard],
    ['statement/nothing-new', [uploaded], { ...confirm, newRows: 0 }],
    ['statement/another-under-way', [uploaded], { ...confirm, underWay: 's0' }, { statementId: 's0' }],
    ['statement/account-not-of-bank', [], { ...upload, account: 'cash' }],
    [
      'statement/before-fund',
      [],
      { ...upload, fund: { fundId: 'f1', openedOn: last } },
      { firstOn: '2024-09-09', openedOn: '2024-09-10' },
    ],
    ['statement/in-future', [], { ...upload, today: first }, { lastOn: '2024-09-10', today: '2024-09-09' }],
    [
      'statement/opening-differs',
      [uploaded],
      { ...confirm, bookBalance: vnd('0') },
      { currency: 'VND', opening: '24700', bookBalance: '0', difference: '24700' },
    ],
    [
      'statement/before-opening-entry',
      [uploaded],
      { ...confirm, laterOpening: { entryId: 'opening.s2', effectiveOn: last } },
      { entryId: 'opening.s2', effectiveOn: '2024-09-10' },
    ],
    [
      'statement/opening-below-books',
      [uploaded],
      { ...confirm, bookBalance: vnd('24701'), openingEntry: true },
      { currency: 'VND', opening: '24700', bookBalance: '24701' },
    ],
  ];

  it.each(cases)('is refused with %s', (...[code, history, command, details]) => {
    given(statement, history).when(command).refuses(code, details);
  });

  it('takes it as our own bug when it is uploaded twice, imported unconfirmed, or told out of order', () => {
    expect(() => given(statement, [uploaded]).when(upload).nothing()).toThrow('uploaded once');
    for (const history of [[], [uploaded], [uploaded, discarded]])
      expect(() => given(statement, history).when(complete).nothing()).toThrow('once confirmed');
    for (const history of [[confirmed], [discarded], [uploaded, imported], [uploaded, confirmed, discarded]])
      expect(() => given(statement, history).when(complete).nothing()).toThrow('where the statement is');
  });
});
