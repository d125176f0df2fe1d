import { describe, expect, it } from '@jest/globals';
import type { Consumer as KafkaConsumer } from 'kafkajs';
import { eventually } from '#testing/eventually.js';
import { OffsetCommits } from './offset-commits.js';
import type { PartitionReader } from './partition-reader.js';

function rig(group: { committed: bigint } = { committed: 0n }) {
  const sent: string[] = [];
  const failures: unknown[] = [];
  const answers: (() => Promise<void>)[] = [];
  const consumer = {
    commitOffsets: async (places: readonly { readonly offset: string }[]) => {
      sent.push(...places.map(({ offset }) => offset));
      await answers.shift()?.();
    },
  } as unknown as KafkaConsumer;
  const reader: { handled: bigint | undefined } = { handled: undefined };
  const own = {
    ...{ topic: 't', partition: 0, from: async () => group.committed },
    reader: reader as unknown as PartitionReader,
  };
  const commits = new OffsetCommits(
    consumer,
    () => [own],
    (cause) => failures.push(cause),
  );
  return { commits, reader, sent, failures, answers };
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

  it('breaks the membership on any other failure', async () => {
    const { commits, reader, failures, answers } = rig();
    const cause = refused('GROUP_AUTHORIZATION_FAILED');
    answers.push(() => Promise.reject(cause));
    reader.handled = 1n;
    commits.soon();
    await eventually(() => expect(failures).toEqual([cause]));
  });
});
