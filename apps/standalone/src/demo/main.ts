import { help, readArguments } from './arguments.js';
import { DemoRefused } from './demo-refused.js';
import { readCredits } from './statement.js';

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.help) {
    process.stdout.write(help);
    return 0;
  }
  const credits = wanted.statement === undefined ? undefined : await readCredits(wanted.statement);
  // Loaded only now: whoever mistypes shall not wait for every service.
  const { play } = await import('./play.js');
  return play(wanted, credits);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const whole = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      error instanceof DemoRefused ? `${error.message}\n` : `The demo broke off: ${whole}\n`,
    );
    process.exit(1);
  },
);
