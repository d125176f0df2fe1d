import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { aBankItem, aSource, fundAfter, fundHistory, openLangSon, post, vnd } from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { AskReopening } from './periods.decide.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const ask1 = 'eeeeeeee-1111-4111-8111-111111111111';
const close = (through: string, today = '2024-05-10'): FundCommand => ({
  type: 'ClosePeriod',
  through: localDate(through),
  today: localDate(today),
});
const ask = (from: string, changes: Partial<AskReopening> = {}): AskReopening => ({
  type: 'AskReopening',
  reopeningId: ask1,
  from: localDate(from),
  by: 'minh',
  reasonRecordId: 'why',
  ...changes,
});
const approve = { type: 'ApproveReopening', reopeningId: ask1, by: 'lan' } as const;
const reject = { type: 'RejectReopening', reopeningId: ask1, by: 'lan', reasonRecordId: 'no' } as const;
const withdraw = { type: 'WithdrawReopening', reopeningId: ask1, by: 'minh' } as const;
const closed = [openLangSon(), close('2024-03-31')] as const;
const asked = [...closed, ask('2024-03-01')] as const;

describe('closing a period', () => {
  it('goes forward, up to yesterday', () => {
    given(fund, fundHistory(openLangSon()))
      .when(close('2024-05-09'))
      .then({ type: 'PeriodClosed', data: { through: localDate('2024-05-09') } });
    given(fund, fundHistory(...closed))
      .when(close('2024-04-01'))
      .then({ type: 'PeriodClosed', data: { through: localDate('2024-04-01') } });
  });

  it('is refused for today, for what is closed, and before the fund', () => {
    given(fund, fundHistory(openLangSon()))
      .when(close('2024-05-10'))
      .refuses('fund/period-not-over', { today: '2024-05-10' });
    for (const through of ['2024-03-31', '2024-02-29'])
      given(fund, fundHistory(...closed))
        .when(close(through))
        .refuses('fund/period-closed-before', { closedThrough: '2024-03-31' });
    given(fund, fundHistory(openLangSon())).when(close('2023-12-31')).refuses('fund/period-before-fund');
    given(fund).when(close('2024-05-09')).refuses('fund/unknown');
  });
});

describe('what arrives for a closed period', () => {
  const april = '2024-05-10T03:00:00Z';

  it('counts on the first open day and keeps the day on which it came', () => {
    const [event] = given(fund, fundHistory(...closed))
      .when(post(aSource(d1), april))
      .events();
    expect(event?.data).toMatchObject({
      effectiveOn: '2024-04-01',
      source: { receivedOn: localDate('2024-03-15') },
    });
  });

  it.each<[string, FundCommand]>([
    [
      'a bank item',
      {
        type: 'PostBankItem',
        item: aBankItem(d1, 5, { bookedOn: localDate('2024-03-31') }),
        toldAt: april,
      },
    ],
    [
      'an opening entry',
      {
        type: 'PostStatement',
        statementId: d1,
        account: 'bank.vcb1',
        openingEntry: { amount: vnd(5), effectiveOn: localDate('2024-03-31') },
        toldAt: april,
      },
    ],
  ])('%s too', (_, command) => {
    const [event] = given(fund, fundHistory(...closed))
      .when(command)
      .events();
    expect(event?.data).toMatchObject({ effectiveOn: '2024-04-01' });
  });

  it('keeps the day of the bank: of what stood on the account, and of what was said of an item', () => {
    const bookedOn = localDate('2024-03-31');
    const item = aBankItem(d1, -5, { bookedOn });
    const [opening] = given(fund, fundHistory(...closed))
      .when({
        type: 'PostStatement',
        ...{ statementId: d1, account: 'bank.vcb1', openingEntry: { amount: vnd(5), effectiveOn: bookedOn } },
        toldAt: april,
      })
      .events();
    const [said] = given(fund, fundHistory(...closed, { type: 'PostBankItem', item, toldAt: april }))
      .when({
        type: 'ClassifyBankItem',
        ...{ classificationId: d1, item, classification: { as: 'cash-withdrawn' } },
        toldAt: april,
      })
      .events();
    for (const event of [opening, said])
      expect(event?.data).toMatchObject({ effectiveOn: '2024-04-01', bookedOn: '2024-03-31' });
  });

  it('counts on its own day again once the books are open', () => {
    const [event] = given(fund, fundHistory(...asked, approve))
      .when(post(aSource(d1), april))
      .events();
    expect(event?.data).toMatchObject({ effectiveOn: '2024-03-15' });
  });
});

