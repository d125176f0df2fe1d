import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import { createPool, type Database } from '#postgres/pool.js';
import type { TestDatabase } from '#testing/postgres.js';
import { noteServer } from './server.js';

/** A database with an event log. */
export interface LogDatabase {
  readonly url: string;
  /** With the rights of the owner; no statement of it is cut off. */
  readonly database: Database;
  close(): Promise<void>;
}

/** The embedded PostgreSQL as the default run starts it, durable, in a temporary folder. */
export class Engine {
  #made = 0;

  private constructor(
    private readonly folder: string,
    readonly postgres: EmbeddedPostgres,
  ) {}

  static async start(): Promise<Engine> {
    const folder = mkdtempSync(join(tmpdir(), 'mangnon-bench-'));
    // PostgreSQL's own user passes through when this is root.
    chmodSync(folder, 0o711);
    try {
      return new Engine(folder, await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') }));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A fresh database with nothing in it. */
  async database(): Promise<TestDatabase> {
    this.#made += 1;
    const name = `bench_${String(this.#made)}`;
    await this.#administer(`CREATE DATABASE ${name}`);
    return {
      url: this.postgres.url.replace(/[^/]+$/, name),
      drop: () => this.#administer(`DROP DATABASE ${name} WITH (FORCE)`),
    };
  }

  /** A fresh database with an empty log; closing it removes it. */
  async log(): Promise<LogDatabase> {
    const { url, drop } = await this.database();
    const database = createPool(url, { name: 'bench', connectionsMax: 4, statementTimeoutMs: 0 });
    await migrateEventStore(database);
    await noteServer(database);
    return {
      url,
      database,
      close: async () => {
        await database.end();
        await drop();
      },
    };
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #administer(statement: string): Promise<void> {
    const pool = createPool(this.postgres.url, { name: 'bench', connectionsMax: 1, statementTimeoutMs: 0 });
    await pool.query(statement).finally(() => pool.end());
  }
}
