import { crc32, createInflateRaw } from 'node:zlib';
import { isDomainRefusal } from '#kernel/refusal.js';
import { refuseFile } from './file-faults.js';
import { unpackedBytesMax } from './file-limits.js';

/** A file in a zip, as its directory tells it. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: number;
  readonly checksum: number;
  readonly packed: Buffer;
  readonly stored: boolean;
}

const [localHeader, directoryHeader, directoryEnd] = [0x04034b50, 0x02014b50, 0x06054b50];
const [localBytes, headerBytes, endBytes] = [30, 46, 22];
const commentBytesMax = 0xffff;
const entriesMax = 2_000;

/**
 * The files of a zip by name, read from its directory alone: what stands between its files is never looked at. Refuses,
 * before anything is unpacked, a zip whose directory tells of more than 200 MB, and whatever is not whole and plain
 * (encrypted, in parts, of 4 GB, two files of one name).
 */
export function zipEntries(file: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const zip = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const entries = new Map<string, ZipEntry>();
  const { count, begin } = directoryOf(zip);
  let [unpacked, at] = [0, begin];
  for (let index = 0; index < count; index += 1) {
    const header = part(zip, at, headerBytes);
    if (header.readUInt32LE(0) !== directoryHeader) refuseFile('statement/workbook-damaged');
    const name = part(zip, at + headerBytes, header.readUInt16LE(28)).toString();
    if (entries.has(name)) refuseFile('statement/workbook-damaged');
    unpacked += header.readUInt32LE(24);
    if (unpacked > unpackedBytesMax)
      refuseFile('statement/unpacked-too-large', { bytesMax: unpackedBytesMax });
    entries.set(name, entryOf(zip, header, name));
    at += headerBytes + header.readUInt16LE(28) + header.readUInt16LE(30) + header.readUInt16LE(32);
  }
  return entries;
}

function directoryOf(zip: Buffer): { readonly count: number; readonly begin: number } {
  const from = Math.max(0, zip.length - endBytes - commentBytesMax);
  for (let at = zip.length - endBytes; at >= from; at -= 1) {
    if (zip.readUInt32LE(at) !== directoryEnd) continue;
    if (zip.readUInt16LE(at + 20) !== zip.length - at - endBytes) continue;
    const [disk, count, begin] = [
      zip.readUInt32LE(at + 4),
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 16),
    ];
    if (disk !== 0 || count > entriesMax) break;
    return { count, begin };
  }
  refuseFile('statement/workbook-damaged');
}

function entryOf(zip: Buffer, header: Buffer, name: string): ZipEntry {
  const [flags, method] = [header.readUInt16LE(8), header.readUInt16LE(10)];
  const encrypted = (flags & 1) !== 0;
  if (encrypted || (method !== 0 && method !== 8)) refuseFile('statement/workbook-damaged');
  const at = header.readUInt32LE(42);
  const local = part(zip, at, localBytes);
  if (local.readUInt32LE(0) !== localHeader) refuseFile('statement/workbook-damaged');
  const data = at + localBytes + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed = part(zip, data, header.readUInt32LE(20));
  return {
    name,
    bytes: header.readUInt32LE(24),
    checksum: header.readUInt32LE(16),
    packed,
    stored: method === 0,
  };
}

function part(zip: Buffer, at: number, bytes: number): Buffer {
  if (at + bytes > zip.length) refuseFile('statement/workbook-damaged');
  return zip.subarray(at, at + bytes);
}

/** The unpacked bytes of a file in a zip, in pieces. Refuses it as damaged as soon as there are more than its directory told, and when its checksum is another. */
export async function* entryBytes(entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let [bytes, checksum] = [0, 0];
  for await (const piece of entry.stored ? [entry.packed] : inflated(entry.packed)) {
    bytes += piece.length;
    if (bytes > entry.bytes) refuseFile('statement/workbook-damaged');
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (bytes !== entry.bytes || checksum !== entry.checksum) refuseFile('statement/workbook-damaged');
}

async function* inflated(packed: Buffer): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  inflate.end(packed);
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (isDomainRefusal(error)) throw error;
    refuseFile('statement/workbook-damaged');
  }
}
