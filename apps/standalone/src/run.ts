import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { setUpPath } from '#apps/access/src/access.module.js';
import { edgeGuards, prepareGateway } from '#apps/gateway/src/gateway.module.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import type { Note } from '#platform/embedded-postgres/notes.js';
import type { Story } from '#platform/clock.js';
import { failPointsOf } from '#platform/fail-points.js';
import { urlOf } from '#platform/http/url-of.js';
import { openTracing } from '#platform/tracing/open-tracing.js';
import { runServices } from '#platform/run-services.js';
import type { StandaloneConfig } from './config.js';
import { addressFault } from './sentences.js';
import { services } from './standalone.module.js';

/** Everything in one process, running. */
export interface Standalone {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Path of the page that makes the first administrator, for whoever reads the console; undefined once there is one. */
  readonly setUpPath: string | undefined;
  /** Settles when the database has ended, also when nobody asked it to. */
  readonly databaseEnded: Promise<void>;
  /** Answers what is under way, stops the consumers, then the database; takes 10 s at most beside the database. */
  stop(): Promise<void>;
}

/** Who wants to know what happens while it runs. */
export interface Listener {
  /** What the database did that somebody should know. */
  readonly onNote: (note: Note) => void;
  /** A failure in the background that is being retried. */
  readonly onTrouble: (where: string, cause: unknown) => void;
}

/** How long requests and consumers may take to finish when it stops. */
const drainWithinMs = 10_000;

/**
 * Starts the database and every service and returns when they answer. Throws `AddressFault`, `EmbeddedPostgresFault`, or
 * the reason of a signal that gives the start up, and then leaves no database running. Only the demo brings a story.
 */
export async function runStandalone(
  config: StandaloneConfig,
  listener: Listener,
  story?: Story,
  signal?: AbortSignal,
): Promise<Standalone> {
  const postgres = await startEmbeddedPostgres({
    dataDirectory: config.dataDirectory,
    report: listener.onNote,
    beforeStart: () => assertFree(config.host, config.port),
    signal,
  });
  try {
    return await unlessGivenUp(runServicesOn(config, postgres, listener, story), signal);
  } catch (error) {
    await postgres.stop();
    throw addressFault(error, `${config.host}:${String(config.port)}`) ?? error;
  }
}

/** What has not come up when the signal comes is left to fail for want of its database, or stopped if it does come up. */
async function unlessGivenUp(starting: Promise<Standalone>, signal?: AbortSignal): Promise<Standalone> {
  if (!signal) return starting;
  let giveUp = (): void => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      starting.then((standalone) => standalone.stop()).catch(() => undefined);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
  });
  if (signal.aborted) giveUp();
  return Promise.race([starting, givenUp]).finally(() => signal.removeEventListener('abort', giveUp));
}

/** Told before anything is started, because making a data directory takes longer than looking. */
async function assertFree(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    throw addressFault(error, `${host}:${String(port)}`) ?? error;
  }
  await new Promise((resolve) => probe.close(resolve));
}

async function runServicesOn(
  config: StandaloneConfig,
  postgres: EmbeddedPostgres,
  { onTrouble }: Listener,
  story?: Story,
): Promise<Standalone> {
  const tracing = await openTracing('mangnon');
  const { postingLagMsMax } = config;
  const running = await runServices(services, {
    databaseUrl: postgres.url,
    vaultUrl: postgres.vaultUrl,
    keysDirectory: config.keysDirectory,
    host: config.host,
    port: config.port,
    trustedProxies: config.trustedProxies,
    edgeGuards,
    prepare: prepareGateway,
    ...(story ? { story } : postingLagMsMax && { postingLagMsMax }),
    failPoints: failPointsOf(config.failPoint),
    onTrouble,
  });
  return {
    url: urlOf(config.host, running.port),
    setUpPath: await setUpPath(running.app),
    databaseEnded: postgres.ended,
    stop: async () => {
      postgres.leave();
      await Promise.race([running.stop(), delay(drainWithinMs, undefined, { ref: false })]);
      await postgres.stop();
      await tracing.close();
    },
  };
}
