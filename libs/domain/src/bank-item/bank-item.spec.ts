import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { given } from '#testing/given.js';
import { bankItem, type BankItemCommand, type RecordBankItem } from './bank-item.decide.js';
import type { BankItem, BankItemEvent, Classification } from './bank-item.events.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const debit: BankItem = {
  ...{ bankItemId: 'b1', fundId: 'f1', account: 'bank.vcb', kind: 'debit', amount: vnd('-1100') },
  ...{ bookedOn: localDate('2024-09-10'), statementId: 's1', line: 7 },
};
const unexplained: BankItem = { ...debit, kind: 'unexplained', amount: vnd('100000'), line: 10_694 };
const record = (item: BankItem): RecordBankItem => ({ type: 'RecordBankItem', ...item, memoRecordId: 'm1' });
const recorded = (item: BankItem): BankItemEvent => ({
  type: 'BankItemRecorded',
  data: { ...item, memoRecordId: 'm1' },
});

const fee: Classification = { as: 'bank-fee', purpose: 'unrestricted' };
const other: Classification = { as: 'other', account: 'expense.printing', purpose: 'unrestricted' };
const donation: Classification = { as: 'donation', language: 'vi' };
const classify = (classification: Classification, classificationId = 'c1') =>
  ({ type: 'ClassifyBankItem', classificationId, classification, by: 'staff-1' }) as const;
const classified = (item: BankItem, classification: Classification, more: object = {}): BankItemEvent => ({
  type: 'BankItemClassified',
  data: { classificationId: 'c1', item, classification, classifiedBy: 'staff-1', ...more },
});
const proposed: BankItemEvent = {
  type: 'ClassificationProposed',
  data: { classificationId: 'c1', classification: other, proposedBy: 'staff-1' },
};
const approve = { type: 'ApproveClassification', classificationId: 'c1', by: 'staff-2' } as const;
const reject = {
  type: 'RejectClassification',
  classificationId: 'c1',
  by: 'staff-2',
  reasonRecordId: 'why',
} as const;
const rejected: BankItemEvent = {
  type: 'ClassificationRejected',
  data: { classificationId: 'c1', rejectedBy: 'staff-2', reasonRecordId: 'why' },
};
const answer = { classificationId: 'c1', entryId: 'e1' };
const settle = (of: 'classification' | 'undoing') =>
  ({ type: 'SettleClassification', of, ...answer }) as const;
const decline = (of: 'classification' | 'undoing') =>
  ({
    type: 'DeclineClassification',
    of,
    classificationId: 'c1',
    code: 'fund/short',
    shortBy: vnd('100'),
  }) as const;
const posted: BankItemEvent = { type: 'ClassificationPosted', data: answer };
const refused = { classificationId: 'c1', code: 'fund/short', shortBy: vnd('100') };
const declined: BankItemEvent = { type: 'ClassificationDeclined', data: refused };
const undo = {
  type: 'UndoClassification',
  classificationId: 'c1',
  by: 'staff-2',
  reasonRecordId: 'why',
} as const;
const undone = (item: BankItem, classification: Classification): BankItemEvent => ({
  type: 'ClassificationUndone',
  data: { classificationId: 'c1', item, classification, undoneBy: 'staff-2', reasonRecordId: 'why' },
});
const reversed: BankItemEvent = { type: 'ClassificationReversed', data: answer };
const release = { type: 'ReleaseBankItem', ...answer } as const;
const released: BankItemEvent = { type: 'BankItemReleased', data: answer };

const found = [recorded(debit)];
const asked = [...found, classified(debit, fee)];
const standing = [...asked, posted];
const undoing = [...standing, undone(debit, fee)];
const waiting = [...found, proposed];
const given100 = [recorded(unexplained), classified(unexplained, donation), posted];

/** The ceiling that was in force stands in the event. */
const inForce: Readonly<Record<string, object>> = {
  'bank-fee': { ceiling: vnd('2000000') },
  'cash-withdrawn': { ceiling: vnd('20000000') },
};

