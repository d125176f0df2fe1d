import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '#testing/eventually.js';
import { describeWith, findProgram } from '#testing/programs.js';
import { replayed } from '../journeys/auditing.js';
import { FuzzedFund } from './fuzzed-fund.js';
import { fuzz } from './schemathesis.js';

const program = findProgram('schemathesis');

describeWith(program)('the API as its description tells schemathesis', () => {
  let fund: FuzzedFund | undefined;

  beforeAll(async () => {
    if (program === undefined) throw new Error('schemathesis is needed: see test/fuzz/requirements.txt');
    fund = await FuzzedFund.open();
  }, 180_000);
  afterAll(() => fund?.close());

  it('answers nobody as described', async () => {
    const { work, known } = fund!;
    const flags = ['--phases', 'fuzzing', '--max-examples', '1'];
    const { code, said } = await fuzz(program!, { url: work.url, known, flags });
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  }, 120_000);

  it('answers somebody with every role as described, and breaks at nothing', async () => {
    const { work, known, token } = fund!;
    const { code, said } = await fuzz(program!, {
      url: work.url,
      known,
      token,
      // A few for every run of the suite; test/long asks more.
      flags: ['--max-examples', '3'],
    });
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  }, 300_000);

  it('leaves services at work and books that replay', async () => {
    const { work, ask } = fund!;
    for (const path of ['parked', 'held']) expect(await ask.get(`/v1/admin/${path}`)).toEqual({ items: [] });
    await eventually(() => replayed(work), { withinMs: 30_000 });
  }, 60_000);
});
