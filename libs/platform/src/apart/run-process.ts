import { pino } from 'pino';
import { storeTrouble } from '#event-store/kurrentdb/store-trouble.js';
import { kafkaTrouble } from '#messaging/kafka-trouble.js';
import { isTurnedAway } from '#postgres/pool.js';
import { ConfigRefused } from '../config-refused.js';

/** A process that answers, and how it is ended. */
export interface Running {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Answers on for a while, and sends everybody elsewhere; where it is absent nobody else is there to take over. */
  readonly drain?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Answers what is under way, hands its work back, lets go of connections. */
  stop(): Promise<void>;
}

/** Told of what goes wrong in the background and is tried again. */
export type OnTrouble = (where: string, cause: unknown) => void;

/** How long a stop may take before the process ends all the same, in milliseconds. */
export const stopsWithinMs = 20_000;

/**
 * Runs one service as a process: says where it answers, stops cleanly on SIGINT, on SIGTERM once it is drained, and ends with
 * 1 and one sentence where it cannot start. The signal gives up a start that waits for something. Logs are JSON lines on the
 * standard error.
 */
export function runProcess(
  name: string,
  start: (onTrouble: OnTrouble, signal: AbortSignal) => Promise<Running>,
): void {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  const log = pino({ name: `mangnon-${name}` }, pino.destination(2));
  const givingUp = new AbortController();
  const onTrouble: OnTrouble = (where, err) => log.warn({ where, err }, 'will be tried again');
  const starting = start(onTrouble, givingUp.signal);
  const inHaste = new AbortController();
  let [stopping, code] = [false, 0];
  const endingLate = (): NodeJS.Timeout => setTimeout(() => process.exit(code || 1), stopsWithinMs).unref();
  /** Whoever does not want it drained also ends a draining that is under way. */
  const stop = (because: number, isDrained = false): void => {
    code ||= because;
    if (!isDrained) inHaste.abort();
    if (stopping) return;
    stopping = true;
    givingUp.abort();
    const ended = async (): Promise<void> => {
      const startsLate = endingLate();
      const running = await starting.catch(() => undefined);
      clearTimeout(startsLate);
      await running?.drain?.(inHaste.signal);
      endingLate();
      await running?.stop();
    };
    ended().then(
      () => process.exit(code),
      (err: unknown) => {
        log.error({ err }, 'not stopped cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  process.on('SIGTERM', () => stop(0, true));
  process.on('uncaughtException', (err) => {
    log.error({ err }, 'stopping');
    stop(1);
  });
  starting.then(
    ({ url }) => void process.stdout.write(`${name}: ${url}\n`),
    (error: unknown) => {
      if (stopping) return;
      process.stderr.write(`${sentenceOf(name, error)}\n`);
      process.exit(1);
    },
  );
}

/** Errors whose message is the sentence for whoever starts it; so is a database's that does not let it in. */
const speakForThemselves = new Set([
  'MigrationRefused',
  'KeyProblem',
  'TopicMismatch',
  'StoryDataRefused',
  'EventsElsewhere',
  'LogNotWhole',
]);

/** Also of one who lacks a right to a file or a folder, which the message names. */
function speaksForItself(error: Error): boolean {
  const lacksRight = 'code' in error && error.code === 'EACCES';
  return speakForThemselves.has(error.name) || isTurnedAway(error) || lacksRight;
}

function sentenceOf(name: string, error: unknown): string {
  if (error instanceof ConfigRefused)
    return [`${name} is not set up right:`, ...error.faults.map((fault) => `  ${fault}`)].join('\n');
  if (!(error instanceof Error)) return `${name} does not start: ${String(error)}`;
  if (speaksForItself(error)) return `${name} does not start: ${error.message}`;
  const trouble = kafkaTrouble(error) ?? storeTrouble(error);
  if (trouble) return `${name} does not start: ${trouble.sentence}`;
  return `${name} does not start: ${error.stack ?? error.message}`;
}
