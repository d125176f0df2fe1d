import { describe, expect, it } from '@jest/globals';
import { TopicCut } from '#kernel/topic-cut.js';
import { ProjectionFailed } from './fold.js';
import { RebuildUnderWay } from './rebuilds.js';
import { TopicBehind } from './topic-history.js';
import { untilBuilt } from './until-built.js';

/** What is told, and how long is waited, where the tries come to these ends and the last one succeeds. */
async function trying(ends: readonly Error[]) {
  const stopping = new AbortController();
  const told: string[] = [];
  const waited: number[] = [];
  let tries = 0;
  await untilBuilt({
    build: async () => {
      const end = ends[tries];
      tries += 1;
      if (end) throw end;
    },
    tell: (state, reason) => void told.push(`${state}: ${reason}`),
    wait: async (ms) => void waited.push(ms),
    signal: stopping.signal,
  });
  return { told, waited, tries };
}

describe('a rebuild that is due', () => {
  it.each([
    new ProjectionFailed('pantry.jars', undefined, new Error('a bug')),
    new TopicBehind('pantry.jars'),
    new TopicCut('test.jars.v1', 'does not hold its first message'),
  ])('is left to a person after %s', async (end) => {
    expect(await trying([end, end])).toEqual({ told: [`stopped: ${end.message}`], waited: [], tries: 1 });
  });

  it('is tried again after a pause that grows up to a minute', async () => {
    const { told, waited, tries } = await trying(Array.from({ length: 8 }, () => new Error('away')));
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(new Set(told)).toEqual(new Set(['outdated: away']));
    expect(tries).toBe(9);
  });

  it('is looked for every second while another process is at it', async () => {
    const elsewhere = new RebuildUnderWay('pantry.jars');
    const { waited } = await trying([new Error('away'), new Error('away'), elsewhere, elsewhere]);
    expect(waited).toEqual([1_000, 2_000, 1_000, 1_000]);
  });
});
