import { isUtf8 } from 'node:buffer';
import { refuseFile } from './file-faults.js';
import { lineBytesMax } from './file-limits.js';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const [lineFeed, carriageReturn, nul] = [0x0a, 0x0d, 0x00];

/** Bytes as text, in pieces of whole lines, without a byte order mark. Refuses what is not UTF-8 and NUL, with the line. */
export async function* utf8Text(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let line = 1;
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const end = endOfLines(bytes);
    rest = bytes.subarray(end);
    if (rest.length > lineBytesMax)
      refuseFile('statement/line-too-long', { line: line + linesIn(bytes, end) });
    if (end === 0) continue;
    yield textOf(bytes.subarray(0, end), line);
    line += linesIn(bytes, end);
  }
  if (rest.length > 0) yield textOf(rest, line);
}

function textOf(bytes: Buffer, line: number): string {
  if (!isUtf8(bytes)) refuseFile('statement/not-utf8', { line: line + linesBeforeFault(bytes) });
  const at = bytes.indexOf(nul);
  if (at >= 0) refuseFile('statement/nul-character', { line: line + linesIn(bytes, at) });
  const marked = line === 1 && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return bytes.toString('utf8', marked ? byteOrderMark.length : 0);
}

/** Behind the last line that is whole; files of old lack line feeds. */
function endOfLines(bytes: Buffer): number {
  const feed = bytes.lastIndexOf(lineFeed);
  // A return at the very end may have its line feed in the next piece.
  return (feed >= 0 ? feed : bytes.lastIndexOf(carriageReturn, bytes.length - 2)) + 1;
}

function linesIn(bytes: Buffer, end: number): number {
  return bytes.toString('latin1', 0, end).split(/\r\n|\n|\r/).length - 1;
}

function linesBeforeFault(bytes: Buffer): number {
  let begin = 0;
  for (;;) {
    const feed = bytes.indexOf(lineFeed, begin);
    const end = feed < 0 ? bytes.length : feed + 1;
    if (!isUtf8(bytes.subarray(begin, end)) || feed < 0) return linesIn(bytes, begin);
    begin = end;
  }
}
