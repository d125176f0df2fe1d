import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Invariant } from '../faults/invariants.js';
import { mangnon, type Ended } from './command-line.js';
import { filledStand, type Filled } from './filled.js';
import type { Case, Measure } from './measure.js';

const donationsDefault = 100_000;

/** `mangnon replay` as an auditor runs it: from a file, and beside the running services with every table compared. */
export const replay: Measure = {
  name: 'replay',
  what: 'mangnon replay of a file, and of a running fund compared row by row (--preload donations; 100,000)',
  seconds: 1,
  runs: 3,
  async open({ preload = donationsDefault, clients }) {
    const filled = await filledStand(preload, clients);
    const { stand } = filled;
    const file = join(stand.folder, 'events.jsonl');
    const exported = await mangnon(['export', 'events', '--to', file, '--data-dir', stand.dataDirectory]);
    if (exported.code !== 0) throw new Error(exported.output);
    const cases = [
      caseOf('fold', '100,000 events/s (stretch 150,000/s)', filled, ['--from', file]),
      caseOf('fold and compare', '50,000 events/s', filled, ['--data-dir', stand.dataDirectory]),
    ];
    return {
      cases,
      close: async () => {
        rmSync(file, { force: true });
        await filled.close();
      },
    };
  },
};

function caseOf(name: string, aim: string, { events }: Filled, flags: readonly string[]): Case {
  return {
    ...{ name, aim },
    async run() {
      const ended = await mangnon(['replay', ...flags]);
      return {
        figures: [
          { name: 'events', unit: 'events', value: events },
          { name: 'took, the program’s start included', unit: 's', value: ended.seconds },
          { name: 'replayed', unit: 'events/s', value: events / ended.seconds },
        ],
        invariants: [holds(ended, events)],
      };
    },
  };
}

/** What a replay says of everything that it holds. */
function holds({ code, output }: Ended, count: number): Invariant {
  const broken = output.split('\n').filter((line) => line.startsWith('✗'));
  const rule = 'replay: every rule of the log holds, every table is what the events give';
  return {
    rule,
    count,
    broken: code === 0 ? broken : [...broken, `exit ${String(code)}: ${output.slice(-500)}`],
  };
}
