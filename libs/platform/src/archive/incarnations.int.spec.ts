import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHighestGiven, giveIncarnation, keepGiven } from './incarnations.js';

let folder: string;
let keys: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mangnon-incarnations-'));
  keys = join(folder, 'keys');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the incarnations kept beside the keys', () => {
  it('are none where the folder is not there', async () => {
    expect(await findHighestGiven(keys)).toBeUndefined();
  });

  it('are remembered once each, the highest first of all', async () => {
    await giveIncarnation(keys, 8);
    await keepGiven(keys, 2);
    await keepGiven(keys, 2);
    expect(await findHighestGiven(keys)).toBe(9);
    expect(statSync(keys).mode & 0o777).toBe(0o700);
  });

  it('are given above the log’s own and above all that were given before', async () => {
    expect(await giveIncarnation(keys, 1)).toBe(2);
    expect(await giveIncarnation(keys, 1)).toBe(3);
    expect(await giveIncarnation(keys, 10)).toBe(11);
    expect(await giveIncarnation(keys, 1)).toBe(12);
  });

  it('are never given twice, though many ask at once', async () => {
    const given = await Promise.all(Array.from({ length: 20 }, () => giveIncarnation(keys, 1)));
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  });
});
