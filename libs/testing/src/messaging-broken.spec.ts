import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import type { MessagingEngine } from '#messaging/contract-consumer.contract.js';
import { messagingCases } from '#messaging/messaging.contract.js';
import { systemClock } from '#platform/clock.js';
import { failureOf } from './contract.js';
import { brokenMessaging, type MessagingFlaw } from './messaging-broken.js';
import { directEngine } from './messaging-direct.js';

/** The cases that each flaw must fail at least, and what they fail with. */
const caughtBy: readonly (readonly [MessagingFlaw, string, RegExp])[] = [
  [
    'out of order within a key',
    'brings every message whole and in the order of its key',
    /\+ +50,\n\+ +49,\n/,
  ],
  [
    'two calls of one key at once',
    'brings every message whole and in the order of its key',
    /Hopeless: two calls of a at once/,
  ],
  [
    'commits before handling',
    'brings what was never handled again after a restart',
    /- +4,\n- +5,\n- +6,\n +7/,
  ],
  [
    'commits before handling',
    'commits nothing behind a message of another key that is not handled yet',
    /- +1,\n +2/,
  ],
  [
    'drops what was uncommitted when a member leaves',
    'gives what a leaving member did not handle',
    /- +3,\n- +4,/,
  ],
  [
    'lets one bad message hold back other keys',
    'lets a key that fails hold back no other key',
    /Hopeless: 100 tries of the bad key, and the others wait/,
  ],
  ['skips what failed', 'brings what was refused again, after a pause', /- +5,/],
];

function sound(): MessagingEngine {
  return directEngine({
    store: new InMemoryEventStore(systemClock),
    checkpoints: new InMemoryCheckpointStore(),
  });
}

function broken(flaw: MessagingFlaw): MessagingEngine {
  const engine = sound();
  const messaging = brokenMessaging(engine.messaging, flaw);
  const opened = [messaging];
  const closeAll = () => Promise.all(opened.splice(0).map((one) => one.close()));
  return {
    ...engine,
    messaging,
    async reopen() {
      await closeAll();
      const reopened = brokenMessaging(await engine.reopen(), flaw);
      opened.push(reopened);
      return reopened;
    },
    async close() {
      await closeAll();
      await engine.close();
    },
  };
}

describe('the contract of messaging', () => {
  it.each(caughtBy)('catches an engine that is broken: %s ("%s")', async (flaw, name, reason) => {
    const [found] = messagingCases.filter((one) => one.name.startsWith(name));
    expect(await failureOf(found!, () => broken(flaw))).toMatch(reason);
  });

  it('lets the engine pass that they are made of', async () => {
    const failures = messagingCases.map((one) => failureOf(one, sound));
    expect(await Promise.all(failures)).toEqual(messagingCases.map(() => undefined));
  });
});
