// Marks that turn the direction make a text read otherwise than it is stored, and separators of lines and paragraphs
// break a line that is none; they have no use in our fields.
const misleading = '\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const control = '\\u0000-\\u001f\\u007f-\\u009f';
const controlOfLines = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f';

// Living scripts put up to half a dozen marks on a letter; more only cover the lines above and below.
const heaped = /\p{M}{7}/u;

/** What is told of a text that {@link isPlainText} does not take. */
export const notPlainReason =
  'must not hold control characters, marks of direction or more than six marks on a letter';

/** What a field of text may hold, as JSON Schema says it; {@link isPlainText} asks for a little more. */
export function plainTextPattern(multiline: boolean): string {
  return `^[^${multiline ? controlOfLines : control}${misleading}]*$`;
}

const plain = { line: new RegExp(plainTextPattern(false)), lines: new RegExp(plainTextPattern(true)) };

/** A text as we keep it: NFC, outer white space gone, line ends as `\n`. Anything but a string is left as it is. */
export function normalisedText(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim().normalize('NFC') : value;
}

/**
 * Whether a text has no control characters (but line feeds and tabs where several lines are welcome), cannot mislead, and
 * heaps no marks on a letter.
 */
export function isPlainText(text: string, multiline: boolean): boolean {
  const shape = multiline ? plain.lines : plain.line;
  return text.isWellFormed() && shape.test(text) && !text.includes('\r') && !heaped.test(text);
}
