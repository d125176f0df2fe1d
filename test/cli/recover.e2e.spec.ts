import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Api } from '#apps/standalone/src/demo/api.js';
import { eventually } from '#testing/eventually.js';
import { build, Terminal } from '../terminal.js';

const password = 'mang non dem trang 2025';
const folder = mkdtempSync(join(tmpdir(), 'mangnon-recover-'));
const data = join(folder, 'data');
const keys = join(folder, 'keys');

let terminal: Terminal | undefined;
let address: string;
let administrator: Api;

interface Session {
  readonly secret: string;
  readonly secondFactor: string;
}

async function start(): Promise<void> {
  const opened = new Terminal(folder);
  terminal = opened;
  address = await opened.address();
}

async function stop(): Promise<void> {
  terminal?.press('SIGINT');
  await terminal?.ended();
}

async function mangnon(...argv: readonly string[]) {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANGNON_DATA_DIR: data, MANGNON_KEYS_DIR: keys };
  const child = spawn(process.execPath, ['bin/mangnon.js', ...argv], { env });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exit, out, err };
}

/** Somebody signed in, with a second factor that was just set up where the session asks for one. */
async function signedIn(login: string): Promise<Api> {
  const { secret, secondFactor } = await new Api(address).post<Session>('/v1/sessions', { login, password });
  const api = new Api(address, () => Promise.resolve(secret));
  return secondFactor === 'to-enrol' ? withFactor(api) : api;
}

async function withFactor(api: Api): Promise<Api> {
  const { secret } = await api.post<{ readonly secret: string }>('/v1/me/second-factor');
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const session = await api.post<Session>('/v1/me/second-factor/confirmation', { code });
  return new Api(address, () => Promise.resolve(session.secret));
}

async function becomeAdministrator(): Promise<void> {
  administrator = await signedIn('quantri');
}

const choosePassword = (path: string): Promise<void> =>
  new Api(address).post('/v1/resets/password', {
    link: new URL(path, address).searchParams.get('link'),
    password,
  });

beforeAll(async () => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  await start();
  const link = (await terminal?.setupPath()) ?? '';
  const first = { login: 'quantri', password, name: 'Lê Thị Quản Trị (giả định)', email: 'qt@example.org' };
  const opened = await new Api(address).post<Session>('/v1/setup', {
    link: new URL(link, address).searchParams.get('link'),
    ...first,
  });
  administrator = await withFactor(new Api(address, () => Promise.resolve(opened.secret)));
}, 240_000);
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the only administrator, whose telephone is lost', () => {
  it('cannot get in by the password alone', async () => {
    const { secondFactor } = await new Api(address).post<Session>('/v1/sessions', {
      login: 'quantri',
      password,
    });
    expect(secondFactor).toBe('asked');
  });

  it('gets a link from whoever holds the machine, beside the running server, and what was open ends', async () => {
    const { exit, out, err } = await mangnon('access', 'recover', 'quantri');
    expect({ exit, out }).toEqual({ exit: 0, out: expect.stringMatching(/^\/password\?link=mnl_\S+\n$/) });
    expect(err).toContain('The link works once');
    // What the door has looked up counts for a second.
    await eventually(() => expect(administrator.get('/v1/me')).rejects.toMatchObject({ status: 401 }));
    await choosePassword(out.trim());
    await expect(choosePassword(out.trim())).rejects.toMatchObject({ status: 410 });
    administrator = await signedIn('quantri');
    expect(await administrator.get('/v1/admin/held')).toEqual({ items: [] });
  });

  it('gets one also while nothing runs, and it is recorded who gave it', async () => {
    await stop();
    const { exit, out } = await mangnon('access', 'recover', 'quantri');
    expect(exit).toBe(0);
    const { out: log } = await mangnon('export', 'events');
    const lines = log.split('\n').filter((line) => line.includes('"actor":"system:operator"'));
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'PasswordLinkIssued',
      'SecondFactorRemoved',
      'PasswordLinkIssued',
      'SecondFactorRemoved',
    ]);
    await start();
    await choosePassword(out.trim());
    administrator = await signedIn('quantri');
    expect(await administrator.get('/v1/admin/held')).toEqual({ items: [] });
  });
});

describe('the only administrator, who was suspended by one who has left', () => {
  it('is let in again by whoever holds the machine, and it is recorded who did that', async () => {
    const { staffId } = await administrator.get<{ readonly staffId: string }>('/v1/me');
    const other = { login: 'phoquantri', name: 'Vi Phó Quản Trị (giả định)', email: 'pqt@example.org' };
    const hired = await administrator.post<{ readonly staffId: string; readonly link: string }>('/v1/staff', {
      fundId: '*',
      ...other,
    });
    const grant = { role: 'administrator', fundId: '*', from: '2024-01-01' };
    await administrator.post(`/v1/staff/${hired.staffId}/grants`, grant);
    await choosePassword(hired.link);
    const left = await signedIn('phoquantri');
    await left.post(`/v1/staff/${staffId}/suspension`);
    await expect(signedIn('quantri')).rejects.toMatchObject({ status: 401 });
    const { exit, out, err } = await mangnon('access', 'recover', 'quantri');
    expect({ exit, err }).toEqual({
      exit: 0,
      err: expect.stringContaining('was suspended and may act again'),
    });
    await choosePassword(out.trim());
    await becomeAdministrator();
    expect(await administrator.get('/v1/admin/held')).toEqual({ items: [] });
    const { out: log } = await mangnon('export', 'events');
    const line = log.split('\n').find((one) => one.includes('"type":"StaffReinstated"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      actor: 'system:operator',
      stream: `staff-${staffId}`,
      recordedAt: expect.stringMatching(/^20\d\d-/),
    });
  });
});

describe('whoever asks for it', () => {
  it('is refused for a name that nobody has, and for one who does not administer', async () => {
    expect(await mangnon('access', 'recover', 'nobody')).toEqual({
      exit: 4,
      out: '',
      err: 'There is no such account. (staff/account-unknown)\n',
    });
    const { fundId } = await administrator.post<{ readonly fundId: string }>('/v1/funds', {
      code: 'LS',
      level: 'province',
      name: { vi: 'Quỹ thí dụ', en: 'Example fund' },
      decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2024-01-01',
    });
    const cashier = { login: 'thuquy', name: 'Mạc Thủ Quỹ (giả định)', email: 'thuquy@example.org' };
    await administrator.post('/v1/staff', { fundId, ...cashier });
    expect(await mangnon('access', 'recover', 'thuquy', '--lang', 'vi')).toEqual({
      exit: 4,
      out: '',
      err: expect.stringMatching(/^Người này không phải quản trị viên;.*\(staff\/not-administrator\)\n$/),
    });
  });

  it('is refused without the keys, and none are made', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const { exit, err } = await mangnon('access', 'recover', 'quantri', '--keys-dir', elsewhere);
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('--keys-dir') });
    expect(await readdir(elsewhere).catch(() => [])).toEqual([]);
  });
});
