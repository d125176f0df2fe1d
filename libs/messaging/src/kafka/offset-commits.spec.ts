import { describe, expect, it } from '@jest/globals';
import type { Consumer as KafkaConsumer } from 'kafkajs';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { eventually } from '#testing/eventually.js';
import { doubtsAt, OffsetCommits, passedAt } from './offset-commits.js';
import { noDoubts, type Doubts } from './doubts.js';
import { beforeAll } from './record-reading.js';
import type { PartitionReader } from './partition-reader.js';
import type { Passed } from './record-reading.js';

function rig(group: { committed: bigint } = { committed: 0n }, standing?: () => Promise<Checkpoint>) {
  const sent: string[] = [];
  const failures: unknown[] = [];
  const answers: (() => Promise<void>)[] = [];
  const notes: (string | null)[] = [];
  const consumer = {
    commitOffsets: async (
      places: readonly { readonly offset: string; readonly metadata: string | null }[],
    ) => {
      sent.push(...places.map(({ offset }) => offset));
      notes.push(...places.map(({ metadata }) => metadata));
      await answers.shift()?.();
    },
  } as unknown as KafkaConsumer;
  const reader: { handled: bigint | undefined; passed: Passed; doubts: Doubts } = {
    ...{ handled: undefined, passed: 'unknown', doubts: noDoubts },
  };
  const own = {
    ...{ topic: 't', partition: 0, from: async () => group.committed },
    reader: reader as unknown as PartitionReader,
  };
  const commits = new OffsetCommits(
    consumer,
    () => [own],
    (cause) => failures.push(cause),
    standing,
  );
  return { commits, reader, sent, notes, failures, answers };
}

const refused = (type: string) => Object.assign(new Error(type), { type });

