import { setImmediate as othersTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { isDomainRefusal } from '#kernel/refusal.js';
import { refuseFile } from './file-faults.js';
import { unpackedBytesMax } from './file-limits.js';

const gzipMagic = [0x1f, 0x8b];
const pieceBytes = 65_536;

/** The plain bytes of a file that may be gzipped, in pieces. Refuses a cut or damaged gzip, and more than 200 MB as soon as they are reached. */
export async function* unpackedBytes(file: Uint8Array): AsyncGenerator<Uint8Array> {
  if (gzipMagic.every((byte, index) => file[index] === byte)) yield* gunzipped(file);
  else yield* pieces(file);
}

/** What is read of a piece is done at once, so that others have their turn between two. */
async function* pieces(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += pieceBytes) {
    yield file.subarray(at, at + pieceBytes);
    await othersTurn();
  }
}

async function* gunzipped(file: Uint8Array): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  gunzip.end(file);
  let unpacked = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      unpacked += piece.length;
      if (unpacked > unpackedBytesMax)
        refuseFile('statement/unpacked-too-large', { bytesMax: unpackedBytesMax });
      yield piece;
    }
  } catch (error) {
    if (isDomainRefusal(error)) throw error;
    const cut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    refuseFile(cut ? 'statement/gzip-cut' : 'statement/gzip-damaged');
  }
}
