import { describe, expect, it } from '@jest/globals';
import { eventStoreCases } from '#event-store/event-store.contract.js';
import { failureOf } from './contract.js';
import { brokenEngines, soundEngine } from './event-store-broken.js';

/** The case that each fault must fail at least, and what it fails with. */
const caught: Readonly<Record<keyof typeof brokenEngines, readonly [string, RegExp]>> = {
  'loses an append on conflict': [
    'of many writers at one revision exactly one wins, and each of the others is told',
    /Expected length: 19\s+Received length: 18/,
  ],
  'skips an event that commits late': [
    'beside 32 writers nothing is lost or doubled, and every subscriber sees each event once in one order',
    /- Expected +- [1-9]\d*\n\+ Received +\+ +0\n/,
  ],
  'forgets an outcome so that a retry doubles': [
    'the same ids at the same revision answer as the first time and write nothing, also after a restart',
    /- +"number": 2,\n\+ +"number": 8,\n/,
  ],
  'trusts a revision whatever event stands there': [
    'an append after another event than the last is refused as moved, though the revision is right, and writes nothing',
    /toBeInstanceOf[^]*Expected constructor: WrongExpectedVersion/,
  ],
  'moves a checkpoint before it hands over what lies before it': [
    'a prefix lets through its streams only, while the checkpoint moves on past the others',
    /toEqual[^]*- +"[0-9a-f-]{36}",\n/,
  ],
  'gives a position out twice after being reopened': [
    'positions rise and times never run backwards from event to event, also over a restart',
    /toBeLessThan[^]*Expected: < (\d+)\nReceived: +\1/,
  ],
};

describe('the contract of the event store', () => {
  it('holds for a sound engine', async () => {
    const failures = eventStoreCases.map((one) => failureOf(one, soundEngine));
    expect(await Promise.all(failures)).toEqual(eventStoreCases.map(() => undefined));
  });

  it.each(Object.entries(caught))('fails on an engine that %s', async (fault, [name, reason]) => {
    const [found] = eventStoreCases.filter((one) => one.name === name);
    const failure = await failureOf(found!, brokenEngines[fault as keyof typeof brokenEngines]);
    expect(failure).toMatch(reason);
  });
});
