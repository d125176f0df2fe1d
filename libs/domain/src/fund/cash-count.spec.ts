import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { aSource, fundHistory, openLangSon, post, vnd } from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import type { CountCash } from './cash-count.decide.js';
import { fund } from './fund.decide.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const today = localDate('2024-04-01');
const count = (...denominations: CountCash['denominations']): CountCash => ({
  type: 'CountCash',
  countId: d1,
  denominations,
  today,
});
const withCash = fundHistory(openLangSon(), post(aSource(d1, { method: 'cash', account: 'cash' })));

describe('counting the cash', () => {
  it('sets what is there against the book as it stands now', () => {
    const sheet = [
      { value: '200000', pieces: 2 },
      { value: '500', pieces: 3 },
    ];
    given(fund, withCash)
      .when(count(...sheet))
      .then({
        type: 'CashCounted',
        data: {
          countId: d1,
          countedOn: today,
          denominations: sheet,
          counted: vnd(401_500),
          book: vnd(500_000),
          difference: vnd(-98_500),
        },
      });
  });

  it('may find nothing', () => {
    const [event] = given(fund, withCash).when(count()).events();
    expect(event?.data).toMatchObject({ counted: vnd(0), difference: vnd(-500_000) });
  });

  it.each(['25000', '0', '-500000', '1'])('refuses the value %s, which no note has', (value) => {
    given(fund, withCash)
      .when(count({ value, pieces: 1 }))
      .refuses('fund/denomination-unknown', { value });
  });

  it('refuses a value listed twice', () => {
    given(fund, withCash)
      .when(count({ value: '1000', pieces: 1 }, { value: '1000', pieces: 2 }))
      .refuses('fund/denomination-twice', { value: '1000' });
  });
});
