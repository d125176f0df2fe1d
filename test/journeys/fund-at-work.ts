import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetUp } from '#apps/access/src/in/set-up.js';
import { runGateway } from '#apps/gateway/src/apart/run.js';
import { edgeGuards, gatewayService, prepareGateway } from '#apps/gateway/src/gateway.module.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { firstAdministrator, hire, password, Person, type People } from '#apps/standalone/src/demo/people.js';
import { StoryClock } from '#apps/standalone/src/demo/story-clock.js';
import { services as everyService } from '#apps/standalone/src/standalone.module.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import type { Role } from '#kernel/roles.js';
import type { Running } from '#platform/apart/run-process.js';
import { describeToGateway } from '#platform/doors/doors.module.js';
import { gatewayName, loadSigner } from '#platform/keys/key-pairs.js';
import { runServices, type RunningServices } from '#platform/run-services.js';
import type { Service } from '#platform/service.js';
import { eventually } from '#testing/eventually.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { emptyBooks, emptyVault } from './made-databases.js';

/** How a journey begins. */
export interface Beginning {
  /** The story's first moment (RFC 3339); a Monday morning of March 2025 when absent. */
  readonly begin?: string;
  /** Every service of the default run when absent. */
  readonly services?: readonly Service[];
  /** What the fund is opened with beside its name. */
  readonly fund?: object;
  /** How the services reach the database of the books, and then the vault's; straight when absent. */
  readonly reach?: (url: string) => Promise<string>;
  /** Whether the gateway runs apart from the other services and asks them over HTTP; in one process with them when absent. */
  readonly gatewayApart?: true;
  /** How long a donation may wait to be posted before no further ones are taken; for ever when absent. */
  readonly postingLagMsMax?: number;
}

const usually = { begin: '2025-03-10T09:00:00+07:00', fund: {}, gatewayApart: false };

/** Every service, but the gateway where that runs apart. */
function servicesOf(gatewayApart: boolean): readonly Service[] {
  return everyService.filter((service) => !gatewayApart || service !== gatewayService);
}

/** Where it receives by bank transfer. */
export const bank = 'bank.1900000001';

/** A further person of the fund. */
export interface Colleague {
  readonly staffId: string;
  readonly person: Person;
}

/** An amount of VND as the API takes it. */
export const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });

/**
 * Every service in one process on real engines of its own, a fund `LS`, and the people who work for it. The services
 * can be stopped and started again on the same engines and keys.
 */
export class FundAtWork {
  clock: StoryClock;
  people!: People;
  fundId!: string;
  #running!: RunningServices;
  #gateway: Running | undefined;
  #postingLagMsMax = Infinity;

  private constructor(
    readonly database: TestDatabase,
    readonly vault: TestDatabase,
    private readonly keysDirectory: string,
    private services: readonly Service[],
    begin: string,
  ) {
    this.clock = new StoryClock(begin);
  }

  static async open(beginning: Beginning = {}): Promise<FundAtWork> {
    const { begin, fund, gatewayApart, services } = { ...usually, ...beginning };
    const keys = await mkdtemp(join(tmpdir(), 'mangnon-keys-'));
    const reached = async (database: TestDatabase): Promise<TestDatabase> => ({
      drop: () => database.drop(),
      url: (await beginning.reach?.(database.url)) ?? database.url,
    });
    // Services that a test has changed make their own tables.
    const books = await reached(await testDatabase(services ? undefined : emptyBooks));
    const vault = await reached(await testDatabase(emptyVault));
    const work = new FundAtWork(books, vault, keys, services ?? servicesOf(gatewayApart), begin);
    work.#postingLagMsMax = beginning.postingLagMsMax ?? Infinity;
    try {
      if (gatewayApart) await loadSigner(keys, gatewayName);
      await work.start();
      if (gatewayApart) await work.#startGateway();
      await work.#settleIn(fund, begin.slice(0, 10));
    } catch (error) {
      await work.close();
      throw error;
    }
    return work;
  }

  /** Folder of the keys. */
  get keys(): string {
    return this.keysDirectory;
  }

  get running(): RunningServices {
    return this.#running;
  }

  /** Where people and programs find the fund. */
  get url(): string {
    return this.#gateway?.url ?? this.servicesUrl;
  }

  get servicesUrl(): string {
    return `http://127.0.0.1:${String(this.#running.port)}`;
  }

