import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const envFile = fileURLToPath(new URL('../../../.mangnon-engines/env', import.meta.url));

/** Brokers that tests may use: `KAFKA_BROKERS`, else those of `npm run engines` while it runs; undefined without any. */
export const brokersOfTests: readonly string[] | undefined = (
  process.env['KAFKA_BROKERS'] || brokersOf(envFile)
)?.split(',');

function brokersOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    // A killed run leaves its file behind.
    process.kill(Number.parseInt(/^MANGNON_ENGINES_PID=(\d+)$/m.exec(text)?.[1] ?? '', 10), 0);
    // Those of --secure let nobody in without a name.
    return text.includes('KAFKA_CA_FILE') ? undefined : /^KAFKA_BROKERS=(.+)$/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
