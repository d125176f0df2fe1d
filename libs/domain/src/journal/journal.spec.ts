import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { given } from '#testing/given.js';
import { journal, type DraftJournal, type JournalCommand } from './journal.decide.js';
import type { JournalEvent } from './journal.events.js';
import { noJournal } from './journal.state.js';

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' }) as const;
const lines = (from: string, to: string, amount: number) => [
  { account: to, purpose: 'unrestricted', amount: vnd(amount) },
  { account: from, purpose: 'unrestricted', amount: vnd(-amount) },
];

const draft = (changes: Partial<DraftJournal> = {}): DraftJournal => ({
  type: 'DraftJournal',
  fundId: 'f1',
  kind: 'manual',
  postings: lines('cash', 'expense.management', 50_000),
  effectiveOn: localDate('2024-09-10'),
  textRecordId: 'text',
  by: 'minh',
  ...changes,
});
const lived = (...commands: readonly JournalCommand[]): readonly JournalEvent[] => {
  const events: JournalEvent[] = [];
  for (const command of commands)
    events.push(...journal.decide(events.reduce(journal.evolve, noJournal), command));
  return events;
};
const approve = { type: 'ApproveJournal', by: 'lan' } as const;
const reject = { type: 'RejectJournal', by: 'lan', reasonRecordId: 'why' } as const;
const withdraw = { type: 'WithdrawJournal', by: 'minh' } as const;
const terms = {
  fundId: 'f1',
  kind: 'manual',
  postings: draft().postings,
  effectiveOn: draft().effectiveOn,
} as const;

describe('writing a journal', () => {
  it.each(['manual', 'opening', 'reversal'] as const)('of kind %s waits for a second person', (kind) => {
    const reversal = kind === 'reversal' ? { reversesEntryId: 'journal.1' } : {};
    given(journal)
      .when(draft({ kind, ...reversal, enabledBy: ['an'] }))
      .then({
        type: 'JournalDrafted',
        data: {
          ...terms,
          kind,
          ...reversal,
          textRecordId: 'text',
          draftedBy: 'minh',
          drafterEnabledBy: ['an'],
        },
      });
  });

  it.each(['transfer', 'interest', 'fee'] as const)('of kind %s is agreed on with it', (kind) => {
    const events = given(journal).when(draft({ kind })).events();
    expect(events.map(({ type }) => type)).toEqual(['JournalDrafted', 'JournalApproved']);
    const ceilings = kind === 'fee' ? { ceilings: [vnd(2_000_000)] } : {};
    expect(events[1]?.data).toEqual({ ...terms, kind, approvedBy: 'minh', ...ceilings });
  });

  it.each([
    ['a fee', 'fee', 'bank.vcb', 'expense.bank-fee', 2_000_000],
    ['cash taken from a bank', 'transfer', 'bank.vcb', 'cash', 20_000_000],
  ] as const)('of %s waits for a second person above a ceiling', (_, kind, from, to, most) => {
    const written = (amount: number) =>
      given(journal).when(draft({ kind, postings: lines(from, to, amount) }));
    expect(written(most).events()[1]).toMatchObject({ data: { ceilings: [vnd(most)] } });
    expect(written(most + 1).events()).toMatchObject([{ type: 'JournalDrafted' }]);
    const twice = [...lines(from, to, most), ...lines(from, to, 1)];
    expect(
      given(journal)
        .when(draft({ kind, postings: twice }))
        .events(),
    ).toHaveLength(1);
  });

  it('of money moved between banks, or taken there, waits for nobody', () => {
    for (const postings of [
      lines('cash', 'bank.vcb', 900_000_000),
      lines('bank.vcb', 'bank.mb', 900_000_000),
    ])
      expect(
        given(journal)
          .when(draft({ kind: 'transfer', postings }))
          .events(),
      ).toHaveLength(2);
  });

  it('is refused where its lines do not balance per purpose and currency, or are none', () => {
    const [debit, credit] = lines('cash', 'expense.management', 50_000) as [
      (typeof terms.postings)[0],
      (typeof terms.postings)[0],
    ];
    given(journal)
      .when(draft({ postings: [debit, { ...credit, purpose: 'school' }] }))
      .refuses('journal/not-balanced', { of: 'unrestricted VND', by: '50000' });
    const dollars = { ...credit, amount: { amount: '-50000', currency: 'USD' as const } };
    given(journal)
      .when(draft({ postings: [debit, dollars] }))
      .refuses('journal/not-balanced');
    given(journal)
      .when(draft({ postings: [debit] }))
      .refuses('journal/lines-missing');
    given(journal)
      .when(draft({ postings: lines('cash', 'expense.management', 0) }))
      .refuses('journal/line-of-nothing');
  });
});

