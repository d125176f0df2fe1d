const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const;
const groupNames = ['triệu', 'nghìn', ''] as const;

/**
 * A whole number from 0 in Vietnamese words, northern forms: 15 mười lăm, 21 hai mươi mốt, 24 hai mươi tư,
 * 105 một trăm linh năm, 1 000 005 một triệu không trăm linh năm. Above a billion the billions are counted in the
 * same words and followed by "tỷ", so any size can be read and read back.
 */
export function vietnameseNumber(value: bigint): string {
  return value === 0n ? digits[0] : counted(value.toString()).join(' ');
}

/** The number's words, from its digits; none for zeros alone. */
function counted(text: string): readonly string[] {
  const billions = text.slice(0, -9);
  const words = billions === '' ? [] : [...counted(billions), 'tỷ'];
  text
    .slice(-9)
    .padStart(9, '0')
    .match(/\d{3}/g)
    ?.forEach((group, index) => {
      if (group === '000') return;
      words.push(...hundreds(group, words.length > 0), groupNames[index] ?? '');
    });
  return words.filter((word) => word !== '');
}

/** Three digits; `within` a longer number its hundreds are read even where there are none. */
function hundreds(group: string, within: boolean): readonly string[] {
  const [hundred = '0', ten = '0', one = '0'] = group;
  const head = hundred !== '0' || within ? [word(hundred), 'trăm'] : [];
  return [...head, ...tens(ten, one, head.length > 0)];
}

function tens(ten: string, one: string, within: boolean): readonly string[] {
  if (ten === '0' && one === '0') return [];
  if (ten === '0') return within ? ['linh', word(one)] : [word(one)];
  const head = ten === '1' ? ['mười'] : [word(ten), 'mươi'];
  return one === '0' ? head : [...head, afterTen(ten, one)];
}

function afterTen(ten: string, one: string): string {
  if (one === '5') return 'lăm';
  if (ten !== '1' && one === '1') return 'mốt';
  return ten !== '1' && one === '4' ? 'tư' : word(one);
}

function word(digit: string): string {
  return digits[digit.charCodeAt(0) - 48] ?? '';
}
