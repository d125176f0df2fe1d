import assert from 'node:assert/strict';
import type { EventStore } from './event-store.js';
import { everything, several } from './contract-engine.contract.js';
import { copyLog, CopyDiffers, type CopyTarget, type LogProof } from './copying.js';
import { ImportRefused } from './importing.js';
import { recordOf, type LogPages, type LogRecord } from './log-record.js';
import { restoreLog, type LogRestored } from './restoring.js';

/** What the cases are played on. */
export interface CopyRig {
  /** A log to copy; nothing else writes to it. */
  readonly source: EventStore;
  /** Another hold on the one target, as after a crash of the process that copied. */
  target(): CopyTarget;
  /** A store over the target. */
  open(): Promise<EventStore>;
}

/** One promise of a copy. */
export interface CopyCase {
  readonly name: string;
  run(rig: CopyRig): Promise<void>;
}

const never = (): Promise<number> => Promise.reject(new Error('no other incarnation is needed'));

async function recordsIn(store: EventStore): Promise<readonly LogRecord[]> {
  return (await everything(store)).map(recordOf);
}

function pagesOf(records: readonly LogRecord[], size = 3): () => LogPages {
  return async function* () {
    for (let from = 0; from < records.length; from += size) yield records.slice(from, from + size);
  };
}

async function filled(store: EventStore): Promise<readonly LogRecord[]> {
  await store.append('note-1', several(2), 'no_stream');
  await store.append('note-2', several(3), 'no_stream');
  await store.append('note-1', several(4), 1);
  return recordsIn(store);
}

/** Dies after so many records, with the outcome of the last call unknown to whoever copies. */
function dyingAfter(target: CopyTarget, records: number): CopyTarget {
  let left = records;
  return {
    state: () => target.state(),
    begin: () => target.begin(),
    records: () => target.records(),
    open: (incarnation, give) => target.open(incarnation, give),
    close: () => target.close(),
    async add(page) {
      const taken = page.slice(0, left);
      left -= taken.length;
      if (taken.length > 0) await target.add(taken);
      if (left === 0) throw new Error('killed');
    },
  };
}

async function copied(rig: CopyRig, records: readonly LogRecord[]): Promise<LogProof> {
  const target = rig.target();
  try {
    return await copyLog(pagesOf(records), target);
  } finally {
    await target.close();
  }
}

async function restored(
  rig: CopyRig,
  records: readonly LogRecord[],
  give: (above: number) => Promise<number> = (above) => Promise.resolve(above + 1),
): Promise<LogRestored> {
  const target = rig.target();
  try {
    return await restoreLog(pagesOf(records), target, give);
  } finally {
    await target.close();
  }
}

async function opened(rig: CopyRig, incarnation = 1): Promise<number> {
  const target = rig.target();
  try {
    return await target.open(incarnation, never);
  } finally {
    await target.close();
  }
}

/** What a copy promises, whichever engine it fills. */
export const copyCases: readonly CopyCase[] = [
  {
    name: 'holds every event with its bytes, place and time, and goes on behind them in the same incarnation',
    async run(rig) {
      const records = await filled(rig.source);
      const proof = await copied(rig, records);
      assert.equal(proof.count, 9);
      assert.equal(await opened(rig), 1);
      const store = await rig.open();
      assert.deepEqual(await recordsIn(store), records);
      const { position } = await store.append('note-2', several(1), 2);
      assert.equal(position.incarnation, 1);
      assert.ok(position.number > 9);
      assert.equal((await copied(rig, records)).sha256, proof.sha256, 'and is still the copy that it was');
    },
  },
  {
    name: 'takes no append until it is opened',
    async run(rig) {
      const records = await filled(rig.source);
      await copied(rig, records);
      const store = await rig.open();
      await assert.rejects(store.append('note-9', several(1), 'no_stream'));
      await opened(rig);
      const later = await rig.open();
      assert.equal((await later.append('note-9', several(1), 'no_stream')).revision, 0);
    },
  },
  ...[0, 1, 4, 8].map((records): CopyCase => ({
    name: `goes on where it was killed after ${String(records)} of 9 events`,
    async run(rig) {
      const all = await filled(rig.source);
      const target = rig.target();
      await assert.rejects(copyLog(pagesOf(all), dyingAfter(target, records)), /killed/);
      await target.close();
      assert.equal((await copied(rig, all)).count, 9);
      assert.deepEqual(await recordsIn(await rig.open()), all);
    },
  })),
  {
    name: 'restored, goes on above every incarnation that it has, and is never laid over events of others',
    async run(rig) {
      const all = await filled(rig.source);
      const first = rig.target();
      await assert.rejects(copyLog(pagesOf(all), dyingAfter(first, 4)), /killed/);
      await first.close();
      await assert.rejects(
        restored(rig, all, () => Promise.resolve(1)),
        (error) => error instanceof ImportRefused && error.message === 'incarnation 1 was given before',
      );
      const asked: number[] = [];
      const proof = await restored(rig, all, (above) => Promise.resolve(asked.push(above) + 4));
      assert.deepEqual([asked, proof.incarnation, proof.count], [[1], 5, 9]);
      const store = await rig.open();
      assert.deepEqual(await recordsIn(store), all);
      assert.equal(await store.incarnation(), 5);
      assert.equal((await store.append('note-2', several(1), 2)).position.incarnation, 5);
      await assert.rejects(restored(rig, all), ImportRefused);
    },
  },
  {
    name: 'finds out before it goes on that what stands there is another log, though only a byte of it is',
    async run(rig) {
      const all = await filled(rig.source);
      const target = rig.target();
      await assert.rejects(copyLog(pagesOf(all), dyingAfter(target, 5)), /killed/);
      await target.close();
      const other = all.map((record, at) =>
        at === 3 ? { ...record, data: record.data.replace('}', ',"z":1}') } : record,
      );
      await assert.rejects(
        copied(rig, other),
        (error) => error instanceof CopyDiffers && /the data differs/.test(error.message),
      );
      const salted = all.map((record, at) =>
        at === 4 ? { ...record, metadata: record.metadata.replace(/"salt":"./, '"salt":"!') } : record,
      );
      await assert.rejects(copied(rig, salted), /the metadata differs/);
      assert.equal((await recordsIn(await rig.open())).length, 5);
    },
  },
  {
    name: 'is refused where others have written, where more stands than was copied, and out of order',
    async run(rig) {
      const all = await filled(rig.source);
      await assert.rejects(copied(rig, all.toReversed()), ImportRefused);
      await copied(rig, all);
      await assert.rejects(copied(rig, all.slice(0, 7)), /which the source lacks/);
      await opened(rig);
      await assert.rejects(
        copied(rig, [
          ...all,
          { ...all[8]!, revision: 6, id: all[0]!.id, position: { incarnation: 1, number: 10 } },
        ]),
        /it takes appends and lacks events/,
      );
    },
  },
];