describe('the commits of a member', () => {
  it('repeats a commit that an assignment has overtaken, although nothing more is handled', async () => {
    const { commits, reader, sent, failures, answers } = rig();
    answers.push(async () => {
      commits.assigned();
      throw refused('ILLEGAL_GENERATION');
    });
    reader.handled = 7n;
    commits.soon();
    await eventually(() => expect(sent).toEqual(['7', '7']));
    expect(failures).toEqual([]);
  });

  it('waits for the next assignment where it is overtaken before it', async () => {
    const { commits, reader, sent, answers } = rig();
    answers.push(() => Promise.reject(refused('REBALANCE_IN_PROGRESS')));
    reader.handled = 7n;
    commits.soon();
    await eventually(() => expect(sent).toEqual(['7']));
    commits.assigned();
    await eventually(() => expect(sent).toEqual(['7', '7']));
  });

  it('commits nothing below what others have committed while it was thought dead', async () => {
    const group = { committed: 0n };
    const { commits, reader, sent } = rig(group);
    reader.handled = 5n;
    await commits.commit();
    group.committed = 200n;
    commits.assigned();
    for (const handled of [6n, 100n]) {
      reader.handled = handled;
      await commits.commit();
    }
    expect(sent).toEqual(['5']);
    reader.handled = undefined;
    await commits.commit();
    reader.handled = 201n;
    await commits.commit();
    expect(sent).toEqual(['5', '201']);
  });

  it('notes beside the offset how far the messages before it have come, where that is known', async () => {
    const { commits, reader, notes } = rig();
    for (const passed of ['unknown', beforeAll, { incarnation: 2, number: 40 }] as const) {
      Object.assign(reader, { handled: (reader.handled ?? 0n) + 1n, passed });
      await commits.commit();
    }
    expect(notes).toEqual([null, '0.0', '2.40']);
  });

  it('notes where the store stood once all was handled that it commits, and leaves to the next what came meanwhile', async () => {
    const stands = [
      { position: { incarnation: 1, number: 9 }, eventId: 'e-9', cursor: '9' },
      { position: { incarnation: 1, number: 12 }, eventId: 'e-12', cursor: '12' },
    ];
    const { commits, reader, sent, notes } = rig(undefined, async () => {
      Object.assign(reader, { handled: 8n, passed: at(8) });
      return stands.shift()!;
    });
    const at = (number: number) => ({ incarnation: 1, number });
    Object.assign(reader, { handled: 7n, passed: at(7) });
    await commits.commit();
    await commits.commit();
    expect(sent).toEqual(['7', '8']);
    expect(notes).toEqual(['1.7 1.9 e-9 9', '1.8 1.12 e-12 12']);
  });

  it('looks again at what others have committed where an assignment comes while the store is asked', async () => {
    const group = { committed: 0n };
    const { commits, reader, sent } = rig(group, async () => {
      if (group.committed === 0n) {
        group.committed = 200n;
        commits.assigned();
      }
      return { position: { incarnation: 1, number: 9 }, eventId: 'e-9', cursor: '9' };
    });
    reader.handled = 5n;
    await commits.commit();
    await commits.end();
    expect(sent).toEqual([]);
    reader.handled = 201n;
    await commits.commit();
    expect(sent).toEqual(['201']);
  });

  it('notes behind which keys something could not be read, and reads that from there alone', async () => {
    const { commits, reader, notes } = rig();
    const at = (number: number) => ({ incarnation: 1, number });
    const doubts: Doubts = new Map([
      ['Quỹ; một,hai=3 %', { stood: at(2) }],
      ['b', { stood: at(4), missing: at(7) }],
    ]);
    for (const passed of ['unknown', at(9)] as const) {
      Object.assign(reader, { handled: passed === 'unknown' ? 7n : 8n, passed, doubts });
      await commits.commit();
    }
    expect(notes[1]).toMatch(/^1\.9;\S+=1\.2,b=1\.4:1\.7$/);
    const [unknown = '', note = ''] = notes;
    for (const metadata of [note, `${note} 1.3 an-id a cursor;x=1.1`]) {
      expect(doubtsAt({ offset: '8', metadata }, '8')).toEqual(doubts);
      expect(passedAt({ offset: '8', metadata }, '8')).toEqual(at(9));
      expect(doubtsAt({ offset: '8', metadata }, '9').size).toBe(0);
    }
    expect(doubtsAt({ offset: '7', metadata: unknown }, '7')).toEqual(doubts);
    expect(passedAt({ offset: '7', metadata: unknown }, '7')).toBe('unknown');
    for (const metadata of [null, '', 'x;y', '1.40', '-'])
      expect(doubtsAt({ offset: '7', metadata }, '7').size).toBe(0);
  });

  it('commits nothing behind more such keys than a note can name, until there are fewer', async () => {
    const { commits, reader, sent } = rig();
    const stood = { incarnation: 1, number: 1 };
    const doubts = new Map(Array.from({ length: 400 }, (_, index) => [`fund-${String(index)}`, { stood }]));
    Object.assign(reader, { handled: 7n, passed: stood, doubts });
    await commits.commit();
    expect(sent).toEqual([]);
    Object.assign(reader, { handled: 9n, doubts: noDoubts });
    await commits.commit();
    expect(sent).toEqual(['9']);
  });

  it('breaks the membership on any other failure', async () => {
    const { commits, reader, failures, answers } = rig();
    const cause = refused('GROUP_AUTHORIZATION_FAILED');
    answers.push(() => Promise.reject(cause));
    reader.handled = 1n;
    commits.soon();
    await eventually(() => expect(failures).toEqual([cause]));
  });
});

describe('where a group stands when a partition is read on', () => {
  it.each([
    ['the note of the commit', { offset: '7', metadata: '1.40' }, '7', { incarnation: 1, number: 40 }],
    ['before all, at the first record of a topic', { offset: '-1', metadata: null }, '0', beforeAll],
    ['before all, without any answer', undefined, '0', beforeAll],
    [
      'unknown, where the record is not the one behind the commit',
      { offset: '7', metadata: '1.40' },
      '9',
      'unknown',
    ],
    ['unknown, where older ones of the topic are gone', { offset: '-1', metadata: null }, '5', 'unknown'],
    ['unknown, where whoever committed noted nothing', { offset: '7', metadata: null }, '7', 'unknown'],
    ['unknown, where somebody else noted something', { offset: '7', metadata: 'x' }, '7', 'unknown'],
  ] as const)('is %s', (_what, commit, record, passed) => {
    expect(passedAt(commit, record)).toEqual(passed);
  });
});
