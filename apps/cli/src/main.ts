import { createInterface } from 'node:readline/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { environmentOfProcess } from './config.js';
import { runCli } from './run.js';

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
  try {
    const answer = lines.question(question);
    silent = secretly;
    return await answer;
  } finally {
    lines.close();
    if (secretly) process.stderr.write('\n');
  }
}

// Whoever reads the result may stop reading: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  streams: {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    isScreen: process.stderr.isTTY,
  },
  environment: environmentOfProcess,
  pour: (texts) => pipeline(Readable.from(texts), process.stdout, { end: false }),
  ask,
  readInput: () => text(process.stdin),
});
