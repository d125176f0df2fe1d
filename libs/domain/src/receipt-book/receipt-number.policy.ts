/** The incarnation of a store that was never restored. */
export const firstIncarnation = 1;

/** The letter of a series opened in an incarnation of the store: none in the first, then B to Z, AA, AB … */
export function seriesLetter(incarnation: number): string {
  let rest = incarnation === firstIncarnation ? 0 : incarnation;
  let letter = '';
  while (rest > 0) {
    letter = String.fromCharCode(65 + ((rest - 1) % 26)) + letter;
    rest = Math.floor((rest - 1) / 26);
  }
  return letter;
}

/** The number of a receipt, such as `LS-2025-000123` or `LS-2025B-000001`; six digits or more. */
export function receiptNumber(code: string, year: string, letter: string, sequence: number): string {
  return `${code}-${year}${letter}-${String(sequence).padStart(6, '0')}`;
}

const shape = /^([A-Z][A-Z0-9]{1,9})-(\d{4}[A-Z]*)-(\d{6,})$/;

/** The fund code, series and sequence of a number as people write it; undefined for a text that is none. */
export function parseReceiptNumber(
  text: string,
): { readonly code: string; readonly series: string; readonly sequence: string } | undefined {
  const [, code, series, sequence] = shape.exec(text) ?? [];
  return code !== undefined && series !== undefined && sequence !== undefined
    ? { code, series, sequence }
    : undefined;
}
