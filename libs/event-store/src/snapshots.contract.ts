import assert from 'node:assert/strict';
import { cashBox, cashBoxCommand, type CashBox } from '#testing/cash-box.js';
import type { ContractCase } from '#testing/contract.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { newId } from './command-id.js';
import type { EventStore } from './event-store.js';
import { asked, boxesOn, cashMessage, put, type CashBoxes } from './contract-boxes.contract.js';
import { stateCodec, type Snapshot, type SnapshotStore } from './snapshots.js';

/** What the cases run on: both ends of a restart see the same events and the same snapshots. */
export interface SnapshotRig {
  open(): Promise<EventStore>;
  readonly snapshots: SnapshotStore;
}

/** One promise of snapshots, on any engine. */
export type SnapshotCase = ContractCase<SnapshotRig>;

const deciderVersion = 3;

async function boxes(rig: SnapshotRig, everyEvents = 10): Promise<[CashBoxes, UnreliableEventStore]> {
  const store = new UnreliableEventStore(await rig.open());
  const snapshots = { store: rig.snapshots, deciderVersion, everyEvents };
  return [boxesOn(store, { snapshots }), store];
}

/** A stream of 25 events with a snapshot at revision 19, and one message parked in it. */
async function longStream(rig: SnapshotRig): Promise<[string, Snapshot]> {
  const stream = `box-${newId()}`;
  const [all] = await boxes(rig);
  await all.messages(stream, [parkedMessage], cashBoxCommand);
  for (let nth = 1; nth < 25; nth += 1) await all.command(stream, put(1n, String(nth)), asked());
  const snapshot = await rig.snapshots.find(stream);
  assert.ok(snapshot);
  return [stream, snapshot];
}

const parkedMessage = cashMessage(7, 'a', { command: 'break' });

function fromScratch(labels: number): CashBox {
  return {
    balance: BigInt(labels),
    labels: Array.from({ length: labels }, (_, index) => String(index + 1)),
  };
}

async function tampered(rig: SnapshotRig, change: Partial<Snapshot>): Promise<CashBox> {
  const [stream, snapshot] = await longStream(rig);
  const wrong = stateCodec.toJson({ ...cashBox.initialState, balance: 4711n });
  await rig.snapshots.keep({ ...snapshot, state: wrong, ...change });
  const [again] = await boxes(rig);
  return (await again.load(stream)).state;
}

export const snapshotCases: readonly SnapshotCase[] = [
  {
    name: 'equals the fold of the events up to it',
    async run(rig) {
      const [, { revision, state, inbox, eventId }] = await longStream(rig);
      assert.equal(revision, 19);
      assert.deepEqual(stateCodec.fromJson(state), fromScratch(19));
      assert.equal(Object.keys(inbox.commands).length, 19);
      assert.deepEqual(Object.keys(inbox.parked), [parkedMessage.id]);
      assert.equal(eventId.length, 36);
    },
  },
  {
    name: 'is where a stream is folded from after a restart, with all that its inbox remembers',
    async run(rig) {
      const [stream, { state }] = await longStream(rig);
      const wrong = { ...(stateCodec.fromJson(state) as CashBox), balance: 1_000n };
      const snapshot = await rig.snapshots.find(stream);
      await rig.snapshots.keep({ ...snapshot!, state: stateCodec.toJson(wrong) });
      const [again, store] = await boxes(rig);
      assert.equal((await again.load(stream)).state.balance, 1_005n);
      await again.messages(stream, [parkedMessage], cashBoxCommand);
      assert.equal(store.sent.length, 0);
    },
  },
  {
    name: 'is ignored when another version of the decider made it',
    async run(rig) {
      assert.deepEqual(await tampered(rig, { deciderVersion: deciderVersion - 1 }), fromScratch(24));
    },
  },
  {
    name: 'is ignored when its event does not stand where it stood',
    async run(rig) {
      assert.deepEqual(await tampered(rig, { eventId: newId() }), fromScratch(24));
      assert.deepEqual(await tampered(rig, { revision: 18 }), fromScratch(24));
      assert.deepEqual(await tampered(rig, { revision: 4_000 }), fromScratch(24));
    },
  },
  {
    name: 'is ignored when it cannot be read',
    async run(rig) {
      assert.deepEqual(await tampered(rig, { state: { balance: { $bigint: 'x' } } }), fromScratch(24));
    },
  },
  {
    name: 'is made again by whoever folds the stream from its start',
    async run(rig) {
      const [stream, snapshot] = await longStream(rig);
      await rig.snapshots.keep({ ...snapshot, deciderVersion: deciderVersion - 1 });
      const [again] = await boxes(rig);
      await again.load(stream);
      assert.equal((await rig.snapshots.find(stream))?.revision, 24);
    },
  },
];
