import { describe, expect, it } from '@jest/globals';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { compositeKey } from '#read-models/composite-key.js';
import { foldProjection } from '#read-models/fold.js';
import {
  aSource,
  fundHistory,
  fundId,
  openLangSon,
  post,
  schoolPurpose,
  thingsSource,
  vnd,
} from '#testing/fund-stories.js';
import { balances, type BalanceRow } from './balances/balances.projection.js';
import { entries } from './entries/entries.projection.js';
import { funds } from './funds/funds.projection.js';
import { postings } from './postings/postings.projection.js';
import { purposes } from './purposes/purposes.projection.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const d2 = '22222222-2222-4222-8222-222222222222';
const told = '2025-01-01T03:00:00Z';

const story: readonly FundCommand[] = [
  openLangSon({ openingBalances: [{ account: 'cash', purpose: 'unrestricted', amount: vnd(9) }] }),
  post(aSource(d1, { receivedOn: localDate('2024-12-31') }), told),
  post(thingsSource(d2), told),
  {
    type: 'PostVoid',
    voidId: d2,
    left: vnd(500_000),
    effectiveOn: localDate('2025-01-01'),
    source: aSource(d1, { receivedOn: localDate('2024-12-31') }),
    approvedAt: told,
  },
  { type: 'ClosePurpose', purpose: schoolPurpose },
];

const recorded = fundHistory(...story).map(
  (event, index) =>
    ({
      ...event,
      stream: `fund-${fundId}`,
      recordedAt: '2024-12-31T18:00:00.000Z',
      position: { incarnation: 1, number: index + 1 },
    }) as unknown as RecordedEvent,
);

describe('the read models of the books', () => {
  it('keep a row a fund and a row a purpose', () => {
    expect([...foldProjection(funds, recorded).values()]).toMatchObject([
      { fund_id: fundId, code: 'LS', level: 'province', parent_fund_id: null, opened_on: '2024-01-01' },
    ]);
    expect([...foldProjection(purposes, recorded).values()]).toMatchObject([
      { purpose: schoolPurpose, code: 'SCHOOL', open: false },
    ]);
  });

  it('keep a row an entry, which knows what reversed it', () => {
    const rows = [...foldProjection(entries, recorded).values()];
    expect(rows).toMatchObject([
      { kind: 'opening', donation_id: null, words: [] },
      { kind: 'donation', donation_id: d1, reversed_by: [`void.${d2}`], received_on: '2024-12-31' },
      {
        kind: 'donation',
        words: ['sua', 'hop', 'chan', 'bong'],
        accounts: ['stock.milk', 'income.in-kind', 'stock.blanket'],
      },
      { kind: 'void', reverses_entry_id: `donation.${d1}`, reversed_by: [] },
    ]);
  });

  it('keep a row a line, even of a thing whose name has the sign that keys are parted by', () => {
    const odd = thingsSource(d2, {
      items: [{ ...thingsSource(d2).items[0]!, item: 'a|b' }],
    });
    const [event] = fundHistory(openLangSon(), post(odd, told)).slice(-1);
    const events = [{ ...recorded[0]!, ...event } as unknown as RecordedEvent];
    expect([...foldProjection(postings, events).values()]).toMatchObject([
      { account: 'stock.a|b', amount: '2500000', effective_on: '2024-03-15' },
      { account: 'income.in-kind', amount: '-2500000' },
    ]);
    expect([...foldProjection(balances, events).values()].map(({ account }) => account)).toContain(
      'stock.a|b',
    );
  });

  it('keep running sums by year, month and day in two times', () => {
    const rows = foldProjection(balances, recorded);
    const row = (...periods: readonly [string, string, string, string]) =>
      rows.get(compositeKey(fundId, 'bank.vcb1', 'unrestricted', 'VND', ...periods)) as
        BalanceRow | undefined;
    // Recorded on the 31st in UTC, which is the 1st in the fund's zone; received on the 31st, voided on the 1st.
    expect(row('year', '2024-01-01', 'month', '2024-12-01')).toMatchObject({ debit: '500000', credit: '0' });
    expect(row('day', '2024-12-31', 'month', '2024-12-01')).toMatchObject({ debit: '500000', credit: '0' });
    expect(row('month', '2024-12-01', 'day', '2025-01-01')).toMatchObject({ debit: '0', credit: '500000' });
    expect(row('day', '2025-01-01', 'day', '2025-01-01')).toBeUndefined();
  });
});
