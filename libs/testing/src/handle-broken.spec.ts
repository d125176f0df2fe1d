import { describe, expect, it } from '@jest/globals';
import { handleCases } from '#event-store/handle.contract.js';
import { failureOf } from './contract.js';
import { brokenHandles } from './handle-broken.js';
import { handleInMemory } from './handle-in-memory.js';

/** The case that each fault must fail at least, and what it fails with. */
const caught: Readonly<Record<keyof typeof brokenHandles, readonly [string, RegExp]>> = {
  'refuses from a stale cache': [
    'decides a refusal from a stale cache again on what is stored',
    /^DomainRefusal: cash-box\/short$/,
  ],
  'takes a no-op from a stale cache': [
    'decides a no-op from a stale cache again on what is stored',
    /10n !== 7n/,
  ],
  'appends what a stale cache decided': [
    'refuses on what is stored, though the cache would have accepted',
    /\+ 'no refusal: undefined'\n- 'cash-box\/short'/,
  ],
  'makes new event ids for each try': [
    'keeps the ids of its events while it decides again after a conflict',
    /\+ +'[0-9a-f-]{36}',\n- +'[0-9a-f-]{36}',/,
  ],
  'sends once more under new ids when an answer is lost': [
    'writes a command once whose answer is lost after it is stored',
    /3 !== 2/,
  ],
  'takes a lost answer for a yes': [
    'writes a command once whose answer is lost before it is stored',
    /1 !== 2/,
  ],
  'answers a repeated command anew': [
    'answers one Idempotency-Key that comes at once through two processes with one event',
    /4 !== 1/,
  ],
  'drops the watermark': [
    'drops a message that comes again, at the current revision and later, here and after a restart',
    /9 !== 5/,
  ],
  'cuts a large batch anywhere': [
    'never cuts within the answer to one message, and parks one whose answer is over 1 MiB',
    /\+ +1,\n\+ +1,\n/,
  ],
  'stops behind a message that needs no event': [
    'leaves no event for a message that needs none, and goes on with the next',
    /- +'[0-9a-f-]{36}'/,
  ],
  'parks nothing': [
    'parks a message whose handling fails, whole and with a reason that holds no data, and goes on',
    /'CashPut 1',\n- +'MessageParked 2',\n +'CashPut 3'/,
  ],
  'parks what fails and not what follows of it': [
    'parks what follows of a parked subject behind it, also from another process, while others go on',
    /\+ +'CashPut 2',\n- +'MessageParked 2',/,
  ],
  'takes an outage for a stream that cannot be used': [
    'answers a batch once that comes again after its outcome stayed unknown',
    /'KeyUnusable'/,
  ],
  'trusts a revision whatever event stands there': [
    'rests nothing on what a restored store has lost, though others have grown it again as far as it stood',
    /\+ 'no refusal: undefined'\n- 'cash-box\/short'/,
  ],
  'folds what it does not know': [
    'tells the event of a newer release from a stream that is broken, and other streams go on',
    /Missing expected rejection \(NewerEvent\)/,
  ],
};

describe('the contract of handle', () => {
  it.each(Object.entries(caught))('fails on one that %s', async (fault, [name, reason]) => {
    const [found] = handleCases.filter((one) => one.name === name);
    expect(
      await failureOf(found!, () => handleInMemory(brokenHandles[fault as keyof typeof brokenHandles])),
    ).toMatch(reason);
  });
});
