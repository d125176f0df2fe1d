// `npm run test:faults`: lets faults strike a fund under load and prints what must hold after each.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const help = `Usage: npm run test:faults -- [--long] [--seed N] [--only TEXT]

Kills processes at named places, PostgreSQL and its connections, fills the disk, steps the clock back and restores
old backups while people work, then holds everything against the invariants and prints them with their counts. Then the
same with each service in a process of its own, over three brokers of Kafka, which are killed, frozen and cut off, too.

  --long       every fault, and 20,000 schedules of the walk in memory (an hour and a half or more);
               without it the sample that npm test plays
  --seed N     what is drawn: a run with the same seed does the same; printed, and drawn itself where it is absent
  --only TEXT  only faults whose name has this in it, such as "mail-taken:before"
  --help       this text
`;

function read(argv) {
  const options = { long: { type: 'boolean' }, seed: { type: 'string' }, only: { type: 'string' } };
  const { values } = parseArgs({ args: argv, options: { ...options, help: { type: 'boolean' } } });
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed))
    throw new Error('--seed is a whole number of at most nine digits');
  return values;
}

/** Jest takes what to play as a pattern. */
const literally = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function play({ long = false, seed = String(randomInt(1_000_000)), only }) {
  console.log(`seed ${seed}`);
  // One that is named may be any of them.
  const all = long || only !== undefined;
  // The sample of faults between processes strikes those of the walk.
  const paths = ['test/faults/', ...(all ? [] : ['test/apart/walk'])];
  const flags = ['-w', '1', ...paths, ...(only === undefined ? [] : ['-t', literally(only)])];
  const env = { ...process.env, MANGNON_TEST_SEED: seed, MANGNON_TEST_FAULTS: all ? 'long' : '' };
  const jest = ['--no-warnings', 'node_modules/jest/bin/jest.js', ...flags];
  const child = spawn(process.execPath, jest, { cwd: root, env, stdio: 'inherit' });
  child.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
}

try {
  const asked = read(process.argv.slice(2));
  if (asked.help) console.log(help);
  else play(asked);
} catch (error) {
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
