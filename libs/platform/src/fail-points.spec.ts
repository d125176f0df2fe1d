import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemorySnapshotStore } from '#event-store/in-memory/in-memory-snapshots.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { InMemoryPublisherPlaces } from '#messaging/in-memory-publisher-places.js';
import { newEvent } from '#testing/events.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { systemClock } from './clock.js';
import {
  armedByFile,
  failPointEvents,
  failPointNames,
  failPointsOf,
  noFailPoints,
  parseFailPoint,
  type FailPointName,
} from './fail-points.js';
import { InMemoryHoldStore } from './transport/in-memory-hold-store.js';

/** Engines of a process that was told where to die. */
function process(name: FailPointName, nth = 1) {
  let deaths = 0;
  const points = failPointsOf({ name, nth }, () => (deaths += 1));
  const log = new InMemoryEventStore(systemClock);
  const holds = new InMemoryHoldStore(systemClock);
  return {
    deaths: () => deaths,
    log,
    store: points.store(log),
    checkpoints: points.checkpoints(new InMemoryCheckpointStore()),
    snapshots: points.snapshots(new InMemorySnapshotStore()),
    room: points.vault(new InMemoryVault()).room('donors'),
    holds: points.holds(holds),
    holding: holds,
    places: points.places(new InMemoryPublisherPlaces()),
    commit: points.commit,
  };
}

type Engines = ReturnType<typeof process>;

/** What a process does at each step that is no event. */
const steps: Readonly<Record<string, (engines: Engines) => Promise<unknown>>> = {
  'record-sealed': ({ room }) => room.put({ recordId: randomUUID(), subjectId: randomUUID() }, { a: 'b' }),
  'bytes-sealed': ({ room }) =>
    room.putBytes({ recordId: randomUUID(), subjectId: randomUUID() }, Buffer.from('pdf')),
  'snapshot-kept': ({ snapshots }) =>
    snapshots.keep({
      ...{ stream: 'box-1', deciderVersion: 1, revision: 0, eventId: 'e', state: null },
      inbox: { watermarks: {}, commands: [], parked: {} } as never,
    }),
  'key-held': ({ holds }) => holds.hold('topic', 'key', 'a reason', []),
  'key-let-go': ({ holds }) => holds.letGo('topic', 'key'),
};

const checkpoint: Checkpoint = { cursor: '1', position: { incarnation: 1, number: 1 }, eventId: 'e' };

/** A step that moves a place, of a consumer or of a publisher. */
function moving(step: string): ((engines: Engines) => Promise<unknown>) | undefined {
  const [, topic = '', group] = /^checkpoint-moved-(.+?)-to-(.+)$/.exec(step) ?? [];
  const [, sent] = /^topic-sent-(.+)$/.exec(step) ?? [];
  if (group !== undefined)
    return ({ checkpoints }) =>
      checkpoints.move(`direct:${group}:mangnon.${topic}.v1`, undefined, checkpoint);
  return sent === undefined
    ? undefined
    : ({ places }) => places.move(`mangnon.${sent}.v1`, undefined, checkpoint, new Map());
}

function doing(name: FailPointName, engines: Engines): Promise<unknown> {
  const [step = ''] = name.split(':');
  const other = moving(step) ?? steps[step];
  if (other) return other(engines);
  const type = failPointEvents[Math.floor(failPointNames.indexOf(name) / 2)] ?? '';
  return engines.store.append('box-1', [newEvent(type, { readFrom: {} })], 'no_stream');
}

/** Whether it comes back within a few turns of the event loop. */
async function comesBack(step: Promise<unknown>): Promise<boolean> {
  let back = false;
  void step.then(() => (back = true));
  await new Promise((turned) => setImmediate(turned));
  return back;
}

