import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { aWalk } from '#testing/walk-log.js';
import { allChecks } from './checks/all-checks.js';
import { exportLines, writeWhole } from './export-file.js';
import { replayedProjections, replayedSources } from './registry.js';
import { replayFile, type FileReplay } from './replay-file.js';
import { Terminal } from './terminal.js';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mangnon-replay-'));
  path = join(folder, 'events.jsonl');
  await writeWhole(path, exportLines(pages()));
});
afterAll(() => rm(folder, { recursive: true }));

async function* pages(): AsyncIterable<readonly RecordedEvent[]> {
  yield aWalk().events;
}

async function replayed(changes: Partial<FileReplay> = {}) {
  const told: string[] = [];
  const streams = { out: (text: string) => void told.push(text), err: () => undefined, isScreen: false };
  const projections = replayedProjections();
  const replay = { checks: allChecks(), projections, sources: replayedSources(), ...changes };
  return { same: await replayFile(path, new Terminal(streams, 'en'), replay), told };
}

describe('a replay from a file', () => {
  it('folds the same rows in as many readings as hold few of them at a time', async () => {
    const [whole, parts] = [await replayed(), await replayed({ rowsMax: 1 })];
    expect(whole.same && parts.same).toBe(true);
    expect(parts.told.toSorted()).toEqual(whole.told.toSorted());
    expect(parts.told).not.toEqual(whole.told);
  });

  it('tells what cannot be folded also in a later reading', async () => {
    const fail = (): never => {
      throw new Error('never folded');
    };
    const projections = replayedProjections().map((projection) =>
      projection.name === 'receipts.register' ? { ...projection, project: fail } : projection,
    );
    const { same, told } = await replayed({ projections, rowsMax: 1 });
    expect(same).toBe(false);
    expect(told.filter((line) => line.startsWith('✗'))).toHaveLength(1);
  });
});
