import assert from 'node:assert/strict';
import { CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { Position } from '#kernel/position.js';
import type { ContractCase } from '#testing/contract.js';
import type { PublisherPlaces } from './publisher-places.js';

const at = (number: number, incarnation = 1): Position => ({ incarnation, number });
const checkpoint = (number: number): Checkpoint => ({
  cursor: String(number),
  position: at(number),
  eventId: `e-${String(number)}`,
});

/** What a keeper of publishers' places promises. */
export const placeCases: readonly ContractCase<PublisherPlaces>[] = [
  {
    name: 'knows nothing of a topic at first, and then what was moved last',
    async run(places) {
      assert.equal(await places.find('t'), undefined);
      assert.equal(await places.standing('t'), undefined);
      await places.move('t', undefined, checkpoint(3), new Map([['a', at(2)]]));
      assert.deepEqual(await places.find('t'), { checkpoint: checkpoint(3), last: new Map([['a', at(2)]]) });
      assert.deepEqual(await places.standing('t'), checkpoint(3));
      assert.equal(await places.find('other'), undefined);
    },
  },
  {
    name: 'keeps the last position of every key beside those that moved',
    async run(places) {
      await places.move('t', undefined, checkpoint(3), new Map([['a', at(2)], ['b', at(3)]])); // prettier-ignore
      await places.move('t', checkpoint(3), checkpoint(9), new Map([['b', at(9, 2)], ['c', at(8)]])); // prettier-ignore
      await places.move('t', checkpoint(9), checkpoint(12), new Map());
      const { last } = (await places.find('t')) ?? {};
      assert.deepEqual(last, new Map([['a', at(2)], ['b', at(9, 2)], ['c', at(8)]])); // prettier-ignore
    },
  },
  {
    name: 'refuses to move from where it does not stand, and changes nothing',
    async run(places) {
      await places.move('t', undefined, checkpoint(3), new Map([['a', at(2)]]));
      for (const expected of [undefined, checkpoint(2)])
        await assert.rejects(
          places.move('t', expected, checkpoint(5), new Map([['a', at(5)]])),
          CheckpointMoved,
        );
      assert.deepEqual(await places.find('t'), { checkpoint: checkpoint(3), last: new Map([['a', at(2)]]) });
    },
  },
  {
    name: 'lets one of two move who come at once',
    async run(places) {
      await places.move('t', undefined, checkpoint(1), new Map());
      const moves = [2, 3].map((number) =>
        places.move('t', checkpoint(1), checkpoint(number), new Map([['a', at(number)]])),
      );
      const settled = await Promise.allSettled(moves);
      assert.deepEqual(settled.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const { checkpoint: stands, last } = (await places.find('t')) ?? {};
      assert.deepEqual(last?.get('a'), stands?.position);
    },
  },
  {
    name: 'forgets a topic and its keys',
    async run(places) {
      await places.move('t', undefined, checkpoint(3), new Map([['a', at(2)]]));
      await places.forget('t');
      assert.equal(await places.find('t'), undefined);
      await places.move('t', undefined, checkpoint(1), new Map());
      assert.equal((await places.find('t'))?.last.size, 0);
    },
  },
];
