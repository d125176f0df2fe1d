import { createInterface } from 'node:readline/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { environmentOfProcess } from './config.js';
import { byReader, bySignal, endings, Interruption } from './interruption.js';
import { runCli } from './run.js';

const interruption = new Interruption();
/** A terminal and npm may both pass on one Ctrl-C; whoever presses again does not want to wait. */
const samePressWithinMs = 500;
let interruptedAtMs: number | undefined;
for (const signal of endings)
  process.on(signal, () => {
    const reason = bySignal(signal);
    const nowMs = performance.now();
    if (nowMs - (interruptedAtMs ??= nowMs) > samePressWithinMs) process.exit(reason.exit);
    interruption.interrupt(reason);
  });

/** Asks at the keyboard; what is typed to a secret question is not shown. */
async function ask(question: string, secretly = false): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  let silent = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!silent) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  // While it reads key by key, a Ctrl-C comes as a key.
  lines.on('SIGINT', () => interruption.interrupt(bySignal('SIGINT')));
  try {
    const answer = lines.question(question);
    silent = secretly;
    return await answer;
  } finally {
    lines.close();
    if (secretly) process.stderr.write('\n');
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  interruption.interrupt(byReader());
});

const exit = await runCli(process.argv.slice(2), {
  streams: {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    isScreen: process.stderr.isTTY,
  },
  environment: environmentOfProcess,
  interruption,
  pour: (texts) => pipeline(Readable.from(texts), process.stdout, { end: false }),
  ask,
  readInput: () => text(process.stdin),
});
process.exitCode = exit;
// What was ended in the middle goes on until it notices.
if (interruption.signal.aborted) process.exit(exit);
