import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#testing/eventually.js';
import { Site } from '../faults/site.js';
import { Terminal } from '../terminal.js';
import type { Case, Measure } from './measure.js';

/** How long it may take at all, in milliseconds. */
const startsWithinMs = 60_000;
const npmStart = { command: 'npm', flags: ['start', '--silent'] };

/** `npm start`, built before, until it is ready. */
export const start: Measure = {
  name: 'start',
  what: 'npm start to ready, with a data directory that is new or was there',
  seconds: 1,
  runs: 5,
  async open() {
    const site = await Site.open();
    const fresh = () => {
      const folder = mkdtempSync(join(tmpdir(), 'mangnon-bench-'));
      chmodSync(folder, 0o711);
      return folder;
    };
    const cases = [
      startOf('new data directory', '≤ 10 s', site.port, fresh),
      startOf('present data directory', '≤ 4 s', site.port, () => site.copy()),
    ];
    return { cases, close: () => site.close() };
  },
};

function startOf(name: string, aim: string, port: number, folderOf: () => string): Case {
  return {
    ...{ name, aim },
    async run() {
      const folder = folderOf();
      const began = performance.now();
      const terminal = new Terminal(folder, { PORT: String(port) }, npmStart);
      try {
        const isReady = async (): Promise<void> => {
          const { status } = await fetch(`http://127.0.0.1:${String(port)}/health/ready`);
          if (status !== 200) throw new Error(`answered ${String(status)}`);
        };
        await eventually(isReady, { withinMs: startsWithinMs, everyMs: 10 });
        const seconds = (performance.now() - began) / 1_000;
        return { figures: [{ name: 'ready after', unit: 's', value: seconds }], invariants: [] };
      } finally {
        terminal.press('SIGINT');
        await terminal.ended();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
