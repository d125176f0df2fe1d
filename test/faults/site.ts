import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '#apps/standalone/src/demo/api.js';
import {
  firstAdministrator,
  hire,
  password,
  type People,
  type Person,
} from '#apps/standalone/src/demo/people.js';
import { systemClock } from '#platform/clock.js';
import { build, Terminal } from '../terminal.js';

/** Somebody of the fund, signed in for as long as a fault may take. */
export interface Somebody {
  readonly staffId: string;
  readonly secret: string;
}

/** Who asks for things while faults strike. */
export type Who = 'administrator' | 'accountant' | 'cashier' | 'approver';

/** Where donations by bank come in, and what the accounts whose statements are imported begin with. */
export const accounts = { bank: 'bank.1900000001', statement: 'bank.1900000002' } as const;

/** A fund as whoever works for it sees it. */
export interface AskedSite {
  readonly url: string;
  readonly fundId: string;
  readonly people: Readonly<Record<Who, Somebody>>;
}

/** Signs everybody in at the API, for as long as a session lasts. */
export async function everybody(url: string, people: People): Promise<AskedSite['people']> {
  return {
    administrator: await signIn(url, people.administrator),
    accountant: await signIn(url, people.accountant),
    cashier: await signIn(url, people.cashier),
    approver: await signIn(url, people.approver),
  };
}

/** A session of its own at the API of this address. */
export async function signIn(url: string, person: Person): Promise<Somebody> {
  const { staffId } = await person.api.get<{ readonly staffId: string }>('/v1/me');
  const code = person.code();
  const asked = { login: person.login, password, ...(code === '' ? {} : { code }) };
  const { secret } = await new Api(url).post<{ readonly secret: string }>('/v1/sessions', asked);
  return { staffId, secret };
}

const program = { command: process.execPath, flags: ['dist/apps/standalone/src/main.js'] };
/** Below the ports that systems give to whoever asks for any, so that nobody takes it while a process is away. */
const firstPort = 20_000;

/**
 * A fund that was opened once, with the people who work for it, on a data directory that every fault gets a copy of. All
 * processes take the same port, as one that is started again does.
 */
export class Site {
  people!: Readonly<Record<Who, Somebody>>;
  fundId!: string;
  /** Today where the fund is. */
  readonly folder: string;
  #copies = 0;

  private constructor(
    readonly port: number,
    /** Where returned mails are listened for. */
    readonly bouncesPort: number,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'mangnon-faults-'));
    // PostgreSQL's own user passes through when this is root.
    chmodSync(this.folder, 0o711);
  }

  static async open(): Promise<Site> {
    build();
    const port = await freePort(firstPort + (process.pid % 10_000));
    const site = new Site(port, await freePort(port + 1));
    try {
      await site.#settleIn();
      return site;
    } catch (error) {
      site.close();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** A process on a data directory. */
  start(folder: string, environment: Readonly<Record<string, string>> = {}): Terminal {
    return new Terminal(folder, { PORT: String(this.port), ...environment }, program);
  }

  /** A copy of data and keys in a folder of their own, below `parent` if it is given. */
  copy(parent = this.folder): string {
    this.#copies += 1;
    const folder = join(parent, String(this.#copies));
    mkdirSync(folder, { mode: 0o711 });
    for (const part of ['data', 'keys']) copied(join(this.folder, 'first', part), join(folder, part));
    return folder;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #settleIn(): Promise<void> {
    const folder = join(this.folder, 'first');
    mkdirSync(folder, { mode: 0o711 });
    const terminal = this.start(folder);
    try {
      await terminal.address();
      const administrator = await firstAdministrator(this.url, systemClock, await terminal.setupPath());
      const opened = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', fund);
      this.fundId = opened.fundId;
      const hired = await hire(administrator, this.url, systemClock, this.fundId, fund.openedOn);
      this.people = await everybody(this.url, hired);
    } finally {
      terminal.press('SIGINT');
      await terminal.ended();
    }
  }
}

const fund = {
  code: 'LS',
  level: 'province',
  name: { vi: 'Quỹ Bảo trợ trẻ em (giả định)', en: 'Child Protection Fund (made up)' },
  decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
  openedOn: '2024-01-01',
  bankAccounts: [{ account: accounts.bank }],
} as const;

/** With owners and rights, which PostgreSQL looks at. */
function copied(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

async function freePort(from: number): Promise<number> {
  for (let port = from; ; port += 1) if (await isFree(port)) return port;
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((told) => {
    probe.once('error', () => told(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => told(true)));
  });
}
