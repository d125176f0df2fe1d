import assert from 'node:assert/strict';
import type { EventStore } from '#event-store/event-store.js';
import type { Checkpoint, CheckpointStore } from '#kernel/checkpoint.js';
import type { ContractCase } from '#testing/contract.js';
import { numbered, numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { Recorder, soon } from '../contract-consumer.contract.js';
import type { ConsumeOptions, Messaging } from '../messaging.js';
import { DirectMessaging, type DirectOptions } from './direct-messaging.js';

/** What the cases run on, empty at first. */
export interface ConsumerRig {
  readonly store: EventStore;
  readonly checkpoints: CheckpointStore;
  /** Another store with the events up to this one, whose later events belong to the next incarnation. */
  restored(upTo: Checkpoint): Promise<EventStore>;
}

/** One promise of direct messaging beyond the port's contract. */
export type ConsumerCase = ContractCase<ConsumerRig>;

/** The group that the cases read for, unless they name another. */
const group = 'readers';
/** The name under which its checkpoint is kept. */
export const consumer = `direct:${group}:${numbersTopic}`;

export function messagingOn(
  { store, checkpoints }: Pick<ConsumerRig, 'store' | 'checkpoints'>,
  options: Partial<DirectOptions> = {},
): DirectMessaging {
  return new DirectMessaging({ store, checkpoints, sources: numberSources, firstPauseMs: 5, ...options });
}

/** Appends the numbers `from` to `to` to a key's stream. */
export async function count(store: EventStore, from: number, to: number, key = 'a'): Promise<void> {
  for (let number = from; number <= to; number += 1)
    await store.append(`numbers-${key}`, [numbered(number)], number === 1 ? 'no_stream' : number - 2);
}

/** Joins as a consumer of the numbers that remembers what it handled and what stopped it. */
export async function reading(messaging: Messaging, options: Partial<ConsumeOptions> = {}) {
  const recorder = new Recorder();
  const stops: unknown[] = [];
  const { handle } = recorder;
  const onStopped = (cause: unknown): void => void stops.push(cause);
  const member = await messaging.consume({ group, topic: numbersTopic, handle, onStopped, ...options });
  return { recorder, stops, member };
}

/** Reads with one consumer until `last` is handled and committed, and leaves. */
export async function readUpTo(rig: ConsumerRig, last: number): Promise<Checkpoint> {
  const messaging = messagingOn(rig);
  const { recorder } = await reading(messaging);
  await soon(() => assert.ok(recorder.numbers('a').includes(last)));
  await messaging.close();
  const checkpoint = await rig.checkpoints.find(consumer);
  assert.ok(checkpoint);
  return checkpoint;
}
