const small = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tensNames = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales = [
  ...['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion', 'quintillion'],
  ...['sextillion', 'septillion', 'octillion'],
];

/**
 * A whole number from 0 to 10^30 − 1 in English words, short scale: 21 twenty-one, 105 one hundred and five,
 * 1 000 005 one million and five.
 */
export function englishNumber(value: bigint): string {
  if (value === 0n) return 'zero';
  const words: string[] = [];
  for (let rest = value, scale = 0; rest > 0n; rest /= 1000n, scale += 1) {
    const group = rest % 1000n;
    if (group > 0n) words.unshift(`${belowThousand(group)} ${scales[scale] ?? ''}`.trimEnd());
  }
  const last = value % 1000n;
  if (words.length > 1 && last > 0n && last < 100n) words.splice(-1, 0, 'and');
  return words.join(' ');
}

function belowThousand(value: bigint): string {
  const hundreds = value / 100n;
  const rest = value % 100n;
  if (hundreds === 0n) return belowHundred(rest);
  const head = `${belowHundred(hundreds)} hundred`;
  return rest === 0n ? head : `${head} and ${belowHundred(rest)}`;
}

function belowHundred(value: bigint): string {
  if (value < 20n) return pick(small, value);
  const ten = pick(tensNames, value / 10n);
  return value % 10n === 0n ? ten : `${ten}-${pick(small, value % 10n)}`;
}

function pick(words: readonly string[], index: bigint): string {
  return words.at(Number(index)) ?? '';
}
