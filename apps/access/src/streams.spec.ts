import { describe, expect, it, jest } from '@jest/globals';
import type { StaffEvent } from '#domain/staff/staff.events.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemorySnapshotStore } from '#event-store/in-memory/in-memory-snapshots.js';
import { systemClock } from '#platform/clock.js';
import { appendNext, newEvent } from '#testing/events.js';
import { opened, password, registered, session } from '#testing/staff-stories.js';
import { onceBy, staffStream, streamsOf } from './streams.js';

const stream = staffStream('lan');
const recorded = ({ type, data }: StaffEvent) => newEvent(type, data);

describe('somebody who has signed in for years', () => {
  it('is begun from a snapshot after a restart, not from the first sign-in', async () => {
    const snapshots = new InMemorySnapshotStore();
    const store = new InMemoryEventStore(systemClock);
    const signedIn = Array.from({ length: 1_000 }, (_, n) => recorded(session(`s${String(n)}`)));
    await appendNext(store, stream, ...[registered, opened, password].map(recorded), ...signedIn);
    const before = await streamsOf(store, snapshots).staff.load(stream);
    const reads = jest.spyOn(store, 'read');
    const { staff } = streamsOf(store, snapshots);
    expect(await staff.load(stream)).toMatchObject({ state: before.state, revision: 1_002 });
    await staff.command(stream, { kind: 'EndSession', sessionId: 's1' }, onceBy('staff:lan'));
    expect((await streamsOf(store, snapshots).staff.load(stream)).revision).toBe(1_003);
    expect(new Set(reads.mock.calls.map(([, from]) => from))).toEqual(new Set([1_002]));
  });
});
