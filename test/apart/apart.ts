import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayedServices } from '#apps/cli/src/registry.js';
import { firstAdministrator, hire, type People } from '#apps/standalone/src/demo/people.js';
import { topics } from '#contracts/topics.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { systemClock } from '#platform/clock.js';
import { loadSigner } from '#platform/keys/key-pairs.js';
import { addressFor, makeUsers } from '#testing/database-users.js';
import { eventually } from '#testing/eventually.js';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { build, Terminal } from '../terminal.js';

/** Services in the order in which they are started. */
export const serviceNames = ['access', 'ledger', 'donations', 'receipts', 'gateway'] as const;

/** One of them. */
export type ServiceName = (typeof serviceNames)[number];

/** How long everything together may take to start, building included. */
export const startMs = 300_000;

/** How long a process may take until it is ready, and a message its way, on a busy machine. */
const readyMs = { withinMs: 90_000, everyMs: 100 };

/** What the services run on. */
export interface ApartEngines {
  readonly kafka: KafkaCluster;
  readonly books: { readonly url: string };
  readonly vault: { readonly url: string };
  close(): Promise<void>;
}

/** How they are started; every part has a usual one. */
export interface ApartOptions {
  /** Starts the engines in a folder; one broker and two databases of the run's PostgreSQL when absent. */
  readonly engines?: (folder: string) => Promise<ApartEngines>;
  /** Makes the usual engines' databases; the run's when absent. */
  readonly database?: () => Promise<TestDatabase>;
  /** The file in which processes look for the fail-point at which they are to die, by the folder of everything. */
  readonly failPointIn?: (folder: string) => string;
  /** Settings of one service, which go before those of all. */
  readonly environmentOf?: (name: ServiceName, engines: ApartEngines) => Readonly<Record<string, string>>;
}

async function usualEngines(folder: string, database: () => Promise<TestDatabase>): Promise<ApartEngines> {
  const kafka = await startKafka({ directory: join(folder, 'kafka'), brokers: 1 });
  const [books, vault] = [await database(), await database()];
  const close = async (): Promise<void> => {
    await kafka.stop();
    await books.drop();
    await vault.drop();
  };
  return { kafka, books, vault, close };
}

/** Each service as a process and a user of PostgreSQL of its own, over a real Kafka, and a fund `LS` in them. */
export class Apart {
  people!: People;
  fundId!: string;
  readonly #processes = new Map<string, Terminal>();
  readonly #ports = new Map<ServiceName, number>();

  private constructor(
    readonly engines: ApartEngines,
    readonly folder: string,
    private readonly options: ApartOptions & { readonly environment: Readonly<Record<string, string>> },
  ) {}

  /** Starts the engines and every service with these settings beside, opens the fund and hires its people. */
  static async open(
    environment: Readonly<Record<string, string>> = {},
    options: ApartOptions = {},
  ): Promise<Apart> {
    build();
    const folder = mkdtempSync(join(tmpdir(), 'mangnon-apart-'));
    // PostgreSQL's own user passes through when this is root.
    chmodSync(folder, 0o711);
    const { engines = (into: string) => usualEngines(into, options.database ?? testDatabase) } = options;
    const apart = new Apart(await engines(folder), folder, { environment, ...options });
    try {
      const { books, vault } = apart;
      await makeUsers({ databaseUrl: books.url, vaultUrl: vault.url, services: replayedServices });
      // As the gateway makes it where it starts first; here all start at once.
      await loadSigner(join(folder, 'keys'), 'gateway');
      await applyTopics(openKafka(apart.kafkaConfig), topics);
      for (const name of serviceNames) apart.#ports.set(name, await freePort());
      for (const name of serviceNames) apart.start(name);
      await apart.ready();
      await apart.#settleIn();
      return apart;
    } catch (error) {
      const said = serviceNames.map((name) => `${name}: ${apart.said(name)}`).join('\n');
      await apart.close();
      throw new Error(`not started\n${said}`, { cause: error });
    }
  }

  get kafka(): KafkaCluster {
    return this.engines.kafka;
  }

  get books(): ApartEngines['books'] {
    return this.engines.books;
  }

  get vault(): ApartEngines['vault'] {
    return this.engines.vault;
  }

