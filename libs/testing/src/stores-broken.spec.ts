import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryLog } from '#event-store/in-memory/in-memory-log.js';
import { snapshotCases, type SnapshotRig } from '#event-store/snapshots.contract.js';
import { systemClock } from '#platform/clock.js';
import { holdStoreCases } from '#platform/transport/hold-store.contract.js';
import { vaultContract } from '#vault/vault.contract.js';
import { failureOf, type ContractCase } from './contract.js';
import { brokenHoldStores } from './hold-store-broken.js';
import { brokenSnapshotStores } from './snapshots-broken.js';
import { brokenRooms } from './vault-broken.js';

/** The case that each fault must fail at least, and what it fails with. */
type Caught<Fault extends string> = Readonly<Record<Fault, readonly [string, RegExp]>>;

function seen<Engine extends object, Fault extends string>(
  cases: readonly ContractCase<Engine>[],
  broken: Readonly<Record<Fault, () => Engine>>,
  caught: Caught<Fault>,
): void {
  it.each(Object.keys(caught) as Fault[])('fails on one that %s', async (fault) => {
    const [name, reason] = caught[fault];
    const [found] = cases.filter((one) => one.name === name);
    expect(await failureOf<Engine>(found!, broken[fault])).toMatch(reason);
  });
}

describe('the contract of hold stores', () => {
  seen(holdStoreCases, brokenHoldStores, {
    'gives messages back in another order': [
      'keeps whole messages in the order of their positions, each once',
      /\+ +number: 3,\n- +number: 4,/,
    ],
    'keeps a message twice that is held twice': [
      'keeps whole messages in the order of their positions, each once',
      /\n\+ +id: 'message-fund-1-1-4',/,
    ],
    'takes a key of two topics for one': [
      'knows a key of one topic apart from the same key of another',
      /the other topic’s is held too/,
    ],
    'keeps messages of a key that is not held': [
      'diverts behind what is held, and keeps nothing of a key that is not',
      /it keeps what is not held/,
    ],
    'lets go of a key while messages of it wait': [
      'lets go of a key only once nothing of it waits',
      /it lets go of what waits/,
    ],
    'forgets which dead letters were read again': [
      'knows the last dead letter of a key that was read again, held or not',
      /undefined/,
    ],
    'forgets what was handled before the hold': [
      'knows what was handled last before what waits, and never goes back behind it',
      /number: 9/,
    ],
    'looks first and diverts afterwards': [
      'loses no message that is diverted while the key is let go',
      /it says that it keeps what it has let go/,
    ],
  });
});

describe('the contract of snapshots', () => {
  const over = (fault: keyof typeof brokenSnapshotStores) => (): SnapshotRig => {
    const log = new InMemoryLog();
    const open = () => Promise.resolve(new InMemoryEventStore(systemClock, log));
    return { open, snapshots: brokenSnapshotStores[fault]() };
  };
  const rigs = {
    'forgets what the inbox remembers': over('forgets what the inbox remembers'),
    'keeps the first snapshot for ever': over('keeps the first snapshot for ever'),
  };
  seen(snapshotCases, rigs, {
    'forgets what the inbox remembers': ['equals the fold of the events up to it', /0 !== 19/],
    'keeps the first snapshot for ever': ['equals the fold of the events up to it', /9 !== 19/],
  });
});

describe('the contract of the vault', () => {
  seen(vaultContract, brokenRooms, {
    'leaves a record when it erases': [
      'erases a person for good: records, bytes and later puts',
      /\+ Sealed \{\}\n- undefined/,
    ],
    'takes an erased person for a new one': [
      'erases a person for good: records, bytes and later puts',
      /Missing expected rejection \(SubjectErased\)/,
    ],
    'looks who is erased first and writes afterwards': [
      'keeps nothing of a person who is erased while records of theirs are put',
      /a record outlived the erasure/,
    ],
    'does not know who was erased': [
      'knows who was erased, also where nothing had been put, and takes nobody else for erased',
      /false !== true/,
    ],
    'keeps the last content of a record': [
      'keeps the first content when a record id is put again',
      /\+ +name: 'second'\n- +name: 'first'/,
    ],
    'finds people beyond the scope': [
      'finds people by the beginnings of their words, without accents, in their scope only',
      /\[\n\+ +'[0-9a-f-]{36}',\n +'[0-9a-f-]{36}'\n/,
    ],
    'sweeps what an event names': ['sweeps what no event names and nothing else', /2 !== 1/],
    'sweeps what is put again meanwhile': [
      'spares what is put again while it asks whether an event names it',
      /[23] !== 1/,
    ],
  });
});
