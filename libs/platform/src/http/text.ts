// Bidirectional overrides and isolates make a text read otherwise than it is stored; they have no use in our fields.
const misleading = /[\u202a-\u202e\u2066-\u2069\ufeff]/;
const control = /\p{Cc}/u;

/** A text as we keep it: NFC, outer white space gone, line ends as `\n`. Anything but a string is left as it is. */
export function normalisedText(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim().normalize('NFC') : value;
}

/** Whether a text has no control characters (but line feeds and tabs where several lines are welcome) and cannot mislead. */
export function isPlainText(text: string, multiline: boolean): boolean {
  const line = multiline ? text.replaceAll(/[\n\t]/g, ' ') : text;
  return text.isWellFormed() && !control.test(line) && !misleading.test(text);
}
