import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { messagingCases, type MessagingEngine } from '#messaging/messaging.contract.js';
import { systemClock } from '#platform/clock.js';
import { brokenMessaging, type MessagingFlaw } from './messaging-broken.js';
import { directEngine } from './messaging-direct.js';

/** The cases that each flaw must fail at least. */
const caughtBy: readonly (readonly [MessagingFlaw, string])[] = [
  ['out of order within a key', 'brings every message whole and in the order of its key'],
  ['two calls of one key at once', 'brings every message whole and in the order of its key'],
  ['commits before handling', 'brings what was never handled again after a restart'],
  ['commits before handling', 'commits nothing behind a message of another key that is not handled yet'],
  ['drops what was uncommitted when a member leaves', 'gives what a leaving member did not handle'],
  ['lets one bad message hold back other keys', 'lets a key that fails hold back no other key'],
  ['skips what failed', 'brings what was refused again, after a pause'],
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

async function failureOf(flaw: MessagingFlaw, name: string): Promise<string> {
  const found = messagingCases.find((one) => one.name.startsWith(name));
  const engine = broken(flaw);
  try {
    await found?.run(engine);
    return 'not caught';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await engine.close();
  }
}

const timeoutMs = 60_000;

describe('the contract of messaging', () => {
  const failures = Promise.all(caughtBy.map(([flaw, name]) => failureOf(flaw, name)));

  it.each(caughtBy)(
    'catches an engine that is broken: %s ("%s")',
    async (flaw, name) => {
      const index = caughtBy.findIndex((pair) => pair[0] === flaw && pair[1] === name);
      expect((await failures)[index]).not.toBe('not caught');
    },
    timeoutMs,
  );

  it(
    'lets the engine pass that they are made of',
    async () => {
      const flaws = messagingCases.map(async ({ run }) => {
        const engine = sound();
        await run(engine).finally(() => engine.close());
      });
      await expect(Promise.all(flaws)).resolves.toHaveLength(messagingCases.length);
    },
    timeoutMs,
  );
});
