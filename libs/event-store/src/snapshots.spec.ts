import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantViolation } from '#kernel/refusal.js';
import { systemClock } from '#platform/clock.js';
import { asked, boxesOn, put } from './contract-boxes.contract.js';
import { InMemoryEventStore } from './in-memory/in-memory-event-store.js';
import { InMemoryLog } from './in-memory/in-memory-log.js';
import { InMemorySnapshotStore } from './in-memory/in-memory-snapshots.js';
import { snapshotCases } from './snapshots.contract.js';
import { stateCodec } from './snapshots.js';

describe('a snapshot in memory', () => {
  it.each(snapshotCases)('$name', async ({ run }) => {
    const log = new InMemoryLog();
    const open = () => Promise.resolve(new InMemoryEventStore(systemClock, log));
    await run({ open, snapshots: new InMemorySnapshotStore() });
  });

  it('that cannot be kept or found never stands in the way of a command', async () => {
    const away = () => Promise.reject(new Error('no snapshots today'));
    const snapshots = { store: { find: away, keep: away }, deciderVersion: 1, everyEvents: 1 };
    const boxes = boxesOn(new InMemoryEventStore(systemClock), { snapshots });
    await boxes.command('box-1', put(1n), asked());
    expect((await boxes.command('box-1', put(2n), asked())).state.balance).toBe(3n);
  });
});

describe('the state codec', () => {
  it('gives back plain objects, bigints, Maps and Sets as they were', () => {
    const leaf = fc.oneof(fc.string(), fc.bigInt(), fc.boolean(), fc.constant(null), fc.integer());
    const name = fc.string().filter((text) => !text.startsWith('$') && text !== '__proto__');
    const { state } = fc.letrec<{ state: unknown }>((tie) => ({
      state: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('state')),
        fc.dictionary(name, tie('state'), { noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), tie('state'))).map((pairs) => new Map(pairs)),
        fc.array(fc.string()).map((texts) => new Set(texts)),
      ),
    }));
    fc.assert(
      fc.property(state, (value) => {
        const text = JSON.stringify(stateCodec.toJson(value));
        expect(stateCodec.fromJson(JSON.parse(text) as never)).toEqual(value);
      }),
    );
  });

  it('refuses what would not come back the same', () => {
    for (const value of [{ $bigint: '1' }, new Date(0), () => 1, Number.NaN, Symbol('s')])
      expect(() => stateCodec.toJson(value)).toThrow(InvariantViolation);
  });
});
