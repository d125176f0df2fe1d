import { createServer } from 'node:net';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import type { Note } from '#platform/embedded-postgres/notes.js';
import type { StandaloneConfig } from './config.js';
import { addressFault } from './sentences.js';

/** Everything in one process, running. */
export interface Standalone {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Settles when the database has ended, also when nobody asked it to. */
  readonly databaseEnded: Promise<void>;
  /** Answers what is under way, stops the consumers, then the database. */
  stop(): Promise<void>;
}

/**
 * Starts the database and every service and returns when they answer. Throws `AddressFault` or
 * `EmbeddedPostgresFault`, and then leaves nothing running.
 */
export async function runStandalone(
  config: StandaloneConfig,
  report: (note: Note) => void,
): Promise<Standalone> {
  const postgres = await startEmbeddedPostgres({
    dataDirectory: config.dataDirectory,
    report,
    beforeStart: () => assertFree(config.host, config.port),
  });
  try {
    return await runServicesOn(config, postgres);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
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

async function runServicesOn(config: StandaloneConfig, postgres: EmbeddedPostgres): Promise<Standalone> {
  return {
    url: `http://${config.host}:${String(config.port)}`,
    databaseEnded: postgres.ended,
    stop: () => postgres.stop(),
  };
}
