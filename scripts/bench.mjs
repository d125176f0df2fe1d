// `npm run bench`: builds what `npm start` runs, then measures it.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from './build.mjs';
import { assertNode } from './node-version.mjs';

assertNode(1);
if (!(await build())) process.exit(1);
register('../test/typescript-hooks.mjs', import.meta.url);

// Everything temporary lies in one folder, so that nothing of it stays, however the bench ends. PostgreSQL's own user
// passes through when this is root.
const folder = mkdtempSync(join(tmpdir(), 'mangnon-bench-'));
chmodSync(folder, 0o711);
process.env.TMPDIR = folder;
const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

const endsWithinMs = 30_000;
let isBrokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void breakOff());
// While it is broken off, whoever still measures sees the services go.
for (const fault of ['unhandledRejection', 'uncaughtException'])
  process.on(fault, (error) => void fail(error));

function fail(error) {
  if (!isBrokenOff) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return breakOff(1);
}

/** Ends what was started, as Ctrl-C does, waits for it, and leaves nothing behind. */
async function breakOff(code = 130) {
  if (isBrokenOff) return;
  isBrokenOff = true;
  process.stderr.write('broken off: ending what was started\n');
  const until = Date.now() + endsWithinMs;
  for (let asked = new Set(), left = children(); left.length > 0; left = children()) {
    for (const pid of left.filter((one) => !asked.has(one))) interrupt(pid, Date.now() < until);
    asked = Date.now() < until ? new Set(left) : new Set();
    await delay(100);
  }
  remove();
  process.exit(code);
}

/** A process that leads a group of its own is ended with all of it. */
function interrupt(pid, politely) {
  const signal = politely ? 'SIGINT' : 'SIGKILL';
  for (const target of [-pid, pid])
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group, or it has just ended.
    }
}

function children() {
  const ps = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' });
  return ps
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter(
      ([, parent, state, program]) =>
        parent === String(process.pid) && !state.startsWith('Z') && program !== 'ps',
    )
    .map(([pid]) => Number(pid));
}

const { bench } = await import('../test/load/main.ts');
try {
  const code = await bench(process.argv.slice(2));
  if (!isBrokenOff) process.exitCode = code;
} catch (error) {
  await fail(error);
}
if (!isBrokenOff) remove();
