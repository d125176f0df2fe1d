import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, Terminal } from '../terminal.js';
import { told } from './told.js';

const statement = fileURLToPath(new URL('../data/statement-2024-09.csv.gz', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mangnon-statement-'));
const playedWithinMs = 1_200_000;
let terminal: Terminal | undefined;

beforeAll(() => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
}, 240_000);
afterAll(async () => {
  terminal?.press('SIGINT');
  await terminal?.ended();
  rmSync(folder, { recursive: true, force: true });
});

describe('the whole bank statement of September 2024', () => {
  it(
    'becomes 19,999 donations, entries and receipt numbers, whose sum is the statement’s, and agrees with its replay',
    async () => {
      const began = performance.now();
      const flags = [
        'run',
        '--silent',
        'demo',
        '--',
        '--dir',
        join(folder, 'demo'),
        '--statement',
        statement,
      ];
      terminal = new Terminal(folder, {}, { command: 'npm', flags });
      await terminal.said(/Everything holds\.\n/, playedWithinMs);
      expect(await terminal.ended()).toBe(0);
      told(
        'npm run demo -- --statement',
        'recording, posting, numbering and replaying',
        performance.now() - began,
      );
      expect(terminal.output).toContain(`
donations 19999 = entries 19999 = receipt numbers 19999
recorded 11.464.843.306 ₫ = received in the books 11.464.843.306 ₫
`);
    },
    playedWithinMs,
  );
});
