import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { type DomainRefusal, InvariantViolation, isDomainRefusal } from '#kernel/refusal.js';
import { receiptBook, type ReceiptBookCommand } from './receipt-book.decide.js';
import type { Payer, ReceiptBookEvent, ReceiptedDonation, ReceiptFund } from './receipt-book.events.js';
import { parseReceiptNumber, seriesLetter } from './receipt-number.policy.js';
import { builtInTemplate, templateFault } from './receipt-template.policy.js';

const fund: ReceiptFund = {
  fundId: 'fund-1',
  code: 'LS',
  name: { vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', en: 'Lạng Sơn Child Protection Fund' },
  decision: { number: '12/QĐ-UBND', date: localDate('2008-01-15'), issuer: 'UBND tỉnh Lạng Sơn' },
  zone: 'Asia/Ho_Chi_Minh',
};
const opened: ReceiptBookEvent = { type: 'ReceiptBookOpened', data: fund };

function donation(donationId: string, amount = '500000'): ReceiptedDonation {
  return {
    donationId,
    payer: { kind: 'anonymous' },
    method: 'cash',
    account: 'cash',
    amount: { amount, currency: 'VND' },
    items: [],
    purpose: 'unrestricted',
    receivedOn: localDate('2025-03-01'),
    language: 'vi',
  };
}

function post(donationId: string, recordedAt: string, message = 1, store = message): ReceiptBookCommand {
  return {
    type: 'IssueReceipt',
    entryId: `entry-${donationId}`,
    recordedAt,
    incarnations: { message, store },
    donation: donation(donationId),
  };
}

function reissueOf(donationId: string, voidingsSeen = 0, inForce = true): ReceiptBookCommand {
  return {
    type: 'ReissueReceipt',
    replaces: { number: 'LS-2025-000001', donationId, year: '2025', inForce },
    voidingsSeen,
    entryId: `entry-${donationId}`,
    donation: donation(donationId),
    storeIncarnation: 1,
    reasonRecordId: 'reason-1',
  };
}

/** Carries out the commands one after another and gives every event of the book. */
function play(...commands: readonly ReceiptBookCommand[]): readonly ReceiptBookEvent[] {
  return commands.reduce<readonly ReceiptBookEvent[]>(
    (events, command) => [...events, ...receiptBook.decide(fold(events), command)],
    [opened],
  );
}

const fold = (events: readonly ReceiptBookEvent[]) =>
  events.reduce((state, event) => receiptBook.evolve(state, event), receiptBook.initialState);

const numbers = (events: readonly ReceiptBookEvent[]) =>
  events.flatMap((event) => (event.type === 'ReceiptIssued' ? [event.data.number] : []));

function refusalOf(act: () => unknown): DomainRefusal {
  try {
    act();
  } catch (error) {
    if (isDomainRefusal(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a receipt book', () => {
  it('opens once, however often the fund says that it opened', () => {
    expect(receiptBook.decide(receiptBook.initialState, { type: 'OpenReceiptBook', fund })).toEqual([opened]);
    expect(receiptBook.decide(fold([opened]), { type: 'OpenReceiptBook', fund })).toEqual([]);
  });

  it('parks, by an invariant, a donation that comes before its book', () => {
    const act = () => receiptBook.decide(receiptBook.initialState, post('d1', '2025-01-02T00:00:00Z'));
    expect(act).toThrow(InvariantViolation);
  });

  it("opens the year's series with its first number", () => {
    const [, series, issued] = play(post('d1', '2025-03-01T02:00:00Z'));
    expect(series).toEqual({
      type: 'ReceiptSeriesOpened',
      data: { fundId: 'fund-1', year: '2025', letter: '', incarnation: 1 },
    });
    expect(issued).toEqual({
      type: 'ReceiptIssued',
      data: {
        fundId: 'fund-1',
        number: 'LS-2025-000001',
        year: '2025',
        letter: '',
        sequence: 1,
        entryId: 'entry-d1',
        donation: donation('d1'),
        reissue: false,
      },
    });
  });

  it("counts the year in the fund's zone, from when the entry was recorded", () => {
    const events = play(post('d1', '2024-12-31T16:59:59Z'), post('d2', '2024-12-31T17:00:00Z'));
    expect(numbers(events)).toEqual(['LS-2024-000001', 'LS-2025-000001']);
  });

  it('goes on in the old year for a late message of it', () => {
    const events = play(
      post('d1', '2024-12-30T00:00:00Z'),
      post('d2', '2025-01-01T00:00:00Z'),
      post('d3', '2024-12-31T00:00:00Z'),
    );
    expect(numbers(events)).toEqual(['LS-2024-000001', 'LS-2025-000001', 'LS-2024-000002']);
  });

  it('tells on the receipt what readers call the purpose', () => {
    const name = { vi: 'Tháng hành động vì trẻ em', en: 'Action month for children' };
    const events = play(
      { type: 'NamePurpose', purpose: 'unrestricted', name },
      post('d1', '2025-01-05T00:00:00Z'),
    );
    expect(events.at(-1)).toMatchObject({ data: { donation: { purposeName: name } } });
    expect(receiptBook.decide(fold(events), { type: 'NamePurpose', purpose: 'unrestricted', name })).toEqual(
      [],
    );
  });

  it('voids by the donation, and counts what it voided', () => {
    const events = play(
      post('d1', '2025-01-05T00:00:00Z'),
      post('d2', '2025-01-05T00:00:00Z'),
      { type: 'VoidReceipt', donationId: 'd1', cause: 'void' },
      { type: 'VoidReceipt', donationId: 'd2', cause: 'refund' },
    );
    expect(events.slice(-2)).toEqual([
      { type: 'ReceiptVoided', data: { fundId: 'fund-1', donationId: 'd1', cause: 'void', voiding: 1 } },
      { type: 'ReceiptVoided', data: { fundId: 'fund-1', donationId: 'd2', cause: 'refund', voiding: 2 } },
    ]);
  });

  it('voids and reissues in one decision for what a refund across New Year has left', () => {
    const book = fold(play(post('d1', '2024-12-20T00:00:00Z')));
    const events = receiptBook.decide(book, {
      type: 'ReplaceReceipt',
      cause: 'refund',
      isPayerNew: false,
      entryId: 'entry-refund',
      recordedAt: '2025-01-03T00:00:00Z',
      incarnations: { message: 1, store: 1 },
      donation: donation('d1', '200000'),
    });
    expect(events).toMatchObject([
      { type: 'ReceiptVoided', data: { donationId: 'd1', cause: 'refund' } },
      { type: 'ReceiptSeriesOpened', data: { year: '2025' } },
      {
        type: 'ReceiptIssued',
        data: {
          number: 'LS-2025-000001',
          entryId: 'entry-refund',
          reissue: true,
          donation: { amount: { amount: '200000' } },
        },
      },
    ]);
  });
});

const replacing = { type: 'ReplaceReceipt', cause: 'match', isPayerNew: false } as const;

describe('a donation that was matched', () => {
  const named = { kind: 'named', subjectId: 's-1', identityRecordId: 'r-1' } as const;
  const other = { kind: 'named', subjectId: 's-2', identityRecordId: 'r-2' } as const;
  const matchTo = (isPayerNew: boolean, payer: Payer): ReceiptBookCommand => ({
    ...replacing,
    ...{ isPayerNew, entryId: 'match.m1', recordedAt: '2025-01-08T00:00:00Z' },
    incarnations: { message: 1, store: 1 },
    donation: { ...donation('d1'), payer },
  });
  const reissued = {
    ...reissueOf('d1'),
    donation: { ...donation('d1'), payer: other },
  } as ReceiptBookCommand;
  const payersOf = (events: readonly ReceiptBookEvent[]) =>
    events.flatMap((event) => (event.type === 'ReceiptIssued' ? [event.data.donation.payer] : []));

  it('has its receipt void and another in one decision, to whom it is of now', () => {
    const book = fold(play(post('d1', '2025-01-05T00:00:00Z')));
    expect(receiptBook.decide(book, matchTo(true, named))).toMatchObject([
      { type: 'ReceiptVoided', data: { donationId: 'd1', cause: 'match', voiding: 1 } },
      {
        type: 'ReceiptIssued',
        data: { number: 'LS-2025-000002', reissue: true, payerMatched: true, donation: { payer: named } },
      },
    ]);
  });

  it('is of whom the match says, not of whom a reissue named before; unless only its purpose is another', () => {
    const first = post('d1', '2025-01-05T00:00:00Z');
    expect(payersOf(play(first, reissued, matchTo(true, named))).at(-1)).toEqual(named);
    expect(payersOf(play(first, reissued, matchTo(false, named))).at(-1)).toEqual(other);
    const refund = { ...matchTo(false, named), cause: 'refund' } as ReceiptBookCommand;
    expect(payersOf(play(first, reissued, matchTo(true, named), refund)).at(-1)).toEqual(named);
    const later = { ...reissued, voidingsSeen: 1 } as ReceiptBookCommand;
    expect(payersOf(play(first, matchTo(true, named), later, refund)).at(-1)).toEqual(other);
  });
});

describe('a reissue asked for by a person', () => {
  it('is the next number of the year of its entry and names the one it replaces', () => {
    const book = fold(play(post('d1', '2025-01-05T00:00:00Z'), post('d2', '2025-01-06T00:00:00Z')));
    expect(receiptBook.decide(book, reissueOf('d1'))).toMatchObject([
      {
        type: 'ReceiptVoided',
        data: { donationId: 'd1', cause: 'reissue', voiding: 1, reasonRecordId: 'reason-1' },
      },
      {
        type: 'ReceiptIssued',
        data: {
          number: 'LS-2025-000003',
          reissue: true,
          replaces: 'LS-2025-000001',
          reasonRecordId: 'reason-1',
        },
      },
    ]);
  });

  it('names its payer again on what later refunds leave, and on no other donation', () => {
    const payer = { kind: 'named', subjectId: 's-right', identityRecordId: 'r-right' } as const;
    const corrected = { ...reissueOf('d1'), donation: { ...donation('d1'), payer } } as ReceiptBookCommand;
    const refund = (donationId: string) =>
      ({ ...post(donationId, '2025-01-08T00:00:00Z'), ...replacing, cause: 'refund' }) as ReceiptBookCommand;
    const posts = [post('d1', '2025-01-05T00:00:00Z'), post('d2', '2025-01-06T00:00:00Z')];
    const events = play(...posts, corrected, refund('d1'), refund('d2'), refund('d1'));
    const payers = events.flatMap((event) =>
      event.type === 'ReceiptIssued' ? [[event.data.donation.donationId, event.data.donation.payer]] : [],
    );
    const anonymous = { kind: 'anonymous' };
    expect(payers.slice(2)).toEqual([
      ['d1', payer],
      ['d1', payer],
      ['d2', anonymous],
      ['d1', payer],
    ]);
  });

  it('keeps whose contacts to forget with the donation, and of no registered donor', () => {
    const naming = (contactSubjectId: string, unregistered?: true): ReceiptBookCommand => {
      const named = { kind: 'named', subjectId: 's', identityRecordId: 'r', contactSubjectId } as const;
      const payer = unregistered ? { ...named, unregistered } : named;
      return { ...reissueOf('d1'), donation: { ...donation('d1'), payer } } as ReceiptBookCommand;
    };
    const posts = [post('d1', '2025-01-05T00:00:00Z'), post('d2', '2025-01-06T00:00:00Z')];
    const again = { voidingsSeen: 9 };
    const book = fold(
      play(...posts, naming('c1', true), ...['c2', 'c1'].map((c) => ({ ...naming(c, true), ...again }))),
    );
    expect(book).toMatchObject({ strangers: { d1: ['c1', 'c2'] } });
    expect(fold(play(...posts, naming('c1')))).toMatchObject({ strangers: {} });
  });

  it('is refused where there is no book', () => {
    const refusal = refusalOf(() => receiptBook.decide(receiptBook.initialState, reissueOf('d1')));
    expect(refusal.code).toBe('receipt-book/not-found');
  });

  it('is refused for a receipt that is void', () => {
    const book = fold(play(post('d1', '2025-01-05T00:00:00Z')));
    expect(refusalOf(() => receiptBook.decide(book, reissueOf('d1', 0, false))).code).toBe(
      'receipt-book/receipt-void',
    );
  });

  it('is refused when the receipt was voided after the register was read', () => {
    const book = fold(
      play(post('d1', '2025-01-05T00:00:00Z'), { type: 'VoidReceipt', donationId: 'd1', cause: 'void' }),
    );
    expect(refusalOf(() => receiptBook.decide(book, reissueOf('d1', 0))).code).toBe(
      'receipt-book/receipt-changed',
    );
    expect(receiptBook.decide(book, reissueOf('d1', 1))).toHaveLength(2);
  });

  it('is refused while the register lags further behind than the book remembers', () => {
    const voids = Array.from({ length: 257 }, (_, i): ReceiptBookCommand => {
      return { type: 'VoidReceipt', donationId: `x${String(i)}`, cause: 'void' };
    });
    const book = fold(play(post('d1', '2025-01-05T00:00:00Z'), ...voids));
    expect(refusalOf(() => receiptBook.decide(book, reissueOf('d1', 0))).code).toBe(
      'receipt-book/register-behind',
    );
    expect(receiptBook.decide(book, reissueOf('d1', 1))).toHaveLength(2);
  });

  it('never takes the donation of another receipt', () => {
    const book = fold(play(post('d1', '2025-01-05T00:00:00Z')));
    const mixed = { ...reissueOf('d1'), donation: donation('d2') } as ReceiptBookCommand;
    expect(() => receiptBook.decide(book, mixed)).toThrow(InvariantViolation);
  });
});

describe('after a restore', () => {
  it('opens a lettered series, so that a number that may have been mailed is not given again', () => {
    const events = play(
      post('d1', '2025-02-01T00:00:00Z'),
      post('d2', '2025-02-02T00:00:00Z', 1, 2),
      post('d3', '2025-02-03T00:00:00Z', 2),
    );
    expect(numbers(events)).toEqual(['LS-2025-000001', 'LS-2025B-000001', 'LS-2025B-000002']);
  });

  it('letters also a year whose series the restored book never saw', () => {
    const events = play(post('d1', '2024-12-30T00:00:00Z'), post('d2', '2025-01-02T00:00:00Z', 2));
    expect(numbers(events)).toEqual(['LS-2024-000001', 'LS-2025B-000001']);
  });

  it('needs no letter in the years after', () => {
    const events = play(post('d1', '2025-01-02T00:00:00Z', 2), post('d2', '2026-01-02T00:00:00Z', 2));
    expect(numbers(events)).toEqual(['LS-2025B-000001', 'LS-2026-000001']);
    expect(events.filter((event) => event.type === 'RestoreNoticed')).toHaveLength(1);
  });

  it('does not take a message from before the restore for a sign of when it was', () => {
    const events = play(post('d1', '2024-12-30T00:00:00Z', 1, 2), post('d2', '2025-01-02T00:00:00Z', 2));
    expect(numbers(events)).toEqual(['LS-2024B-000001', 'LS-2025B-000001']);
  });

  it('takes the next letter when restored again', () => {
    const events = play(post('d1', '2025-01-02T00:00:00Z', 2), post('d2', '2025-01-03T00:00:00Z', 3));
    expect(numbers(events)).toEqual(['LS-2025B-000001', 'LS-2025C-000001']);
  });

  it('letters series beyond Z by two letters', () => {
    expect([1, 2, 26, 27, 28].map(seriesLetter)).toEqual(['', 'B', 'Z', 'AA', 'AB']);
  });
});

describe('a template', () => {
  it('is versioned from 1 by each change', () => {
    const change: ReceiptBookCommand = {
      type: 'ChangeTemplate',
      template: { ...builtInTemplate, logoText: 'LS' },
    };
    const events = play(change, change);
    expect(events.slice(1).map((event) => ('version' in event.data ? event.data.version : 0))).toEqual([
      1, 2,
    ]);
  });

  it('is refused when a text would not fit on the page', () => {
    const money = { ...builtInTemplate.money, formCode: 'x'.repeat(61) };
    const template = { ...builtInTemplate, money };
    const refusal = refusalOf(() => receiptBook.decide(fold([opened]), { type: 'ChangeTemplate', template }));
    expect(refusal).toMatchObject({ code: 'receipt-book/template-invalid', details: { field: 'money' } });
  });

  it('names its first faulty field', () => {
    expect(templateFault(builtInTemplate)).toBeUndefined();
    const untitled = { title: { vi: ' ', en: 'x' }, formCode: '' };
    expect(templateFault({ ...builtInTemplate, inKind: untitled })).toBe('inKind');
    expect(templateFault({ ...builtInTemplate, unit: { vi: 'x'.repeat(121), en: '' } })).toBe('unit');
    expect(templateFault({ ...builtInTemplate, signers: [] })).toBe('signers');
    const inKind = { ...builtInTemplate.inKind, signers: [] };
    expect(templateFault({ ...builtInTemplate, inKind })).toBe('inKind');
    expect(templateFault({ ...builtInTemplate, footer: { vi: 'a\u0000b', en: '' } })).toBe('footer');
    expect(templateFault({ ...builtInTemplate, logoText: '\ud800' })).toBe('logoText');
    expect(templateFault({ ...builtInTemplate, budgetCode: 'x'.repeat(31) })).toBe('budgetCode');
  });
});

describe('a number', () => {
  it('is read back into fund code, series and sequence', () => {
    expect(parseReceiptNumber('LS-2025B-000123')).toEqual({
      code: 'LS',
      series: '2025B',
      sequence: '000123',
    });
    expect(parseReceiptNumber('LS-2025-1234567')).toMatchObject({ sequence: '1234567' });
    expect(parseReceiptNumber('LS-2025-123')).toBeUndefined();
  });
});