  /** Today where the fund is. */
  get today(): string {
    return dateInZone(this.clock.now().toISOString(), fundZone);
  }

  /** Registers one more person, with roles from today on. */
  async join(login: string, roles: readonly Role[], fundId = this.fundId): Promise<Colleague> {
    const { api } = this.people.administrator;
    const { staffId, link } = await api.post<{ readonly staffId: string; readonly link: string }>(
      '/v1/staff',
      { fundId, login, name: `Bà ${login} (giả định)`, email: `${login}@example.org` },
    );
    for (const role of roles)
      await api.post(`/v1/staff/${staffId}/grants`, { role, fundId, from: this.today });
    return { staffId, person: await this.#withPassword(login, link) };
  }

  /** Opens a further account of the same person. */
  async secondAccount({ staffId }: Colleague, login: string): Promise<Person> {
    const { api } = this.people.administrator;
    const accounts = `/v1/staff/${staffId}/accounts`;
    const { accountId } = await api.post<{ readonly accountId: string }>(accounts, { login });
    const { link } = await api.post<{ readonly link: string }>(`${accounts}/${accountId}/link`);
    return this.#withPassword(login, link);
  }

  /** Starts the services, on the port that they had before. */
  async start(services = this.services): Promise<void> {
    this.services = services;
    // Undefined before the first start, whatever the type says.
    this.#running = await this.#run((this.#running as RunningServices | undefined)?.port ?? 0);
  }

  /** Stops them and starts them on machines whose clocks were set to the instant meanwhile, be it one that is past. */
  async startAt(instant: string): Promise<void> {
    await this.stop();
    this.clock = new StoryClock(instant);
    await this.start();
  }

  /** The same services once more on the same engines, as another process would run them; whoever asks stops them. */
  beside(services = this.services): Promise<RunningServices> {
    return this.#run(0, services);
  }

  #run(port: number, services = this.services): Promise<RunningServices> {
    return runServices(services, {
      databaseUrl: this.database.url,
      vaultUrl: this.vault.url,
      keysDirectory: this.keysDirectory,
      host: '127.0.0.1',
      port,
      ...(services.includes(gatewayService)
        ? { edgeGuards, prepare: prepareGateway }
        : { behindGateway: true, prepare: async (app) => describeToGateway(app) }),
      story: this.clock,
      postingLagMsMax: this.#postingLagMsMax,
      onTrouble: () => undefined,
    });
  }

  /** Stops the services; the engines and keys stay. */
  stop(): Promise<void> {
    return this.#running.stop();
  }

  async close(): Promise<void> {
    await this.#gateway?.stop();
    await (this.#running as RunningServices | undefined)?.stop();
    await this.database.drop();
    await this.vault.drop();
    await rm(this.keysDirectory, { recursive: true });
  }

  async #startGateway(): Promise<void> {
    const { servicesUrl: url, keysDirectory } = this;
    const services = { access: url, donations: url, ledger: url, receipts: url };
    const config = { host: '127.0.0.1', port: 0, trustedProxies: [], services, keysDirectory };
    const { clock } = this;
    this.#gateway = await runGateway(config, () => undefined, { now: () => clock.now() });
    await eventually(async () => {
      const answer = await fetch(`${this.url}/health/ready`);
      const { unknown } = (await answer.json()) as { readonly unknown: readonly string[] };
      if (unknown.length > 0) throw new Error(`the gateway does not know ${unknown.join()} yet`);
    });
  }

  async #withPassword(login: string, link: string): Promise<Person> {
    const secret = new URL(link, this.url).searchParams.get('link');
    await new Api(this.url).post('/v1/resets/password', { link: secret, password });
    return new Person(this.url, this.clock, login);
  }

  async #settleIn(fund: object, today: string): Promise<void> {
    const setUpPath = (await this.#running.app.get(SetUp, { strict: false }).linkAtBoot()) ?? '';
    const administrator = await firstAdministrator(this.url, this.clock, setUpPath);
    const opened = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      code: 'LS',
      level: 'province',
      name: { vi: 'Quỹ Bảo trợ trẻ em (giả định)', en: 'Child Protection Fund (made up)' },
      decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2024-01-01',
      bankAccounts: [{ account: bank }],
      ...fund,
    });
    this.fundId = opened.fundId;
    this.people = await hire(administrator, this.url, this.clock, this.fundId, today);
  }
}