describe('a journal that was written', () => {
  it('is agreed to by an independent second person', () => {
    given(journal, lived(draft()))
      .when(approve)
      .then({ type: 'JournalApproved', data: { ...terms, approvedBy: 'lan' } });
    given(journal, lived(draft()))
      .when({ ...approve, by: 'minh' })
      .refuses('journal/same-person');
    given(journal, lived(draft({ enabledBy: ['lan'] })))
      .when(approve)
      .refuses('journal/approver-made-by-maker');
    given(journal, lived(draft()))
      .when({ ...approve, enabledBy: ['minh'] })
      .refuses('journal/approver-made-by-maker');
  });

  it('is rejected by another person, withdrawn by its own', () => {
    given(journal, lived(draft()))
      .when(reject)
      .then({ type: 'JournalRejected', data: { rejectedBy: 'lan', reasonRecordId: 'why' } });
    given(journal, lived(draft()))
      .when({ ...reject, by: 'minh' })
      .refuses('journal/same-person');
    given(journal, lived(draft()))
      .when(withdraw)
      .then({ type: 'JournalWithdrawn', data: { withdrawnBy: 'minh' } });
    given(journal, lived(draft()))
      .when({ ...withdraw, by: 'lan' })
      .refuses('journal/not-the-maker');
  });

  it.each<[string, readonly JournalCommand[]]>([
    ['approved', [draft(), approve]],
    ['approved', [draft({ kind: 'fee' })]],
    ['rejected', [draft(), reject]],
    ['withdrawn', [draft(), withdraw]],
    ['posted', [draft(), approve, { type: 'CompleteJournal', entryId: 'journal.1' }]],
    ['refused', [draft(), approve, { type: 'DeclineJournal', code: 'fund/short' }]],
  ])('is decided once: %s', (status, story) => {
    for (const command of [approve, reject, withdraw])
      given(journal, lived(...story))
        .when(command)
        .refuses('journal/decided', { status });
  });

  it('is answered by its fund', () => {
    given(journal, lived(draft(), approve))
      .when({ type: 'CompleteJournal', entryId: 'journal.1' })
      .then({ type: 'JournalCompleted', data: { entryId: 'journal.1' } });
    given(journal, lived(draft(), approve))
      .when({ type: 'DeclineJournal', code: 'fund/short', shortBy: vnd(5) })
      .then({ type: 'JournalDeclined', data: { code: 'fund/short', shortBy: vnd(5) } });
    for (const answer of [
      { type: 'CompleteJournal', entryId: 'x' },
      { type: 'DeclineJournal', code: 'x' },
    ] as const)
      for (const story of [[draft()], []])
        expect(() => journal.decide(lived(...story).reduce(journal.evolve, noJournal), answer)).toThrow(
          InvariantViolation,
        );
  });

  it('is there', () => {
    for (const command of [approve, reject, withdraw])
      given(journal).when(command).refuses('journal/unknown');
    expect(() => journal.decide(lived(draft()).reduce(journal.evolve, noJournal), draft())).toThrow(
      InvariantViolation,
    );
    expect(() => journal.evolve(noJournal, { type: 'JournalWithdrawn', data: { withdrawnBy: 'x' } })).toThrow(
      InvariantViolation,
    );
  });
});

describe('the texts of a journal', () => {
  const erase = { type: 'EraseJournalTexts', erasures: 0, by: 'quan' } as const;
  const erased: JournalEvent = { type: 'JournalTextsErased', data: { erasure: 1, erasedBy: 'quan' } };

  it('are erased whatever became of it, as often as some were sealed anew', () => {
    for (const history of [lived(draft()), lived(draft(), approve), lived(draft(), reject)])
      given(journal, history).when(erase).then(erased);
    given(journal, [...lived(draft()), erased])
      .when(erase)
      .nothing();
    given(journal, [...lived(draft()), erased])
      .when({ ...erase, erasures: 1 })
      .then({ type: 'JournalTextsErased', data: { erasure: 2, erasedBy: 'quan' } });
    given(journal).when(erase).refuses('journal/unknown');
  });
});
