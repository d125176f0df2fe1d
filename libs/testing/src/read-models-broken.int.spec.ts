import { describe, expect, it } from '@jest/globals';
import { projectorCases } from '#read-models/projector.contract.js';
import { failureOf } from './contract.js';
import { brokenDatabases } from './read-models-broken.js';
import { Pantry } from './read-models.js';

/** The case that each fault must fail at least, and what it fails with. */
const caught: Readonly<Record<keyof typeof brokenDatabases, readonly [string, RegExp]>> = {
  'commits the checkpoint before the rows': [
    'keep of a batch that the database gives up neither rows nor checkpoint, and fold it again',
    /\+ +'jar-a': 1\n- +'jar-a': 2/,
  ],
  'moves the checkpoint without comparing it': [
    'fold nothing of a batch that another process has folded since it was read',
    /\+ +'jar-a': 2\n- +'jar-a': 1/,
  ],
  'takes in a message that comes again': [
    'fold each message once, delivered however often, in one call or across calls',
    /\+ +'jar-a': 17,\n- +'jar-a': 5,/,
  ],
};

describe('the contract of projectors', () => {
  it.each(Object.entries(caught))('fails on one that %s', async (fault, [name, reason]) => {
    const [found] = projectorCases.filter((one) => one.name === name);
    const open = () => Pantry.open(brokenDatabases[fault as keyof typeof brokenDatabases]);
    expect(await failureOf(found!, open)).toMatch(reason);
  });
});
