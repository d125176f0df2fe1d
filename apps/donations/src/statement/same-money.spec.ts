import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { SameMoney } from './same-money.js';

const known = (id: string, amount: bigint, day: string) => ({ id, amount, on: localDate(day) });
const asked = (amount: bigint, day: string) => ({ amount, on: localDate(day) });

describe('what may be the same money', () => {
  it('has the same sum and a day near, before or after', () => {
    const money = [known('a', 5n, '2025-03-01')];
    const found = (amount: bigint, day: string) => new SameMoney(money, 5).take(asked(amount, day))?.id;
    expect([found(5n, '2025-03-06'), found(5n, '2025-02-24')]).toEqual(['a', 'a']);
    expect([found(5n, '2025-03-07'), found(5n, '2025-02-23'), found(6n, '2025-03-01')]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });

  it('is found once each, the nearest first', () => {
    const same = new SameMoney([known('a', 5n, '2025-03-01'), known('b', 5n, '2025-03-04')], 5);
    const found = ['2025-03-04', '2025-03-04', '2025-03-04'].map((day) => same.take(asked(5n, day))?.id);
    expect(found).toEqual(['b', 'a', undefined]);
  });
});
