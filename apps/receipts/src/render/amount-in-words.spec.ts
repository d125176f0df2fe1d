import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantViolation } from '#kernel/refusal.js';
import { amountInEnglish, amountInFigures, amountInVietnamese } from './amount-in-words.js';
import { englishNumber } from './english-number.js';
import { vietnameseNumber } from './vietnamese-number.js';

const vietnamese: readonly (readonly [bigint, string])[] = [
  [0n, 'không'],
  [1n, 'một'],
  [4n, 'bốn'],
  [5n, 'năm'],
  [10n, 'mười'],
  [11n, 'mười một'],
  [14n, 'mười bốn'],
  [15n, 'mười lăm'],
  [20n, 'hai mươi'],
  [21n, 'hai mươi mốt'],
  [24n, 'hai mươi tư'],
  [25n, 'hai mươi lăm'],
  [44n, 'bốn mươi tư'],
  [55n, 'năm mươi lăm'],
  [91n, 'chín mươi mốt'],
  [100n, 'một trăm'],
  [101n, 'một trăm linh một'],
  [104n, 'một trăm linh bốn'],
  [105n, 'một trăm linh năm'],
  [110n, 'một trăm mười'],
  [115n, 'một trăm mười lăm'],
  [121n, 'một trăm hai mươi mốt'],
  [555n, 'năm trăm năm mươi lăm'],
  [1000n, 'một nghìn'],
  [1001n, 'một nghìn không trăm linh một'],
  [1010n, 'một nghìn không trăm mười'],
  [1100n, 'một nghìn một trăm'],
  [10_015n, 'mười nghìn không trăm mười lăm'],
  [50_000n, 'năm mươi nghìn'],
  [105_000n, 'một trăm linh năm nghìn'],
  [500_000n, 'năm trăm nghìn'],
  [1_000_000n, 'một triệu'],
  [1_000_005n, 'một triệu không trăm linh năm'],
  [1_005_000n, 'một triệu không trăm linh năm nghìn'],
  [1_234_567n, 'một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy'],
  [402_350_000n, 'bốn trăm linh hai triệu ba trăm năm mươi nghìn'],
  [606_000_000n, 'sáu trăm linh sáu triệu'],
  [1_000_000_000n, 'một tỷ'],
  [2_000_000_021n, 'hai tỷ không trăm hai mươi mốt'],
  [11_464_843_306n, 'mười một tỷ bốn trăm sáu mươi tư triệu tám trăm bốn mươi ba nghìn ba trăm linh sáu'],
  [24_000_000_000n, 'hai mươi tư tỷ'],
  [1_000_000_000_000n, 'một nghìn tỷ'],
  [1_500_000_000_000n, 'một nghìn năm trăm tỷ'],
  [1_000_000_000_000_000n, 'một triệu tỷ'],
  [10n ** 18n, 'một tỷ tỷ'],
  [10n ** 18n + 10n ** 9n, 'một tỷ không trăm linh một tỷ'],
  [47n * 10n ** 18n + 5n, 'bốn mươi bảy tỷ tỷ không trăm linh năm'],
];

const english: readonly (readonly [bigint, string])[] = [
  [0n, 'zero'],
  [7n, 'seven'],
  [13n, 'thirteen'],
  [20n, 'twenty'],
  [21n, 'twenty-one'],
  [99n, 'ninety-nine'],
  [100n, 'one hundred'],
  [105n, 'one hundred and five'],
  [1000n, 'one thousand'],
  [1001n, 'one thousand and one'],
  [1100n, 'one thousand one hundred'],
  [1_000_005n, 'one million and five'],
  [1_234_567n, 'one million two hundred and thirty-four thousand five hundred and sixty-seven'],
  [24_000_000_000n, 'twenty-four billion'],
  [10n ** 27n, 'one octillion'],
];

describe('a number in words', () => {
  it.each(vietnamese)('%d is read as Vietnamese speakers in the north do', (value, words) => {
    expect(vietnameseNumber(value)).toBe(words);
  });

  it.each(english)('%d is read in English', (value, words) => {
    expect(englishNumber(value)).toBe(words);
  });

  const anyNumber = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }),
    fc.bigInt({ min: 0n, max: 10n ** 10n }),
    // Many zeros inside: where readings go wrong.
    fc
      .array(fc.constantFrom('000', '000', '001', '010', '100', '015', '024', '021', '999'), { maxLength: 9 })
      .map((groups) => BigInt(`1${groups.join('')}`)),
  );

  it('in Vietnamese reads back as the same number', () => {
    fc.assert(fc.property(anyNumber, (value) => readVietnamese(vietnameseNumber(value)) === value));
  });

  it('in English reads back as the same number', () => {
    fc.assert(fc.property(anyNumber, (value) => readEnglish(englishNumber(value)) === value));
  });
});

