import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { exportHeader, exportLine } from '#event-store/exported.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import type { Position } from '#kernel/position.js';
import { CliFault } from './fault.js';

const position = z.object({ incarnation: z.int().nonnegative(), number: z.int().positive() });
const trailerLine = z.strictObject({
  count: z.int().nonnegative(),
  lastPosition: position.nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const eventLine = z.strictObject({
  id: z.string(),
  stream: z.string(),
  revision: z.int().nonnegative(),
  position,
  type: z.string(),
  schemaVersion: z.int().positive(),
  data: z.record(z.string(), z.unknown()),
  recordedAt: z.iso.datetime(),
  actor: z.custom<RecordedEvent['actor']>((value) => typeof value === 'string'),
  commandId: z.string(),
  commandDigest: z.string().optional(),
  cause: z.custom<RecordedEvent['cause']>((value) => typeof value === 'object' && value !== null),
  correlationId: z.string(),
  salt: z.string(),
  traceparent: z.string().optional(),
});

/** Last line of an export: how many events, the last one's position, and the SHA-256 of every byte before this line. */
export type ExportTrailer = z.infer<typeof trailerLine>;

/** Lines of an export, several in a text; ends with the trailer, which `onEnd` is told too. */
export async function* exportLines(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  onEnd: (trailer: ExportTrailer) => void = () => undefined,
): AsyncIterable<string> {
  const hash = createHash('sha256');
  const hashed = (text: string): string => {
    hash.update(text);
    return text;
  };
  let count = 0;
  let lastPosition: Position | null = null;
  yield hashed(`${exportHeader}\n`);
  for await (const page of pages) {
    count += page.length;
    lastPosition = page.at(-1)?.position ?? lastPosition;
    if (page.length > 0) yield hashed(page.map((event) => `${exportLine(event)}\n`).join(''));
  }
  const trailer = { count, lastPosition, sha256: hash.digest('hex') };
  onEnd(trailer);
  yield `${canonicalJson(trailer)}\n`;
}

/** Writes texts to a file, whole or not at all and durable on return; compressed where its name ends with `.gz`. */
export async function writeWhole(path: string, texts: AsyncIterable<string>): Promise<void> {
  const draft = `${path}.part`;
  const file = createWriteStream(draft, { mode: 0o600 });
  if (path.endsWith('.gz')) await pipeline(Readable.from(texts), createGzip(), file);
  else await pipeline(Readable.from(texts), file);
  const written = await open(draft, 'r');
  await written.sync();
  await written.close();
  await rename(draft, path);
}

/** Lines of a text file a chunk at a time, without their ends; decompressed where its name ends with `.gz`. */
export async function* linesOfFile(path: string): AsyncIterable<readonly string[]> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const texts = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  if (texts !== file) file.on('error', (error) => texts.destroy(error));
  let rest = '';
  for await (const text of texts.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}

/**
 * The events of an export, in the file's order. Throws {@link CliFault} `differs` where the file is no export, is cut
 * off, or its digest, count or last position is not what its trailer says, or not what is `wanted`, such as of another
 * export; so what came before counts only at the end.
 */
export async function* readExport(
  path: string,
  wanted?: ExportTrailer,
): AsyncIterable<readonly RecordedEvent[]> {
  const reading = new Reading(path);
  for await (const lines of linesOfFile(path)) {
    const events = lines.flatMap((line) => reading.take(line) ?? []);
    if (events.length > 0) yield events;
  }
  reading.end(wanted);
}

/** Where the file has been read to. */
class Reading {
  readonly #hash = createHash('sha256');
  #line = 0;
  #count = 0;
  #last: Position | null = null;
  #trailer: ExportTrailer | undefined;

  constructor(private readonly path: string) {}

  take(line: string): RecordedEvent | undefined {
    this.#line += 1;
    if (this.#trailer) throw this.#fault('có dòng sau dòng kết', 'there is more after the last line');
    if (this.#line === 1) {
      if (line !== exportHeader) throw this.#fault('không phải tệp xuất sự kiện', 'is no export of events');
      this.#hash.update(`${line}\n`);
      return undefined;
    }
    const value = this.#parsed(line);
    const trailer = trailerLine.safeParse(value);
    if (trailer.success) {
      this.#trailer = trailer.data;
      return undefined;
    }
    return this.#event(line, value);
  }

  end(wanted: ExportTrailer | undefined): void {
    if (!this.#trailer) throw this.#fault('tệp bị cắt cụt', 'the file is cut off');
    if (wanted && canonicalJson(wanted) !== canonicalJson(this.#trailer))
      throw this.#fault('là tệp của bản sao lưu khác', 'is the file of another backup');
    const { count, lastPosition, sha256 } = this.#trailer;
    if (sha256 !== this.#hash.digest('hex'))
      throw this.#fault('mã SHA-256 không khớp', 'the SHA-256 does not fit');
    if (count !== this.#count || canonicalJson(lastPosition) !== canonicalJson(this.#last))
      throw this.#fault(
        'số sự kiện hoặc vị trí cuối không khớp',
        'the count or the last position does not fit',
      );
  }

  #event(line: string, value: unknown): RecordedEvent {
    const event = eventLine.safeParse(value);
    if (!event.success) throw this.#fault('không phải sự kiện', 'is no event');
    this.#hash.update(`${line}\n`);
    this.#count += 1;
    this.#last = event.data.position;
    return { ...event.data, cursor: String(this.#count) } as RecordedEvent;
  }

  #parsed(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      throw this.#fault('không phải JSON', 'is no JSON');
    }
  }

  #fault(vi: string, en: string): CliFault {
    const at = `${this.path}:${String(this.#line)}`;
    return new CliFault('differs', { vi: `${at}: ${vi}`, en: `${at}: ${en}` });
  }
}
