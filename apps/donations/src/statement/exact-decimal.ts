const number = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[Ee]([+-]?\d{1,3}))?$/;
/** Digits of a number that a workbook keeps exactly. */
export const digitsExact = 15;

/**
 * A workbook's number as a plain decimal without its power of ten. Behind the point it is rounded to the 15 digits that a
 * workbook keeps exactly: 1234.56 may stand there as 1234.5599999999999. Undefined for what is no number.
 */
export function exactDecimal(text: string): string | undefined {
  const match = number.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  // A zero in front takes what rounding carries.
  const point = whole.length + 1 + Number(power);
  const { integer, rest } = split(rounded(`0${whole}${fraction}`, point), point);
  return sign + integer + (rest === '' ? '' : `.${rest}`);
}

/** As many digits as were given; those behind the point and the first 15 that count are rounded away. */
function rounded(digits: string, point: number): string {
  const leading = digits.search(/[1-9]|$/);
  const kept = Math.max(leading + digitsExact, point);
  if (digits.length <= kept) return digits;
  const up = digits.charAt(kept) >= '5' ? 1n : 0n;
  return (BigInt(digits.slice(0, kept)) + up).toString().padStart(kept, '0').padEnd(digits.length, '0');
}

function split(digits: string, point: number): { readonly integer: string; readonly rest: string } {
  const all = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  return { integer: all.slice(0, at).replace(/^0+(?=\d)/, ''), rest: all.slice(at).replace(/0+$/, '') };
}
