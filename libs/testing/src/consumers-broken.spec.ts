import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryLog } from '#event-store/in-memory/in-memory-log.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { systemClock } from '#platform/clock.js';
import { walkCases, type WalkRig } from '#platform/transport/consumers.contract.js';
import { InMemoryHoldStore } from '#platform/transport/in-memory-hold-store.js';
import { failureOf } from './contract.js';
import { brokenHandles } from './handle-broken.js';
import { brokenMessaging } from './messaging-broken.js';

/** What is broken of a consumer, the case that it must fail at least, and what that fails with. */
const caught: readonly (readonly [string, Partial<WalkRig>, string, RegExp])[] = [
  [
    'drops the watermark',
    { handling: brokenHandles['drops the watermark'] },
    'answers each message once though one process begins from an old checkpoint and two run at once',
    /Hopeless: some of [\d,]+ twice/,
  ],
  [
    'commits before it handles',
    { messaging: (sound) => brokenMessaging(sound, 'commits before handling') },
    'answers what a process that ended had taken and not answered',
    /- +'1',\n- +'2',\n- +'3',\n- +'4',\n- +'5',\n +'6'/,
  ],
  [
    'takes an outage for a stream that cannot be used',
    { handling: brokenHandles['takes an outage for a stream that cannot be used'] },
    'lets messages come again while the store is away, and holds nothing',
    /\+ +'a: KeyUnusable: box-a: no answer'/,
  ],
];

function rig(): WalkRig {
  const log = new InMemoryLog();
  return {
    open: async () => new InMemoryEventStore(systemClock, log),
    checkpoints: new InMemoryCheckpointStore(),
    holds: new InMemoryHoldStore(systemClock),
  };
}

describe('the contract of consumers', () => {
  it.each(caught)('fails on one that %s', async (_fault, broken, name, reason) => {
    const [found] = walkCases.filter((one) => one.name === name);
    expect(await failureOf(found!, () => ({ ...rig(), ...broken }))).toMatch(reason);
  });
});
