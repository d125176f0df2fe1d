import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { aWalk } from '#testing/walk-log.js';
import { exportLines, readExport, writeWhole, type ExportTrailer } from './export-file.js';
import { CliFault } from './fault.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mangnon-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { events } = aWalk();

async function* pages(size: number): AsyncIterable<readonly RecordedEvent[]> {
  for (let at = 0; at < events.length; at += size) yield events.slice(at, at + size);
}

async function written(name: string, size = 3): Promise<string> {
  const path = join(folder, name);
  await writeWhole(path, exportLines(pages(size)));
  return path;
}

async function read(path: string): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of readExport(path)) all.push(...page);
  return all;
}

describe('an export', () => {
  it('gives the events back, all but where their store resumed', async () => {
    for (const name of ['plain.jsonl', 'small.jsonl.gz']) {
      const found = await read(await written(name));
      expect(found.map((event) => ({ ...event, cursor: '' }))).toEqual(
        events.map((event) => ({ ...event, cursor: '' })),
      );
    }
  });

  it('of the same log is the same bytes, however it was paged', async () => {
    const [one, other] = [await written('one.jsonl', 2), await written('other.jsonl', 50)];
    expect(await readFile(one)).toEqual(await readFile(other));
    expect(gunzipSync(await readFile(await written('zipped.jsonl.gz')))).toEqual(await readFile(one));
  });

  it('of an empty log is whole', async () => {
    const path = join(folder, 'empty.jsonl');
    const ends: ExportTrailer[] = [];
    await writeWhole(
      path,
      exportLines((async function* () {})(), (end) => ends.push(end)),
    );
    expect(ends).toMatchObject([{ count: 0, lastPosition: null }]);
    expect(await read(path)).toEqual([]);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const path = join(folder, 'interrupted.jsonl');
    const breaking = async function* (): AsyncIterable<string> {
      yield 'half';
      throw new Error('pulled out');
    };
    await expect(writeWhole(path, breaking())).rejects.toThrow('pulled out');
    expect(await readdir(folder)).not.toContain('interrupted.jsonl');
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'one letter changed',
      (lines) => lines.with(2, lines[2]!.replace('"cash"', '"bank"')),
      'the SHA-256 does not fit',
    ],
    ['a line left out', (lines) => lines.toSpliced(4, 1), 'the SHA-256 does not fit'],
    ['two lines swapped', (lines) => lines.with(4, lines[5]!).with(5, lines[4]!), 'the SHA-256 does not fit'],
    ['the end cut off', (lines) => lines.slice(0, -1), 'the file is cut off'],
    ['something behind the end', (lines) => [...lines, lines[2]!], 'there is more after the last line'],
    ['another header', (lines) => lines.with(0, '{}'), 'is no export of events'],
    ['half a line', (lines) => lines.with(4, lines[4]!.slice(0, 40)), 'is no JSON'],
    ['a member too many', (lines) => lines.with(4, lines[4]!.replace('{', '{"more":1,')), 'is no event'],
    [
      'another count',
      (lines) => lines.with(-1, lines.at(-1)!.replace(/"count":\d+/, '"count":1')),
      'the count or the last position does not fit',
    ],
  ])('with %s is refused', async (_what, change, reason) => {
    const path = await written('good.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const spoilt = join(folder, 'spoilt.jsonl');
    await writeFile(spoilt, `${change(lines).join('\n')}\n`);
    await expect(read(spoilt)).rejects.toThrow(CliFault);
    await expect(read(spoilt)).rejects.toThrow(reason);
  });

  it('that is compressed and cut off is refused', async () => {
    const path = await written('whole.jsonl.gz');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 40));
    await expect(read(path)).rejects.toThrow();
  });
});