  get url(): string {
    return this.urlOf('gateway');
  }

  /** Today where the fund is. */
  get today(): string {
    return dateInZone(new Date().toISOString(), fundZone);
  }

  urlOf(name: ServiceName): string {
    return `http://127.0.0.1:${String(this.#ports.get(name))}`;
  }

  /** Starts a service, or one more of it under another name, which then takes any port. */
  start(name: ServiceName, as: string = name, environment: Readonly<Record<string, string>> = {}): Terminal {
    const port = as === name ? String(this.#ports.get(name)) : '0';
    const flags = [`dist/apps/${name}/src/main.js`];
    const own = this.options.environmentOf?.(name, this.engines);
    const env = { ...this.#environment, ...this.#databasesOf(name), ...own, PORT: port, ...environment };
    const process_ = new Terminal(this.folder, env, { command: process.execPath, flags });
    this.#processes.set(as, process_);
    return process_;
  }

  /** Process number of a service, or of another one by its name. */
  pidOf(as: string): number {
    const process_ = this.#processes.get(as);
    if (!process_) throw new Error(`${as} was not started`);
    return process_.pid;
  }

  /** The books as an auditor comes to them, who has no way into the vault. */
  get audited(): Pick<Apart, 'vault'> & { readonly database: { readonly url: string } } {
    const { books, vault } = this;
    return { database: { ...books, url: addressFor('mangnon_auditor', books.url) }, vault };
  }

  /** Whether a process was started and has not ended. */
  isRunning(as: string): boolean {
    const process_ = this.#processes.get(as);
    return process_ !== undefined && process_.exit === undefined;
  }

  /** What a process has printed. */
  said(as: string): string {
    return this.#processes.get(as)?.output ?? '';
  }

  /** Sends a signal to a process and, where that ends it, waits for its end. */
  async signal(as: string, signal: NodeJS.Signals): Promise<void> {
    const process_ = this.#processes.get(as);
    process_?.press(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await process_?.ended();
  }

  /** Waits until these services are ready. */
  async ready(names: readonly ServiceName[] = serviceNames): Promise<void> {
    for (const name of names)
      await eventually(async () => {
        const answer = await fetch(`${this.urlOf(name)}/health/ready`);
        const told = await answer.text();
        const isWhole = name !== 'gateway' || told.includes('"unknown":[]');
        if (answer.status !== 200 || !isWhole) throw new Error(`${name}: ${told}`);
      }, readyMs);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#processes.values()].map(async (process_) => {
        process_.press('SIGCONT');
        process_.press('SIGTERM');
        await process_.ended();
      }),
    );
    await this.engines.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** How tests reach the brokers. */
  get kafkaConfig(): KafkaConfig {
    return { brokers: this.kafka.addresses, clientId: 'mangnon-tests' };
  }

  get #environment(): Readonly<Record<string, string>> {
    const urls = Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_URL`, this.urlOf(name)]),
    );
    return {
      ...urls,
      KAFKA_BROKERS: this.kafka.addresses.join(','),
      MANGNON_KEYS_DIR: join(this.folder, 'keys'),
      MANGNON_FAIL_POINT: this.options.failPointIn?.(this.folder) ?? '',
      ...this.options.environment,
    };
  }

  #databasesOf(name: ServiceName): Readonly<Record<string, string>> {
    if (name === 'gateway') return {};
    const user = `mangnon_${name}`;
    return {
      MANGNON_DATABASE_URL: addressFor(user, this.books.url),
      MANGNON_VAULT_URL: addressFor(user, this.vault.url),
    };
  }

  async #settleIn(): Promise<void> {
    const [, link = ''] = /(\/setup\?link=\S+)/.exec(this.said('access')) ?? [];
    const administrator = await firstAdministrator(this.url, systemClock, link);
    const opened = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      code: 'LS',
      level: 'province',
      name: { vi: 'Quỹ Bảo trợ trẻ em (giả định)', en: 'Child Protection Fund (made up)' },
      decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2024-01-01',
      bankAccounts: [{ account: 'bank.1900000001' }],
    });
    this.fundId = opened.fundId;
    await eventually(async () => {
      this.people = await hire(administrator, this.url, systemClock, this.fundId, this.today);
    }, readyMs);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
