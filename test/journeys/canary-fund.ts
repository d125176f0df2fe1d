import { expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import { password, Person } from '#apps/standalone/src/demo/people.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import { instantAfter } from '#kernel/instants.js';
import { systemClock } from '#platform/clock.js';
import { eventually } from '#testing/eventually.js';
import { Terminal } from '../terminal.js';
import { walkMs } from './asking.js';
import { canary, canaryPhone, plainCanary } from './canaries.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Personal text that says what it is, should it turn up somewhere. */
export const personal = (what: string): string => `${canary} ${what}`;
/** A mail address of the same. */
export const mailOf = (who: string): string => `${plainCanary}.${who}@example.org`;
/** Name, mail and phone of somebody. */
export const contactOf = (who: string) => ({ name: personal(who), email: mailOf(who), phone: canaryPhone });
/** An amount as the API takes it. */
export const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });

/** A request as anybody may send it. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `npm start` in a folder of its own, with a fund all of whose people and donors are canaries. */
export class CanaryFund {
  readonly folder = mkdtempSync(join(tmpdir(), 'mangnon-privacy-'));
  readonly today = dateInZone(systemClock.now().toISOString(), fundZone);
  /** What the process and the command line have said so far. */
  printed = '';
  terminal!: Terminal;
  url!: string;
  fundId!: string;
  administrator!: Person;
  accountant!: Person;
  approver!: Person;

  constructor() {
    // PostgreSQL's own user passes through when this is root.
    chmodSync(this.folder, 0o711);
    for (const name of ['tmp', 'home']) mkdirSync(join(this.folder, name));
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const own = { TMPDIR: join(this.folder, 'tmp'), HOME: join(this.folder, 'home') };
    this.terminal = new Terminal(this.folder, { ...own, ...environment });
    this.url = await this.terminal.address();
  }

  async stop(): Promise<void> {
    this.terminal.press('SIGINT');
    await this.terminal.ended();
    this.printed += this.terminal.output;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The first administrator opens the fund and hires the others. */
  async open(): Promise<void> {
    const link = new URL(await this.terminal.setupPath(), this.url).searchParams.get('link');
    const login = `${plainCanary}.quantri`;
    const first = { link, login, password, name: personal('quantri'), email: mailOf('quantri') };
    const session = await new Api(this.url).post<ConstructorParameters<typeof Person>[3]>('/v1/setup', first);
    this.administrator = new Person(this.url, systemClock, login, session);
    await this.administrator.enrol();
    const opened = await this.administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      code: 'LS',
      level: 'province',
      name: { vi: 'Quỹ thí dụ', en: 'Example fund' },
      decision: { number: '01/QĐ', date: '2008-06-01', issuer: 'UBND tỉnh' },
      openedOn: '2024-01-01',
      bankAccounts: [{ account: 'bank.1900000001' }],
    });
    this.fundId = opened.fundId;
    this.accountant = (await this.hire('ketoan', 'accountant')).person;
    this.approver = (await this.hire('giamdoc', 'approver')).person;
    await this.approver.enrol();
  }

  async hire(who: string, role: string): Promise<{ readonly person: Person; readonly staffId: string }> {
    const { api } = this.administrator;
    const login = `${plainCanary}.${who}`;
    const body = { fundId: this.fundId, login, ...contactOf(who) };
    const hired = await api.post<{ readonly staffId: string; readonly link: string }>('/v1/staff', body);
    const { staffId } = hired;
    await api.post(`/v1/staff/${staffId}/grants`, { role, fundId: this.fundId, from: this.today });
    const link = new URL(hired.link, this.url).searchParams.get('link');
    await new Api(this.url).post('/v1/resets/password', { link, password });
    return { staffId, person: new Person(this.url, systemClock, login) };
  }

  /** A token of the accountant, for requests that no proper client sends. */
  async token(): Promise<string> {
    const expiresAt = instantAfter(systemClock.now().toISOString(), 3_600_000);
    const { api } = this.accountant;
    return (await api.post<{ readonly secret: string }>('/v1/tokens', { label: 'journey', expiresAt }))
      .secret;
  }

  /** The status that a request is answered with. */
  async send(method: string, path: string, { headers = {}, body }: Sent = {}): Promise<number> {
    const request = { method, headers, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(`${this.url}${path}`, request);
    await answer.arrayBuffer();
    return answer.status;
  }

  async record(donation: object): Promise<string> {
    const { fundId, today } = this;
    const body = { fundId, method: 'cash', amount: vnd(500_000), receivedOn: today, ...donation };
    const { api } = this.accountant;
    return (await api.post<{ readonly donationId: string }>('/v1/donations', body)).donationId;
  }

  /** Waits for the donation's newest receipt to stand like this. */
  async receipted(donationId: string, like: object): Promise<ReceiptView> {
    const path = `/v1/receipts?fund=${this.fundId}&donation=${donationId}`;
    return eventually(async () => {
      const receipts = await everyItem<ReceiptView>(this.accountant.api, path);
      const newest = receipts.toSorted((a, b) => (a.number < b.number ? 1 : -1))[0];
      expect(newest).toMatchObject(like);
      return newest!;
    }, walkMs);
  }

  /** What `mangnon` writes; throws where it fails. */
  mangnon(...flags: readonly string[]): string {
    const command = ['bin/mangnon.js', ...flags, '--data-dir', join(this.folder, 'data')];
    const options = { cwd: repository, encoding: 'utf8', maxBuffer: 200_000_000 } as const;
    const { stdout, stderr, status } = spawnSync(process.execPath, command, options);
    this.printed += stderr;
    if (status !== 0) throw new Error(`${flags.join(' ')} ended with ${String(status)}: ${stderr}`);
    return stdout;
  }

  /** Urls of the superuser while it runs. */
  databases(): { readonly url: string; readonly vaultUrl: string } {
    const text = readFileSync(join(this.folder, 'data', 'connection.json'), 'utf8');
    return JSON.parse(text) as { url: string; vaultUrl: string };
  }
}

/** Runs statements as the server's superuser. */
export async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
