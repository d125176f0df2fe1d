import 'reflect-metadata';
import { pino } from 'pino';
import { checkAll } from '#platform/config-refused.js';
import { noteSentence } from '#platform/embedded-postgres/notes.js';
import { consoleLanguage, readConfig } from './config.js';
import { explain } from './explain.js';
import { runStandalone, type Standalone } from './run.js';
import { sentences } from './sentences.js';
import { services } from './standalone.module.js';

const language = consoleLanguage();
const words = sentences[language];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** What goes wrong in the background, as JSON lines beside the console's sentences. */
const log = pino({ name: 'mangnon' }, pino.destination(2));
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** A process that is broken may not be able to stop properly; the next start then puts things right. */
const brokenStopsWithinMs = 15_000;

async function main(): Promise<void> {
  const starting = start();
  let stopping: Promise<void> | undefined;
  const stop = (code: number): void => void (stopping ??= end(starting, code));
  // A terminal that is closed stops it like Ctrl-C does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'stopping');
    complain(words.broken);
    setTimeout(() => process.exit(1), brokenStopsWithinMs).unref();
    stop(1);
  });
  const standalone = await starting;
  await standalone.databaseEnded;
  if (stopping) return;
  complain(words.databaseEnded);
  stop(1);
}

async function start(): Promise<Standalone> {
  checkAll([
    () => void readConfig(),
    ...services.map(
      ({ checkConfig }) =>
        () =>
          checkConfig?.(),
    ),
  ]);
  const config = readConfig();
  const standalone = await runStandalone(config, {
    onNote: (note) => say(noteSentence(note, language)),
    onTrouble: (where, err) => log.warn({ where, err }, 'will be tried again'),
  });
  say(words.running);
  say(`  ${words.places.api}: ${standalone.url}/docs`);
  say(`  ${words.places.inbox}: ${standalone.url}/inbox`);
  say(`  ${words.places.data}: ${config.dataDirectory}`);
  const { url, setUpPath } = standalone;
  if (setUpPath !== undefined) say(`  ${words.places.first}: ${url}${setUpPath} (${words.once})`);
  return standalone;
}

async function end(starting: Promise<Standalone>, code: number): Promise<void> {
  say(words.stopping);
  const standalone = await starting;
  await standalone.stop();
  say(words.stopped);
  process.exit(code);
}

main().catch((error: unknown) => {
  complain(explain(error, language));
  process.exit(1);
});