describe('a process that is told where to die', () => {
  it.each(failPointNames)('dies at %s and nothing goes on there', async (name) => {
    const engines = process(name);
    expect(await comesBack(doing(name, engines))).toBe(false);
    expect(engines.deaths()).toBe(1);
  });

  it('has stored nothing before the step, and everything after it', async () => {
    for (const [name, stands] of [
      ['donation-posted:before', false],
      ['donation-posted:after', true],
    ] as const) {
      const engines = process(name);
      await comesBack(engines.store.append('fund-1', [newEvent('DonationPosted', {})], 'no_stream'));
      expect((await engines.log.head()) !== undefined).toBe(stands);
    }
  });

  it.each(['before', 'after'] as const)('dies %s a commit to the brokers', async (moment) => {
    const engines = process(`checkpoint-moved-donations-to-ledger:${moment}`);
    let commits = 0;
    const commit = (group: string) =>
      comesBack(engines.commit(`kafka:${group}:mangnon.donations.v1`, async () => void (commits += 1)));
    expect([await commit('receipts'), await commit('ledger')]).toEqual([true, false]);
    expect([commits, engines.deaths()]).toEqual([moment === 'before' ? 1 : 2, 1]);
  });

  it('comes past the place as often as it was told to', async () => {
    const engines = process('donation-posted:before', 3);
    const append = (nth: number) =>
      engines.store.append(`fund-${String(nth)}`, [newEvent('DonationPosted', {})], 'no_stream');
    expect([await comesBack(append(1)), await comesBack(append(2))]).toEqual([true, true]);
    expect([await comesBack(append(3)), engines.deaths()]).toEqual([false, 1]);
  });

  it('is told by a file while it runs, and told otherwise', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fail-points-'));
    const file = join(folder, 'fail-point');
    let deaths = 0;
    const store = failPointsOf(armedByFile(file), () => (deaths += 1)).store(
      new InMemoryEventStore(systemClock),
    );
    const append = (type: string) =>
      comesBack(store.append(`any-${randomUUID()}`, [newEvent(type, {})], 'no_stream'));
    try {
      expect([await append('DonationPosted'), deaths]).toEqual([true, 0]);
      writeFileSync(file, 'donation-posted:before:2\n');
      expect([await append('DonationPosted'), await append('DonationPosted')]).toEqual([true, false]);
      writeFileSync(file, 'void-posted:after');
      expect([await append('DonationPosted'), await append('VoidPosted'), deaths]).toEqual([true, false, 2]);
      rmSync(file);
      expect(await append('VoidPosted')).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does everything else as ever', async () => {
    const engines = process('statement-row-recorded:before');
    await engines.store.append('donation-1', [newEvent('DonationRecorded', {})], 'no_stream');
    await engines.checkpoints.move('direct:ledger:mangnon.donations.v1', undefined, checkpoint);
    const address = { recordId: randomUUID(), subjectId: randomUUID() };
    await engines.room.put(address, { name: 'Nguyễn Thí Dụ' });
    const found = await engines.room.find(address.recordId, { actor: 'service:spec', purpose: 'spec' });
    expect(found?.open()).toEqual({ name: 'Nguyễn Thí Dụ' });
    expect(await engines.checkpoints.find('direct:ledger:mangnon.donations.v1')).toEqual(checkpoint);
    expect(await engines.store.head()).toEqual(await engines.log.head());
    expect(engines.deaths()).toBe(0);
  });

  it('is nobody else: an unarmed process works with the engines themselves', () => {
    const points = failPointsOf(undefined);
    const { log, holding } = process('key-held:before');
    expect(points).toBe(noFailPoints);
    expect(points.store(log)).toBe(log);
    expect(points.holds(holding)).toBe(holding);
    for (const wrap of [points.checkpoints, points.snapshots, points.vault, points.places] as const) {
      const engine = {} as never;
      expect(wrap(engine)).toBe(engine);
    }
  });
});

describe('a fail-point as it is written', () => {
  it.each(failPointNames)('%s is read', (name) => {
    expect(parseFailPoint(name)).toEqual({ name, nth: 1 });
    expect(parseFailPoint(`${name}:12`)).toEqual({ name, nth: 12 });
  });

  it.each(['', 'donation-posted', 'donation-posted:during', 'donation-posted:after:0', 'x:after', '*:after'])(
    '%j is none',
    (text) => {
      expect(parseFailPoint(text)).toBeUndefined();
    },
  );
});
