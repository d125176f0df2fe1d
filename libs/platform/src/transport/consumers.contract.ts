import assert from 'node:assert/strict';
import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Handling } from '#event-store/contract-boxes.contract.js';
import { handle } from '#event-store/handle.js';
import type { CheckpointStore } from '#kernel/checkpoint.js';
import type { Decider } from '#kernel/decider.js';
import type { Message } from '#kernel/message.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import type { Messaging } from '#messaging/messaging.js';
import { cashBox, type CashBox, type CashBoxCommand, type CashBoxEvent } from '#testing/cash-box.js';
import { eventually, Hopeless } from '#testing/eventually.js';
import { numbered, numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { Delivery } from './delivery.js';
import type { HoldStore } from './hold-store.js';

/** What a whole consumer runs on, empty at first. */
export interface WalkRig {
  open(): Promise<EventStore>;
  readonly checkpoints: CheckpointStore;
  readonly holds: HoldStore;
  /** Stands in for `handle` where the contract is to be seen to fail. */
  readonly handling?: Handling;
  /** Breaks the messaging there. */
  readonly messaging?: (sound: Messaging) => Messaging;
}

/** One promise of a topic, a consumer and a target stream together. */
export interface WalkCase {
  readonly name: string;
  run(rig: WalkRig): Promise<void>;
}

type ToBox = (message: Message) => CashBoxCommand | undefined;

/** A process that puts each number of a key into the box of that key. */
interface Process {
  readonly delivery: Delivery;
  readonly alerts: string[];
  stop(): Promise<void>;
}

const putting: ToBox = (message) => ({ type: 'put', amount: 1n, label: String(numberOf(message)) });

function numberOf({ data }: Message): number {
  return (data as { readonly number: number }).number;
}

async function start(
  rig: WalkRig,
  store: EventStore,
  toCommand: ToBox = putting,
  decider: Decider<CashBox, CashBoxCommand, CashBoxEvent> = cashBox,
): Promise<Process> {
  const { handling = handle, messaging: broken = (sound) => sound } = rig;
  const boxes = handling(store, decider, { service: 'cash', ids: newId });
  const alerts: string[] = [];
  const delivery = new Delivery({
    topic: numbersTopic,
    holds: rig.holds,
    alerts: { held: (key, reason) => alerts.push(`${key}: ${reason}`), ignored: () => undefined },
    handle: async (messages) => {
      const [{ key } = { key: '' }] = messages;
      await boxes.messages(`box-${key}`, messages, toCommand);
    },
  });
  const { checkpoints } = rig;
  const direct = new DirectMessaging({ store, checkpoints, sources: numberSources, firstPauseMs: 5 });
  const messaging = broken(direct);
  const deliver = (messages: readonly Message[]): Promise<void> => delivery.deliver(messages);
  await messaging.consume({ group: 'cash', topic: numbersTopic, handle: deliver, batchMessagesMax: 7 });
  return { delivery, alerts, stop: () => messaging.close() };
}

/** Appends the numbers `from` to `to` of a key. */
async function publish(store: EventStore, key: string, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1)
    await store.append(`numbers-${key}`, [numbered(number)], number === 1 ? 'no_stream' : number - 2);
}

function upTo(last: number): string[] {
  return Array.from({ length: last }, (_, index) => String(index + 1));
}

async function labels(store: EventStore, key: string): Promise<readonly string[]> {
  const boxes = handle(store, cashBox, { service: 'cash', ids: newId });
  return (await boxes.load(`box-${key}`)).state.labels;
}

function soon(check: () => void | Promise<void>): Promise<void> {
  return eventually(check, { withinMs: 15_000 });
}

/** Waits until the box holds each number once; gives up at once where one is there twice. */
async function boxesHold(store: EventStore, key: string, last: number): Promise<void> {
  await soon(async () => {
    const found = await labels(store, key);
    if (new Set(found).size < found.length) throw new Hopeless(`some of ${found.join()} twice`);
    assert.deepEqual(found, upTo(last));
  });
}

/** A box that no fold of today knows: something from a later release stands in its stream. */
async function spoil(store: EventStore, key: string): Promise<void> {
  await store.append(`box-${key}`, [numbered(0, 'CashPut')], 'no_stream');
}

/** The release that knows what to make of what {@link spoil} wrote. */
const later: Decider<CashBox, CashBoxCommand, CashBoxEvent> = {
  ...cashBox,
  evolve: (box, event) => ('number' in event.data ? box : cashBox.evolve(box, event)),
};

