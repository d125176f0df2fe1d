import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, findProgram } from '#testing/programs.js';
import { FuzzedFund } from '../fuzz/fuzzed-fund.js';
import { fuzz } from '../fuzz/schemathesis.js';

const program = findProgram('schemathesis');

describeWith(program)('the API, asked at length what its description allows', () => {
  let fund: FuzzedFund | undefined;

  beforeAll(async () => {
    fund = await FuzzedFund.open();
  }, 180_000);
  afterAll(() => fund?.close());

  it('answers somebody with every role as described, and breaks at nothing', async () => {
    const { work, known, token } = fund!;
    const flags = ['--max-examples', '100'];
    const { code, said } = await fuzz(program!, { url: work.url, known, token, flags });
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  }, 3_600_000);
});
