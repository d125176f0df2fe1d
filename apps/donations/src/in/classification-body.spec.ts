import { describe, expect, it } from '@jest/globals';
import { isDomainRefusal } from '#kernel/refusal.js';
import { classificationOf } from './classification-body.js';
import type { ClassifyBankItemBody } from './bank-items.http.js';

function refusalOf(body: ClassifyBankItemBody): unknown {
  try {
    return classificationOf(body);
  } catch (error) {
    if (isDomainRefusal(error)) return [error.code, error.details['member']];
    throw error;
  }
}

describe('what a body says of a bank item', () => {
  it('holds what belongs to it, with what is taken where a member is left out', () => {
    expect(classificationOf({ as: 'bank-fee' })).toEqual({ as: 'bank-fee', purpose: 'unrestricted' });
    expect(classificationOf({ as: 'cash-withdrawn' })).toEqual({ as: 'cash-withdrawn' });
    expect(classificationOf({ as: 'own-transfer', account: 'bank.2' })).toEqual({
      as: 'own-transfer',
      account: 'bank.2',
    });
    expect(classificationOf({ as: 'posted', entryId: 'refund.1' })).toEqual({
      as: 'posted',
      entryId: 'refund.1',
    });
    expect(classificationOf({ as: 'donation' })).toEqual({ as: 'donation', language: 'vi' });
    const whole = { as: 'donation', purpose: 'p', donorId: 'd', campaignId: 'c', language: 'en' } as const;
    expect(classificationOf(whole)).toEqual(whole);
    expect(classificationOf({ as: 'other', account: 'expense.other', note: 'x' })).toEqual({
      ...{ as: 'other', account: 'expense.other', purpose: 'unrestricted' },
    });
  });

  it.each([
    [{ as: 'own-transfer' }, ['bank-item/member-missing', 'account']],
    [{ as: 'posted' }, ['bank-item/member-missing', 'entryId']],
    [{ as: 'other', purpose: 'p' }, ['bank-item/member-missing', 'account']],
    [{ as: 'cash-withdrawn', purpose: 'p' }, ['bank-item/member-not-of-saying', 'purpose']],
    [{ as: 'bank-fee', donorId: 'd' }, ['bank-item/member-not-of-saying', 'donorId']],
    [{ as: 'donation', account: 'bank.1' }, ['bank-item/member-not-of-saying', 'account']],
  ] as const)('%j is refused', (body, refusal) => {
    expect(refusalOf(body)).toEqual(refusal);
  });
});
