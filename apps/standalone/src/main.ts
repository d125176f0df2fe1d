import 'reflect-metadata';
import { pino } from 'pino';
import { checkAll } from '#platform/config-refused.js';
import { noteSentence, type Note } from '#platform/embedded-postgres/notes.js';
import { readTracingConfig } from '#platform/tracing/config.js';
import { consoleLanguage, readConfig } from './config.js';
import { explain, explainEnd } from './explain.js';
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
/** Requests, consumers and the database have their own limits, which come to less together. */
const stopsWithinMs = 40_000;
/** npm passes a Ctrl-C on to us that the terminal has sent us already: what comes so soon is the same. */
const samePressWithinMs = 500;

async function main(): Promise<void> {
  // That nobody reads any more is no fault; a terminal that is closed also sends a signal.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const givingUp = new AbortController();
  const starting = start(givingUp.signal);
  let stopping: Promise<void> | undefined;
  let stoppingSinceMs = 0;
  const stop = (code: number): void => {
    if (stopping) return;
    stoppingSinceMs = performance.now();
    stopping = end(starting, givingUp, code);
  };
  // A terminal that is closed stops it like Ctrl-C does.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  process.on('SIGINT', () => {
    if (stopping && performance.now() - stoppingSinceMs > samePressWithinMs) endNow(words.atOnce, 130);
    stop(0);
  });
  process.on('uncaughtException', (error) => {
    // Not as fatal: the logger then waits until somebody reads it, and nothing else would go on.
    log.error({ err: error }, 'stopping');
    complain(words.broken);
    setTimeout(() => process.exit(1), brokenStopsWithinMs).unref();
    stop(1);
  });
  const standalone = await starting.catch((error: unknown) => {
    if (!stopping) throw error;
  });
  await standalone?.databaseEnded;
  if (stopping) return;
  complain(explainEnd(readConfig().dataDirectory, language));
  stop(1);
}

async function start(signal: AbortSignal): Promise<Standalone> {
  checkAll([
    () => void readConfig(),
    () => void readTracingConfig(),
    ...services.map(
      ({ checkConfig }) =>
        () =>
          checkConfig?.(),
    ),
  ]);
  const config = readConfig();
  const listener = {
    onNote: (note: Note) => say(noteSentence(note, language)),
    onTrouble: (where: string, err: unknown) => log.warn({ where, err }, 'will be tried again'),
  };
  const standalone = await runStandalone(config, listener, undefined, signal);
  say(words.running);
  say(`  ${words.places.api}: ${standalone.url}/docs`);
  say(`  ${words.places.inbox}: ${standalone.url}/inbox`);
  say(`  ${words.places.data}: ${config.dataDirectory}`);
  const { url, setUpPath } = standalone;
  if (setUpPath !== undefined) say(`  ${words.places.first}: ${url}${setUpPath} (${words.once})`);
  return standalone;
}

/** A start that is under way is given up; it may never come to its end. */
async function end(starting: Promise<Standalone>, givingUp: AbortController, code: number): Promise<void> {
  say(words.stopping);
  setTimeout(() => endNow(words.stuck, 1), stopsWithinMs);
  givingUp.abort();
  const standalone = await starting.catch(() => undefined);
  await standalone?.stop();
  say(standalone ? words.stopped : words.givenUp);
  process.exit(code);
}

/** The database ends with this process, if only by recovering at the next start. */
function endNow(sentence: string, code: number): never {
  complain(sentence);
  process.exit(code);
}

main().catch((error: unknown) => {
  complain(explain(error, language));
  process.exit(1);
});
