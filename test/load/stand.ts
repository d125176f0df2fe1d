import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool, type Database } from '#postgres/pool.js';
import type { Site } from '../faults/site.js';
import { Terminal } from '../terminal.js';
import type { Watched } from './processes.js';
import { noteServer } from './server.js';
import type { Office, Standing } from './standing.js';

/** How a stand is started. */
export interface StandOptions {
  /** Folder for profiles of the processor and of SQL. */
  readonly profile?: string | undefined;
  /** Whether PostgreSQL counts statements, which costs it a little. */
  readonly countsStatements?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Node, before the program. */
  readonly flags?: readonly string[];
  /** Of PostgreSQL, beside its own. */
  readonly settings?: Readonly<Record<string, string>>;
}

const program = 'dist/apps/standalone/src/main.js';
/** What `npm start` gives Node: fewer collections of what lives for a request only. */
const asStarted = ['--max-semi-space-size=32'];

/** The default run, as `npm start` starts it, on a copy of the data directory of a fund that was just opened. */
export class Stand implements Standing {
  private constructor(
    readonly site: Site,
    /** Holds `data` and `keys`. */
    readonly folder: string,
    private readonly terminal: Terminal,
    /** Asks the database beside the services. */
    readonly database: Database,
    private readonly profile: string | undefined,
  ) {}

  /** Starts one and waits until it answers. */
  static async start(site: Site, options: StandOptions = {}): Promise<Stand> {
    const { profile, countsStatements = profile !== undefined, settings = {} } = options;
    const folder = site.copy();
    configure(folder, { ...(countsStatements && countingStatements), ...settings });
    if (profile !== undefined) mkdirSync(profile, { recursive: true });
    const stand = await Stand.on(site, folder, options);
    if (countsStatements) await stand.database.query('CREATE EXTENSION pg_stat_statements');
    return stand;
  }

  /** Starts one where another has stopped. */
  static async on(site: Site, folder: string, options: StandOptions = {}): Promise<Stand> {
    const { profile, environment = {}, flags = [] } = options;
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const typed = { command: process.execPath, flags: [...asStarted, ...profiling, ...flags, program] };
    const terminal = new Terminal(folder, { PORT: String(site.port), ...environment }, typed);
    await terminal.address();
    const { url } = JSON.parse(readFileSync(join(folder, 'data/connection.json'), 'utf8')) as { url: string };
    const database = createPool(url, { name: 'bench', connectionsMax: 2, statementTimeoutMs: 0 });
    await noteServer(database);
    return new Stand(site, folder, terminal, database, profile);
  }

  get dataDirectory(): string {
    return join(this.folder, 'data');
  }

  get url(): string {
    return this.site.url;
  }

  get office(): Office {
    return this.site;
  }

  get services(): Watched {
    return { name: 'services', pids: [this.terminal.pid] };
  }

  /** The processes that count: services, PostgreSQL, and whoever asks. */
  get processes(): readonly Watched[] {
    const [postmaster] = readFileSync(join(this.dataDirectory, 'postgres/postmaster.pid'), 'utf8').split(
      '\n',
      1,
    );
    return [
      this.services,
      { name: 'postgresql', pids: [Number(postmaster)], withChildren: true },
      { name: 'load', pids: [process.pid] },
    ];
  }

  /** How many statements PostgreSQL has been asked for, where it counts them. */
  async statements(): Promise<number> {
    const { rows } = await this.database.query<{ readonly calls: string }>(
      'SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements',
    );
    return Number(rows[0]?.calls ?? 0);
  }

  /** Ends the services; the folder stays, for whoever reads it. */
  async stop(): Promise<void> {
    if (this.profile !== undefined) await this.#writeStatements(this.profile);
    await this.database.end();
    this.terminal.press('SIGINT');
    await this.terminal.ended();
  }

  /** Removes the folder of a stand that was stopped. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #writeStatements(profile: string): Promise<void> {
    const { rows } = await this.database.query<{ readonly line: string }>(
      `SELECT format('%10s ms %9s calls %10s rows  %s', round(total_exec_time), calls, rows,
         left(regexp_replace(query, '\\s+', ' ', 'g'), 300)) AS line
       FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 80`,
    );
    const text = `${rows.map(({ line }) => line).join('\n')}\n`;
    writeFileSync(join(profile, `statements-${String(this.terminal.pid)}.txt`), text);
  }
}

const countingStatements = { shared_preload_libraries: 'pg_stat_statements', track_io_timing: 'on' };

/** PostgreSQL reads this file after its own settings. */
function configure(folder: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(folder, 'data/postgres/postgresql.auto.conf'), lines.join(''));
}