describe('an amount on a receipt', () => {
  it('stands in words with a capital, its unit, and "chẵn" when round in thousands', () => {
    expect(amountInVietnamese({ amount: '500000', currency: 'VND' })).toBe('Năm trăm nghìn đồng chẵn');
    expect(amountInVietnamese({ amount: '500500', currency: 'VND' })).toBe('Năm trăm nghìn năm trăm đồng');
    expect(amountInVietnamese({ amount: '0', currency: 'VND' })).toBe('Không đồng');
    expect(amountInVietnamese({ amount: '1250', currency: 'USD' })).toBe('Mười hai đô la Mỹ và năm mươi xu');
    expect(amountInVietnamese({ amount: '10000', currency: 'JPY' })).toBe('Mười nghìn yên Nhật chẵn');
    expect(amountInVietnamese({ amount: '100000', currency: 'EUR' })).toBe('Một nghìn euro chẵn');
  });

  it('stands in English words with its unit', () => {
    expect(amountInEnglish({ amount: '500000', currency: 'VND' })).toBe(
      'Five hundred thousand Vietnamese dong',
    );
    expect(amountInEnglish({ amount: '101', currency: 'USD' })).toBe('One US dollar and one cent');
    expect(amountInEnglish({ amount: '1250', currency: 'EUR' })).toBe('Twelve euros and fifty cents');
    expect(amountInEnglish({ amount: '3000', currency: 'KRW' })).toBe('Three thousand South Korean won');
  });

  it('stands in figures with dots for thousands', () => {
    expect(amountInFigures({ amount: '1234567', currency: 'VND' })).toBe('1.234.567\u00a0₫');
    expect(amountInFigures({ amount: '999', currency: 'VND' })).toBe('999\u00a0₫');
    expect(amountInFigures({ amount: '123405', currency: 'USD' })).toBe('1.234,05\u00a0USD');
  });

  it('is never negative', () => {
    expect(() => amountInVietnamese({ amount: '-1', currency: 'VND' })).toThrow(InvariantViolation);
  });
});

/** An independent reader of Vietnamese number words. */
function readVietnamese(text: string): bigint {
  const lastBillion = text.lastIndexOf('tỷ');
  if (lastBillion >= 0)
    return (
      readVietnamese(text.slice(0, lastBillion).trim()) * 10n ** 9n +
      readVietnamese(text.slice(lastBillion + 2).trim())
    );
  const ones = new Map([...digits.map((word, i) => [word, BigInt(i)] as const), ...variants]);
  const multiples = new Map([
    ['trăm', 100n],
    ['mươi', 10n],
  ]);
  const groups = new Map([
    ['nghìn', 1000n],
    ['triệu', 1_000_000n],
  ]);
  let [total, group, digit] = [0n, 0n, 0n];
  for (const word of text.split(' ')) {
    const multiple = multiples.get(word);
    const scale = groups.get(word);
    if (word === 'mười') group += 10n;
    else if (multiple !== undefined) [group, digit] = [group + digit * multiple, 0n];
    else if (scale !== undefined) [total, group, digit] = [total + (group + digit) * scale, 0n, 0n];
    else digit = ones.get(word) ?? digit;
  }
  return total + group + digit;
}

const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const variants = [
  ['mốt', 1n],
  ['tư', 4n],
  ['lăm', 5n],
] as const;

/** An independent reader of English number words. */
function readEnglish(text: string): bigint {
  const ones =
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    );
  const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
  const scales =
    'thousand million billion trillion quadrillion quintillion sextillion septillion octillion'.split(' ');
  let total = 0n;
  let group = 0n;
  for (const word of text.split(/[ -]/)) {
    if (ones.includes(word)) group += BigInt(ones.indexOf(word));
    else if (tens.includes(word)) group += BigInt(tens.indexOf(word)) * 10n;
    else if (word === 'hundred') group *= 100n;
    else if (scales.includes(word)) {
      total += group * 1000n ** BigInt(scales.indexOf(word) + 1);
      group = 0n;
    }
  }
  return total + group;
}