describe('a bank item', () => {
  it('is recorded once, however often its row is read', () => {
    given(bankItem).when(record(debit)).then(recorded(debit));
    given(bankItem, found).when(record(debit)).nothing();
    given(bankItem, undoing).when(record(debit)).nothing();
  });

  const alone: readonly (readonly [BankItem, Classification])[] = [
    [debit, fee],
    [debit, { as: 'cash-withdrawn' }],
    [debit, { as: 'own-transfer', account: 'bank.mb' }],
    [unexplained, { as: 'own-transfer', account: 'bank.mb' }],
    [debit, { as: 'posted', entryId: 'refund.r1' }],
    [unexplained, donation],
    [{ ...unexplained, amount: vnd('-5') }, fee],
  ];

  it.each(alone)('%# is classified by one person and asks the ledger', (item, classification) => {
    given(bankItem, [recorded(item)])
      .when({ ...classify(classification), noteRecordId: 'n1' })
      .then(classified(item, classification, { noteRecordId: 'n1', ...inForce[classification.as] }));
  });

  it('needs a second person where the account is of somebody’s choice', () => {
    given(bankItem, found).when(classify(other)).then(proposed);
    given(bankItem, waiting)
      .when(approve)
      .then(classified(debit, other, { approvedBy: 'staff-2' }));
    given(bankItem, [...found, { ...proposed, data: { ...proposed.data, proposerEnabledBy: ['admin-1'] } }])
      .when({ ...approve, enabledBy: ['admin-1'] })
      .then(classified(debit, other, { approvedBy: 'staff-2' }));
    given(bankItem, waiting).when(reject).then(rejected);
    given(bankItem, waiting)
      .when({ ...reject, by: 'staff-1' })
      .then({
        type: 'ClassificationRejected',
        data: { ...rejected.data, rejectedBy: 'staff-1' },
      });
  });

  it.each([
    [fee, '-2000000', '-2000001'],
    [{ as: 'cash-withdrawn' } as const, '-20000000', '-20000001'],
  ])('of more than a ceiling needs a second person to be %j', (classification, alone, together) => {
    for (const [amount, type] of [
      [alone, 'BankItemClassified'],
      [together, 'ClassificationProposed'],
    ] as const) {
      const item = { ...debit, amount: vnd(amount) };
      const [event] = given(bankItem, [recorded(item)])
        .when(classify(classification))
        .events();
      expect(event?.type).toBe(type);
    }
  });

  it('is taken back by who proposed it, and by nobody else', () => {
    const withdraw = { ...reject, type: 'WithdrawClassification', by: 'staff-1' } as const;
    given(bankItem, waiting)
      .when(withdraw)
      .then({ type: 'ClassificationRejected', data: { ...rejected.data, rejectedBy: 'staff-1' } });
    given(bankItem, waiting)
      .when({ ...withdraw, by: 'staff-2' })
      .refuses('bank-item/not-proposer');
    given(bankItem, asked).when(withdraw).refuses('bank-item/classification-decided');
  });

  it('has its texts erased, as often as some were sealed anew, whatever it is said to be', () => {
    const erase = { type: 'EraseItemTexts', erasures: 0, by: 'admin-1' } as const;
    const erased: BankItemEvent = { type: 'BankItemTextsErased', data: { erasure: 1, erasedBy: 'admin-1' } };
    for (const history of [found, waiting, standing]) given(bankItem, history).when(erase).then(erased);
    given(bankItem, [...found, erased])
      .when(erase)
      .nothing();
    given(bankItem, [...found, erased, classified(debit, fee), declined])
      .when({ ...erase, erasures: 1 })
      .then({ type: 'BankItemTextsErased', data: { erasure: 2, erasedBy: 'admin-1' } });
    given(bankItem).when(erase).refuses('bank-item/unknown');
  });

  it('stands as the ledger answers: posted, or open again', () => {
    given(bankItem, asked).when(settle('classification')).then(posted);
    given(bankItem, asked).when(decline('classification')).then(declined);
    given(bankItem, [...asked, declined])
      .when(classify(fee))
      .then(classified(debit, fee, inForce['bank-fee']));
  });

  it('is undone by another event, and classified anew', () => {
    given(bankItem, standing).when(undo).then(undone(debit, fee));
    given(bankItem, undoing).when(settle('undoing')).then(reversed);
    given(bankItem, [...undoing, reversed])
      .when(classify({ as: 'cash-withdrawn' }))
      .then(classified(debit, { as: 'cash-withdrawn' }, inForce['cash-withdrawn']));
    given(bankItem, undoing)
      .when(decline('undoing'))
      .then({ type: 'ClassificationReversalDeclined', data: refused });
    given(bankItem, [...undoing, { type: 'ClassificationReversalDeclined', data: refused }])
      .when(undo)
      .then(undone(debit, fee));
  });

  it('that was a donation is open again when the donation is voided', () => {
    given(bankItem, given100).when(release).then(released);
    given(bankItem, [...given100, released])
      .when({ ...classify(donation), classificationId: 'c2' })
      .then({
        type: 'BankItemClassified',
        data: {
          classificationId: 'c2',
          item: unexplained,
          classification: donation,
          classifiedBy: 'staff-1',
        },
      });
  });

  it('hears twice from the ledger where it was a donation, of the item and of the donation, and stands once', () => {
    given(bankItem, given100).when(settle('classification')).nothing();
  });

  const own = { as: 'own-transfer', account: 'bank.vcb' } as const;
  const cases: readonly (readonly [string, readonly BankItemEvent[], BankItemCommand])[] = [
    ['bank-item/unknown', [], classify(fee)],
    ['bank-item/unknown', [], approve],
    ['bank-item/unknown', [], undo],
    ['bank-item/pending', waiting, classify(fee)],
    ['bank-item/pending', asked, classify(fee)],
    ['bank-item/pending', undoing, classify(fee)],
    ['bank-item/pending', waiting, undo],
    ['bank-item/pending', asked, undo],
    ['bank-item/pending', undoing, undo],
    ['bank-item/classified', standing, classify(fee)],
    ['bank-item/not-money-out', [recorded(unexplained)], classify(fee)],
    ['bank-item/not-money-out', [recorded(unexplained)], classify({ as: 'cash-withdrawn' })],
    ['bank-item/not-money-in', found, classify(donation)],
    ['bank-item/account-not-of-bank', found, classify({ as: 'own-transfer', account: 'cash' })],
    ['bank-item/same-account', found, classify(own)],
    ['bank-item/classification-unknown', found, approve],
    ['bank-item/classification-unknown', waiting, { ...reject, classificationId: 'c2' }],
    ['bank-item/classification-unknown', standing, { ...undo, classificationId: 'c2' }],
    ['bank-item/classification-decided', [...waiting, rejected], approve],
    ['bank-item/classification-decided', [...waiting, classified(debit, other)], reject],
    ['bank-item/classification-decided', [...undoing, reversed], undo],
    ['bank-item/same-person', waiting, { ...approve, by: 'staff-1' }],
    ['bank-item/approver-made-by-maker', waiting, { ...approve, enabledBy: ['staff-1'] }],
    [
      'bank-item/approver-made-by-maker',
      [...found, { ...proposed, data: { ...proposed.data, proposerEnabledBy: ['staff-2'] } }],
      approve,
    ],
    ['bank-item/void-the-donation', given100, undo],
  ];

  it.each(cases)('is refused with %s', (code, history, command) => {
    given(bankItem, history).when(command).refuses(code);
  });

  const bugs: readonly (readonly [readonly BankItemEvent[], BankItemCommand])[] = [
    [[], record({ ...debit, amount: vnd('0') })],
    [[], record({ ...debit, amount: vnd('5') })],
    [standing, settle('classification')],
    [asked, settle('undoing')],
    [asked, { ...settle('classification'), classificationId: 'c2' }],
    [standing, decline('undoing')],
    [found, decline('classification')],
    [[], release],
    [standing, release],
    [[posted], undo],
    [[...found, reversed], undo],
    [[...standing, classified(debit, fee)], undo],
  ];

  it.each(bugs)('%# takes an answer that it does not wait for as our own bug', (history, command) => {
    expect(() => given(bankItem, history).when(command).nothing()).toThrow(
      expect.objectContaining({ name: 'InvariantViolation' }),
    );
  });

  it('is said to be one thing at a time, and never by one person alone where two are needed', () => {
    const command = fc.oneof(
      fc
        .constantFrom(fee, other, donation)
        .chain((classification) => fc.constantFrom('c1', 'c2').map((id) => classify(classification, id))),
      fc.constantFrom<BankItemCommand>(approve, { ...approve, by: 'staff-1' }, reject, undo, release),
      fc
        .constantFrom('classification' as const, 'undoing' as const)
        .chain((of) => fc.constantFrom<BankItemCommand>(settle(of), decline(of))),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        let state = bankItem.evolve(bankItem.initialState, recorded(debit));
        let standsFor = 0;
        for (const one of commands) {
          const events = accepted(() => bankItem.decide(state, one));
          state = events.reduce(bankItem.evolve, state);
          standsFor += events.reduce((sum, { type }) => sum + (counts[type] ?? 0), 0);
          expect(standsFor).toBe(['posted', 'undoing'].includes(state.status) ? 1 : 0);
          for (const event of events) assertTwoPersons(event);
        }
      }),
    );
  });
});

/** What posted or reversed it. */
const counts: Readonly<Partial<Record<BankItemEvent['type'], number>>> = {
  ClassificationPosted: 1,
  ClassificationReversed: -1,
  BankItemReleased: -1,
};

function assertTwoPersons(event: BankItemEvent): void {
  if (event.type === 'BankItemClassified' && event.data.classification.as === 'other')
    expect(event.data.approvedBy).toBe('staff-2');
}

/** Nothing where it is refused, or answers something that was not asked. */
function accepted(decide: () => readonly BankItemEvent[]): readonly BankItemEvent[] {
  try {
    return decide();
  } catch (error) {
    if (isDomainRefusal(error) || (error instanceof Error && error.name === 'InvariantViolation')) return [];
    throw error;
  }
}