describe('opening a period again', () => {
  it('is asked by one person and agreed by another, independent one', () => {
    given(fund, fundHistory(...closed))
      .when(ask('2024-03-01', { enabledBy: ['an'] }))
      .then({
        type: 'ReopeningAsked',
        data: {
          reopeningId: ask1,
          from: localDate('2024-03-01'),
          requestedBy: 'minh',
          requesterEnabledBy: ['an'],
          reasonRecordId: 'why',
        },
      });
    given(fund, fundHistory(...asked))
      .when(approve)
      .then({
        type: 'PeriodReopened',
        data: { reopeningId: ask1, from: localDate('2024-03-01'), approvedBy: 'lan' },
      });
    expect(fundAfter(...asked, approve)).toMatchObject({ closedThrough: '2024-02-29', reopening: null });
    given(fund, fundHistory(...asked))
      .when({ ...approve, by: 'minh' })
      .refuses('fund/same-person');
    given(fund, fundHistory(...closed, ask('2024-03-01', { enabledBy: ['lan'] })))
      .when(approve)
      .refuses('fund/approver-made-by-maker');
    given(fund, fundHistory(...asked))
      .when({ ...approve, enabledBy: ['minh'] })
      .refuses('fund/approver-made-by-maker');
  });

  it('may open everything', () => {
    expect(fundAfter(...closed, ask('2024-01-01'), approve).closedThrough).toBeNull();
  });

  it('is rejected by another person or withdrawn by the same, and then asked anew', () => {
    given(fund, fundHistory(...asked))
      .when(reject)
      .then({
        type: 'ReopeningRejected',
        data: { reopeningId: ask1, rejectedBy: 'lan', reasonRecordId: 'no' },
      });
    given(fund, fundHistory(...asked))
      .when({ ...reject, by: 'minh' })
      .refuses('fund/same-person');
    given(fund, fundHistory(...asked))
      .when(withdraw)
      .then({ type: 'ReopeningWithdrawn', data: { reopeningId: ask1, withdrawnBy: 'minh' } });
    given(fund, fundHistory(...asked))
      .when({ ...withdraw, by: 'lan' })
      .refuses('fund/not-the-maker');
    for (const end of [reject, withdraw])
      expect(fundAfter(...asked, end)).toMatchObject({ closedThrough: '2024-03-31', reopening: null });
  });

  it('is asked one at a time, of what is closed, and decided once', () => {
    given(fund, fundHistory(...asked))
      .when(ask('2024-02-01', { reopeningId: d1 }))
      .refuses('fund/reopening-pending');
    given(fund, fundHistory(...closed))
      .when(ask('2024-04-01'))
      .refuses('fund/period-not-closed');
    given(fund, fundHistory(openLangSon())).when(ask('2024-01-01')).refuses('fund/period-not-closed');
    for (const command of [approve, reject, withdraw])
      given(fund, fundHistory(...asked, approve))
        .when(command)
        .refuses('fund/reopening-unknown');
  });
});

describe('the texts of a request to open the books again', () => {
  const erase = { type: 'EraseReopeningTexts', reopeningId: ask1, erasures: 0, by: 'quan' } as const;
  const erased = (erasure: number) =>
    ({
      type: 'ReopeningTextsErased',
      data: { reopeningId: ask1, erasure, erasedBy: 'quan' },
    }) as const;

  it('are erased whatever became of it, as often as some were sealed anew', () => {
    for (const history of [
      fundHistory(...asked),
      fundHistory(...asked, approve),
      fundHistory(...asked, reject),
    ])
      given(fund, history).when(erase).then(erased(1));
    const history = fundHistory(...asked, erase);
    given(fund, history).when(erase).nothing();
    given(fund, history)
      .when({ ...erase, erasures: 1 })
      .then(erased(2));
    expect(fundAfter(...asked, erase, reject, close('2024-04-02'))).toMatchObject({
      ...{ textErasures: { [ask1]: 1 }, reopening: null, closedThrough: '2024-04-02' },
    });
  });
});
