import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Workshop, type Said } from '../workshop.js';

/** Runs `npm run reference -- --check`, which builds first. */
function check(): Said {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/reference.mjs', '--check'], {
    encoding: 'utf8',
  });
  return { code: status, output: `${stdout}${stderr}` };
}

describe('the reference', () => {
  let said: Said;
  beforeAll(() => {
    said = check();
  }, 180_000);

  it('says what the code says, and has an answer for every code that the sources can throw', () => {
    expect(said.output.replace(/^Building …\nBuilt in .* s\.\n/, '')).toBe('');
    expect(said.code).toBe(0);
  });

  it.each([
    ['events.md', '`DonationRecorded`', '`FoundingAsked`', '`MessageParked`', '`mangnon.access.v1`'],
    ['refusals.md', '`donation/received-in-future`', '`http/invalid`', '`staff/locked`'],
    ['routes.md', '`POST /v1/donations`', '`POST /v1/admin/parked/replays`', '`GET /sign-in`'],
    ['settings.md', '`MANGNON_DATA_DIR`', '`SMTP_URL`', '`MANGNON_DATABASE_URL`'],
  ])('%s is about all of it', (page, ...words) => {
    const text = readFileSync(`docs/reference/${page}`, 'utf8');
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });
});

describe('the codes that sources can throw', () => {
  const workshop = new Workshop(/^(apps|libs|test|docs|bin)$/);
  afterAll(() => workshop.close());

  const thrown = (source: string): Promise<Said> => {
    workshop.plant('apps/orchard/src/trees.ts', source);
    const program = `import { openProgram } from './scripts/reference/files.mjs';
      import { thrownCodes } from './scripts/reference/thrown-codes.mjs';
      console.log(thrownCodes(openProgram()).join(' '));`;
    return workshop.run('--input-type=module', '--eval', program);
  };
  const refusal =
    'class DomainRefusal<C extends string> extends Error { constructor(readonly code: C) { super(code); } }';

  it('are found where they are written and where a type names them', async () => {
    const said = await thrown(`${refusal}
      type Fault = 'tree/felled' | 'tree/hollow';
      export const refuse = <F extends Fault>(fault: F) => new DomainRefusal(fault);
      export const unknown = () => new DomainRefusal('tree/unknown');`);
    expect(said).toEqual({ code: 0, output: 'tree/felled tree/hollow tree/unknown\n' });
  });

  it('are never any text at all', async () => {
    const { code, output } = await thrown(`${refusal}
      export const refuse = (reason: string) => new DomainRefusal(\`tree/\${reason}\`);`);
    expect([code, output]).toEqual([1, expect.stringContaining('may be any text')]);
  });
});
