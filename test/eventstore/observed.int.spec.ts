import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventStoreUrl } from '#testing/run.config.js';
import { PlayedCase, type Result, type Step } from './played-case.js';
import { tryServer, type TriedServer } from './tried-server.js';

interface ObservedCase {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly results: readonly Result[];
}

const file = new URL('../data/eventstoredb-observed.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly ObservedCase[] };

describe(`what a real EventStoreDB 23.10.8 answered, on ${eventStoreUrl ? 'the server given' : 'the protocol server'}`, () => {
  let tried: TriedServer;
  beforeAll(async () => {
    tried = await tryServer();
  });
  afterAll(() => tried.close());

  it.each(cases)('$name', async ({ steps, results }) => {
    const played = new PlayedCase(tried.client);
    for (const [index, step] of steps.entries()) expect(await played.play(step)).toEqual(results[index]);
  });

  it('is all of what was observed', () => {
    expect(cases).toHaveLength(46);
  });
});