export const walkCases: readonly WalkCase[] = [
  {
    name: 'answers each message once though one process begins from an old checkpoint and two run at once',
    async run(rig) {
      const [store, other] = [await rig.open(), await rig.open()];
      await publish(store, 'a', 1, 30);
      const first = await start(rig, store);
      await boxesHold(store, 'a', 30);
      const old: WalkRig = { ...rig, checkpoints: new InMemoryCheckpointStore() };
      const processes = [first, await start(old, other), await start(rig, await rig.open())];
      await Promise.all([publish(store, 'a', 31, 60), publish(other, 'b', 1, 30)]);
      await boxesHold(store, 'a', 60);
      await boxesHold(store, 'b', 30);
      await Promise.all(processes.map((process) => process.stop()));
      assert.deepEqual(await labels(store, 'a'), upTo(60));
      assert.deepEqual(
        processes.flatMap(({ alerts }) => alerts),
        [],
      );
    },
  },
  {
    name: 'goes on behind messages that need no event',
    async run(rig) {
      const store = await rig.open();
      const odd: ToBox = (message) => (numberOf(message) % 2 === 1 ? putting(message) : undefined);
      await publish(store, 'a', 1, 20);
      const process = await start(rig, store, odd);
      await soon(async () => assert.equal((await labels(store, 'a')).length, 10));
      await soon(async () => {
        const committed = await rig.checkpoints.find(`direct:cash:${numbersTopic}`);
        assert.ok((committed?.position.number ?? 0) >= 20);
      });
      await process.stop();
    },
  },
  {
    name: 'lets messages come again while the store is away, and holds nothing',
    async run(rig) {
      const store = new UnreliableEventStore(await rig.open());
      await publish(store, 'a', 1, 5);
      store.lose('after', 'before', 'before', 'before', 'after', 'before', 'before', 'before', 'before');
      const process = await start(rig, store);
      await boxesHold(store, 'a', 5);
      await process.stop();
      assert.deepEqual(process.alerts, []);
      assert.deepEqual(await rig.holds.keys(), []);
    },
  },
  {
    name: 'answers what a process that ended had taken and not answered',
    async run(rig) {
      const away = new UnreliableEventStore(await rig.open());
      away.beforeAppend = () => Promise.reject(new Error('connection refused'));
      const store = await rig.open();
      await publish(store, 'a', 1, 5);
      const first = await start(rig, away);
      await soon(() => assert.ok(away.sent.length > 0));
      await first.stop();
      const second = await start(rig, store);
      await publish(store, 'a', 6, 6);
      await soon(async () => assert.equal((await labels(store, 'a')).at(-1), '6'));
      assert.deepEqual(await labels(store, 'a'), upTo(6));
      await second.stop();
    },
  },
  {
    name: 'holds a key whose stream cannot be folded, while others go on, and feeds it back in order once it can',
    async run(rig) {
      const store = await rig.open();
      await spoil(store, 'bad');
      await publish(store, 'bad', 1, 12);
      await publish(store, 'good', 1, 12);
      const before = await start(rig, store);
      await boxesHold(store, 'good', 12);
      await soon(() => assert.equal(before.alerts.length, 1));
      assert.match(before.alerts[0] ?? '', /^bad: KeyUnusable/);
      await publish(store, 'bad', 13, 20);
      await soon(async () => assert.equal((await rig.holds.keys())[0]?.messages, 20));
      await before.stop();
      const after = await start(rig, store, putting, later);
      const releasing = after.delivery.release('bad');
      await publish(store, 'bad', 21, 30);
      await releasing;
      const mended = handle(store, later, { service: 'cash', ids: newId });
      await soon(async () => {
        assert.deepEqual((await mended.load('box-bad')).state.labels, upTo(30));
      });
      assert.deepEqual(await rig.holds.keys(), []);
      await after.stop();
    },
  },
  {
    name: 'parks what a bug of the code fails on, and holds the key when more than 100 are parked',
    async run(rig) {
      const store = await rig.open();
      const bug: ToBox = (message) => (message.key === 'bad' ? { type: 'break' } : putting(message));
      await publish(store, 'bad', 1, 105);
      await publish(store, 'good', 1, 5);
      const before = await start(rig, store, bug);
      await boxesHold(store, 'good', 5);
      await soon(() => assert.equal(before.alerts.length, 1));
      await before.stop();
      const after = await start(rig, store);
      const boxes = handle(store, cashBox, { service: 'cash', ids: newId });
      const { inbox } = await boxes.load('box-bad');
      const parked = Object.keys(inbox.parked).length;
      assert.ok(parked > 90 && parked <= 100, `${parked} are parked`);
      assert.equal((await boxes.replayParked('box-bad', putting)).replayed, parked);
      await after.delivery.release('bad');
      await boxesHold(store, 'bad', 105);
      await after.stop();
    },
  },
];
