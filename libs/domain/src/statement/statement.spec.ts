import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import { doubtsOf, type ConfirmStatement, type FoundNow, type SeenByPerson } from './confirmation.decide.js';
import { statement, type StatementCommand, type UploadStatement } from './statement.decide.js';
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
const confirming = (found: Partial<FoundNow> = {}, seen: Partial<SeenByPerson> = {}): ConfirmStatement => ({
  type: 'ConfirmStatement',
  found: { bookBalance: vnd('24700'), newRows: 20_000, doubts: [], otherHalves: [], ...found },
  seen: { doubts: [], ...seen },
  by: 'staff-2',
});
const confirm = confirming();
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
      .when(confirming({}, { openingEntry: vnd('0') }))
      .then(confirmed);
  });

  it('has the difference posted as an opening entry on the day of its first row, when that is wanted', () => {
    given(statement, [uploaded])
      .when(confirming({ bookBalance: vnd('4700') }, { openingEntry: vnd('20000') }))
      .then({
        type: 'StatementConfirmed',
        data: { ...confirmed.data, openingEntry: { amount: vnd('20000'), effectiveOn: first } },
      });
  });

  it('keeps what was doubtful and seen, and which rows are other halves of own transfers', () => {
    const half = { line: 7, rowId: 'r7', entryId: 'classification.c1', amount: vnd('50000') };
    const doubts = ['account-new', 'entered-by-hand'] as const;
    given(statement, [uploaded])
      .when(
        confirming(
          { doubts, closingDifference: vnd('-5'), otherHalves: [half] },
          { doubts: ['same-file', ...doubts], closingDifference: vnd('-5') },
        ),
      )
      .then({
        type: 'StatementConfirmed',
        data: { ...confirmed.data, doubts, closingDifference: vnd('-5'), otherHalves: [half] },
      });
  });

  it('is doubtful where its account is new, its file known, or a donation was entered by hand', () => {
    expect(doubtsOf(foreseen)).toEqual([]);
    const sameFile = { statementId: 's0', fundId: 'f1', account: 'bank.mb' };
    expect(doubtsOf({ ...foreseen, accountNew: true, sameFile, entered: { count: 1, first: [] } })).toEqual([
      ...['account-new', 'same-file', 'entered-by-hand'],
    ]);
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
    ['statement/nothing-new', [uploaded], confirming({ newRows: 0 })],
    ['statement/another-under-way', [uploaded], confirming({ underWay: 's0' }), { statementId: 's0' }],
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
      confirming({ bookBalance: vnd('0') }),
      { currency: 'VND', opening: '24700', bookBalance: '0', difference: '24700' },
    ],
    [
      'statement/before-opening-entry',
      [uploaded],
      confirming({ laterOpening: { entryId: 'opening.s2', effectiveOn: last } }),
      { entryId: 'opening.s2', effectiveOn: '2024-09-10' },
    ],
    [
      'statement/opening-below-books',
      [uploaded],
      confirming({ bookBalance: vnd('24701') }, { openingEntry: vnd('0') }),
      { currency: 'VND', opening: '24700', bookBalance: '24701' },
    ],
    [
      'statement/opening-changed',
      [uploaded],
      confirming({ bookBalance: vnd('4700') }, { openingEntry: vnd('19999') }),
      { currency: 'VND', opening: '24700', bookBalance: '4700', difference: '20000' },
    ],
    ['statement/opening-changed', [uploaded], confirming({}, { openingEntry: vnd('1') })],
    [
      'statement/doubts-unseen',
      [uploaded],
      confirming({ doubts: ['account-new', 'same-file'] }, { doubts: ['account-new'] }),
      { doubts: 'same-file' },
    ],
    [
      'statement/closing-differs',
      [uploaded],
      confirming({ closingDifference: vnd('5') }),
      { currency: 'VND', difference: '5' },
    ],
    [
      'statement/closing-differs',
      [uploaded],
      confirming({ closingDifference: vnd('5') }, { closingDifference: vnd('4') }),
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
