import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { vaultTables } from '#platform/archive/vault-rows.js';
import { aWalk } from '#testing/walk-log.js';
import { proveBackup } from './backup.js';
import { counted, eventsFile, manifestFile, vaultFile, type Manifest } from './backup-files.js';
import type { Context } from './context.js';
import { exportLines, writeWhole, type ExportTrailer } from './export-file.js';
import { Terminal } from './terminal.js';

let folder: string;
let manifest: Manifest;
let told: string;
const terminal = new Terminal(
  { out: (text) => void (told += text), err: () => undefined, isScreen: false },
  'en',
);
const context = { terminal } as Context;

const prove = () => proveBackup(context, folder);
const write = (name: string, text: string) => writeWhole(join(folder, name), lines(text));
const writeManifest = () => write(manifestFile, JSON.stringify(manifest));

async function* lines(...texts: readonly string[]): AsyncIterable<string> {
  yield* texts;
}

async function writeEvents(events: readonly RecordedEvent[]): Promise<ExportTrailer> {
  const ends: ExportTrailer[] = [];
  const pages = (async function* () {
    yield events;
  })();
  await writeWhole(
    join(folder, eventsFile),
    exportLines(pages, (end) => ends.push(end)),
  );
  return ends[0]!;
}

async function writeTable(table: string, row: string): Promise<Manifest['vault'][number]> {
  const entries: Manifest['vault'] = [];
  const pages = (async function* () {
    yield [row];
  })();
  await writeWhole(
    vaultFile(folder, table),
    counted(pages, (end) => entries.push({ table, ...end })),
  );
  return entries[0]!;
}

const { events } = aWalk();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mangnon-backup-'));
  told = '';
  const vault: Manifest['vault'] = [];
  for (const table of vaultTables) vault.push(await writeTable(table, '{}'));
  manifest = {
    ...{ format: 'mangnon.backup', version: 2, takenAt: '2025-05-29T01:00:00Z' },
    ...{ events: await writeEvents(events), vault, checkpoints: [] },
  };
  await writeManifest();
});
afterEach(() => rm(folder, { recursive: true }));

describe('a backup held against its manifest', () => {
  it('is whole as it was made', async () => {
    expect(await prove()).toEqual(manifest);
    expect(told).toContain(`${String(events.length)} events, its SHA-256 fits`);
  });

  it('is refused with the events of another backup, though they are whole in themselves', async () => {
    await writeEvents(events.slice(0, -1));
    await expect(prove()).rejects.toThrow('the file of another backup');
  });

  it('is refused with a table of the vault of another backup, or without one', async () => {
    const [table = '', other = ''] = vaultTables;
    await writeTable(table, '{"of":"another"}');
    await expect(prove()).rejects.toThrow(`vault.${table}.jsonl.gz is not what it was`);
    await writeTable(table, '{}');
    await prove();
    manifest = { ...manifest, vault: manifest.vault.filter((one) => one.table !== other) };
    await writeManifest();
    await expect(prove()).rejects.toThrow(`vault.${other}.jsonl.gz is not what it was`);
  });

  it('is whole without what the vault did not keep yet when it was made, and only then', async () => {
    manifest = { ...manifest, vault: manifest.vault.filter(({ table }) => !table.startsWith('books.')) };
    await writeManifest();
    await expect(prove()).rejects.toThrow('vault.books.');
    manifest = { ...manifest, version: 1 };
    await writeManifest();
    expect(await prove()).toEqual(manifest);
  });
});
