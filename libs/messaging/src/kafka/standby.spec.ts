import { describe, expect, it } from '@jest/globals';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { InMemoryPublisherPlaces } from '../in-memory-publisher-places.js';
import { Standby } from './standby.js';

const at = (number: number): Checkpoint => ({
  cursor: String(number),
  position: { incarnation: 1, number },
  eventId: `e-${String(number)}`,
});

async function rig(silentMs: number) {
  const places = new InMemoryPublisherPlaces();
  await places.move('t', undefined, at(1), new Map());
  const running = new AbortController();
  const standby = new Standby(places, 't', silentMs);
  return {
    places,
    standby,
    running,
    leaves: (seen: Checkpoint) => standby.leavesToOthers(seen, running.signal),
  };
}

describe('one of several publishers', () => {
  it('leaves nothing to others as long as nobody has overtaken it', async () => {
    const { leaves } = await rig(60_000);
    expect(await leaves(at(1))).toBe(false);
  });

  it('leaves it to the one that has overtaken it, for as long as that one goes on', async () => {
    const { leaves, standby, places } = await rig(60_000);
    standby.stepBack();
    await places.move('t', at(1), at(2), new Map());
    expect(await leaves(at(1))).toBe(true);
    await places.move('t', at(2), at(3), new Map());
    expect(await leaves(at(2))).toBe(true);
  });

  it('goes on once that one has not for so long, without asking again', async () => {
    const { leaves, standby, places } = await rig(30);
    standby.stepBack();
    expect(await leaves(at(1))).toBe(false);
    places.standing = async () => {
      throw new Error('it asks');
    };
    expect(await leaves(at(1))).toBe(false);
  });

  it('leaves it at once when it is stopped', async () => {
    const { leaves, standby, running } = await rig(60_000);
    standby.stepBack();
    const leaving = leaves(at(1));
    running.abort();
    expect(await leaving).toBe(true);
  });
});
