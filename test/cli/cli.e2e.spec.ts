import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { runCli } from '#apps/cli/src/run.js';
import { readConfig } from '#apps/standalone/src/config.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { runStandalone, type Standalone } from '#apps/standalone/src/run.js';
import { eventually } from '#testing/eventually.js';

const password = 'mang non dem trang 2025';
const folder = mkdtempSync(join(tmpdir(), 'mangnon-cli-'));
// PostgreSQL's own user passes through when this is root.
chmodSync(folder, 0o711);
const data = join(folder, 'data');
const keys = join(folder, 'keys');
const environment = {
  MANGNON_DATA_DIR: data,
  MANGNON_KEYS_DIR: keys,
  XDG_CONFIG_HOME: join(folder, 'config'),
};

let standalone: Standalone | undefined;
let app: TOTP;
let aheadMs = 0;
const clock = { now: () => new Date(Date.now() + aheadMs) };

async function start(dataDirectory = data): Promise<Standalone> {
  const config = readConfig({ PORT: '0', MANGNON_DATA_DIR: dataDirectory, MANGNON_KEYS_DIR: keys });
  const listener = { onNote: () => undefined, onTrouble: () => undefined };
  const started = await runStandalone(config, listener, { clock, follow: () => Promise.resolve() });
  standalone = started;
  return started;
}

async function stop(): Promise<void> {
  const running = standalone;
  standalone = undefined;
  await running?.stop();
}

/** A code counts once, so the services' clock goes on to the next half minute. */
function code(): string {
  aheadMs += 30_000;
  return app.generate({ timestamp: clock.now().getTime() });
}

async function mangnon(...argv: readonly string[]) {
  let out = '';
  let err = '';
  const exit = await runCli(argv, {
    streams: { out: (text) => void (out += text), err: (text) => void (err += text), isScreen: false },
    environment,
    pour: async (texts) => {
      for await (const text of texts) out += text;
    },
    ask: (question) => Promise.resolve(question.startsWith('Password') ? password : code()),
    readInput: () => Promise.resolve(`${password}\n`),
  });
  return { exit, out, err };
}

const linkIn = (path: string, url: string) => new URL(path, url).searchParams.get('link');

/** The first administrator, with an authenticator app. */
async function setUp({ url, setUpPath = '' }: Standalone): Promise<void> {
  const link = linkIn(setUpPath, url);
  const name = 'Lê Thị Quản Trị (giả định)';
  const person = { login: 'quantri', password, name, email: 'quantri@example.org' };
  const session = await new Api(url).post<{ readonly secret: string }>('/v1/setup', { link, ...person });
  const api = new Api(url, () => Promise.resolve(session.secret));
  const { secret } = await api.post<{ readonly secret: string }>('/v1/me/second-factor');
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  await api.post('/v1/me/second-factor/confirmation', { code: code() });
}

const token = () =>
  JSON.parse(readFileSync(join(folder, 'config/mangnon/token.json'), 'utf8')) as { secret: string };

/** A cashier of the fund, who records some donations; gives their ids. */
async function donations(url: string, fundId: string, amounts: readonly number[]): Promise<void> {
  const admin = new Api(url, () => Promise.resolve(token().secret));
  const person = {
    fundId,
    login: `thuquy${randomUUID().slice(0, 8)}`,
    name: 'Mạc Thủ Quỹ (giả định)',
    email: 'thuquy@example.org',
  };
  const { staffId, link } = await admin.post<{ staffId: string; link: string }>('/v1/staff', person);
  await admin.post(`/v1/staff/${staffId}/grants`, { role: 'cashier', fundId, from: '2024-01-01' });
  await new Api(url).post('/v1/resets/password', { link: linkIn(link, url), password });
  const { login } = person;
  const session = await new Api(url).post<{ secret: string }>('/v1/sessions', { login, password });
  const cashier = new Api(url, () => Promise.resolve(session.secret));
  const donor = {
    kind: 'named',
    details: {
      class: 'individual',
      inProvince: true,
      name: 'Lương Thị Suối Mẫu',
      address: 'Bản Mẫu',
      email: 'suoi@example.org',
    },
  };
  for (const amount of amounts)
    await cashier.post('/v1/donations', {
      fundId,
      donor,
      method: 'cash',
      amount: { amount: String(amount), currency: 'VND' },
      receivedOn: '2025-01-15',
    });
}

beforeAll(async () => {
  await setUp(await start());
}, 120_000);

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('mangnon beside a running npm start', () => {
  let fundId = '';

  it('logs in with a second factor and keeps a token that its owner alone can read', async () => {
    const { exit, out, err } = await mangnon(
      'login',
      '--server',
      standalone!.url,
      '--user',
      'quantri',
      '--days',
      '1',
    );
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain(`Logged in to ${standalone!.url}`);
    expect(statSync(join(folder, 'config/mangnon/token.json')).mode & 0o777).toBe(0o600);
  });

  it('opens a fund, once under one key, and tells the server’s own sentence when it is refused', async () => {
    const open = [
      'fund',
      'open',
      '--code',
      'LS',
      '--level',
      'province',
      '--name-vi',
      'Quỹ (giả định)',
      '--name-en',
      'Fund (made up)',
    ];
    const founding = [
      '--decision-number',
      '01/QĐ-GĐ',
      '--decision-date',
      '2008-06-01',
      '--issuer',
      'UBND (giả định)',
      '--opened-on',
      '2024-01-01',
    ];
    const opening = ['--opening', 'cash=1000000', '--key', 'the first fund'];
    const opened = await mangnon(...open, ...founding, ...opening);
    expect(opened).toMatchObject({ exit: 0, err: '' });
    fundId = /Fund LS is open: ([0-9a-f-]{36})/.exec(opened.out)?.[1] ?? '';
    expect(await mangnon(...open, ...founding, ...opening)).toEqual(opened);
    const other = await mangnon(...open, ...founding, '--key', 'another', '--lang', 'vi');
    expect(other).toMatchObject({
      exit: 4,
      out: '',
      err: expect.stringContaining('fund/code-taken') as unknown,
    });
    expect(other.err).toContain('Mã quỹ');
    expect(await mangnon('fund', 'open', '--code', 'X')).toMatchObject({ exit: 4 });
  });

  it('replays all that the walk wrote and finds it equal', async () => {
    await donations(standalone!.url, fundId, [500_000, 250_000, 125_000]);
    await eventually(
      async () => {
        const { exit, out, err } = await mangnon('replay');
        expect({ exit, err, broken: out.split('\n').filter((line) => line.startsWith('✗')) }).toEqual({
          exit: 0,
          err: '',
          broken: [],
        });
        expect(out).toMatch(/✓ receipts\.register: 3 rows equal/);
        expect(out).toMatch(/✓ donations\.history: \d+ rows equal/);
        expect(out).toContain('Everything holds.');
      },
      { withinMs: 60_000, everyMs: 500 },
    );
  });

  it('names the first row that differs, and where, and ends with another code than success', async () => {
    const { url } = JSON.parse(readFileSync(join(data, 'connection.json'), 'utf8')) as { url: string };
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    const add = (sum: number) =>
      database.query(
        `UPDATE receipts.register SET amount = amount + ${sum} WHERE amount BETWEEN 250000 AND 250001`,
      );
    await add(1);
    const { exit, out } = await mangnon('replay', '--only', 'receipts.register');
    await add(-1);
    await database.end();
    expect({ exit, isWhole: out.includes('Everything holds') }).toEqual({ exit: 1, isWhole: false });
    expect(out).toMatch(
      /✗ receipts\.register: 1 rows differ at position 1\.\d+; first: key LS-\d{4}-000002, column amount: live "250001", replayed "250000"/,
    );
    expect(await mangnon('replay', '--only', 'receipts.register')).toMatchObject({ exit: 0 });
  });

  it('tells where everything stands, from the databases and from the server', async () => {
    const here = await mangnon('status');
    expect(here).toMatchObject({ exit: 0, err: '' });
    expect(here.out).toMatch(/^Last event: 1\.\d+\n/);
    for (const table of ['ledger.balances', 'donations.history'])
      expect(here.out).toMatch(new RegExp(`^${table} v\\d+ +1\\.\\d+ {2}live$`, 'm'));
    for (const line of [/^Parked messages: 0$/m, /^ {2}ledger <- mangnon\.donations\.v1 +\d/m])
      expect(here.out).toMatch(line);
    const there = await mangnon('status', '--server');
    expect(there.out).toMatch(/ledger\.balances v1 +1\.\d+ {2}live\n/);
    const vietnamese = await mangnon('status', '--server', '--lang', 'vi');
    for (const line of [
      /^Thông điệp bị giữ \(held\): 0$/m,
      /^Ghi sự kiện \(mangnon\): \S+ lần, một nửa trong/m,
    ])
      expect(vietnamese.out).toMatch(line);
    expect([there.exit, vietnamese.exit]).toEqual([0, 0]);
  });

  it('rebuilds a read model, lists and takes up what is parked and held', async () => {
    expect(await mangnon('rebuild', 'ledger.balances')).toMatchObject({
      exit: 0,
      out: 'ledger.balances is rebuilt.\n',
    });
    expect(await mangnon('rebuild', 'donations.history')).toMatchObject({ exit: 0 });
    expect(await mangnon('rebuild', 'nobody.knows')).toMatchObject({
      exit: 4,
      err: expect.stringContaining('operations/projection-unknown') as unknown,
    });
    expect(await mangnon('parked', 'list')).toMatchObject({ exit: 0, out: 'No message waits.\n' });
    expect(await mangnon('parked', 'replay', `fund-${fundId}`)).toMatchObject({
      exit: 0,
      out: '0 messages went through.\n',
    });
    expect(await mangnon('parked', 'replay', 'basket-1')).toMatchObject({ exit: 4 });
    expect(await mangnon('held', 'list')).toMatchObject({ exit: 0, out: 'No key is held.\n' });
    expect(await mangnon('held', 'release', 'ledger', fundId)).toMatchObject({
      exit: 0,
      out: '0 messages are fed back.\n',
    });
    expect(await mangnon('held', 'release', 'nobody', fundId)).toMatchObject({ exit: 4 });
  });

  it('exports the events, which replay on their own with no database and no personal data', async () => {
    const file = join(folder, 'events.jsonl');
    expect((await mangnon('export', 'events', '--to', file)).exit).toBe(0);
    const poured = await mangnon('export', 'events');
    const text = await readFile(file, 'utf8');
    expect(poured.out.split('\n').slice(0, 9)).toEqual(text.split('\n').slice(0, 9));
    for (const canary of ['Suối Mẫu', 'Bản Mẫu', 'suoi@example.org', 'Quản Trị'])
      expect(text).not.toContain(canary);
    const { exit, out } = await mangnon('replay', '--from', file);
    expect({ exit, broken: out.split('\n').filter((line) => line.startsWith('✗')) }).toEqual({
      exit: 0,
      broken: [],
    });
    const spoilt = join(folder, 'spoilt.jsonl');
    writeFileSync(spoilt, text.replace('"amount":"500000"', '"amount":"900000"'));
    expect(await mangnon('replay', '--from', spoilt)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('SHA-256') as unknown,
    });
    expect(await mangnon('replay', '--from', join(folder, 'no.jsonl'))).toMatchObject({ exit: 2 });
  });

  it('logs out and then needs a login again', async () => {
    const { secret } = token();
    expect(await mangnon('logout')).toMatchObject({ exit: 0, out: 'Logged out.\n', err: '' });
    expect(await mangnon('parked', 'list')).toMatchObject({
      exit: 4,
      err: expect.stringContaining('mangnon login') as unknown,
    });
    const api = new Api(standalone!.url, () => Promise.resolve(secret));
    // What the door has looked up counts for a second.
    await eventually(() => expect(api.get('/v1/me')).rejects.toThrow('401'));
    expect(await mangnon('login', '--server', 'http://127.0.0.1:9', '--user', 'x')).toMatchObject({
      exit: 3,
    });
  });
});

/** Numbers of the lettered series, of which there are none before a restore. */
async function lettered(dataDirectory: string): Promise<readonly string[]> {
  const { out } = await mangnon('export', 'events', '--data-dir', dataDirectory);
  return [...new Set(out.match(/LS-20\d\d[A-Z]-\d{6}/g))];
}

describe('a backup', () => {
  const directory = join(folder, 'backup');
  const restored = join(folder, 'restored');

  it('is made while everything runs, is proved, and holds nobody’s name', async () => {
    const { exit, out } = await mangnon('backup', directory);
    expect({ exit, broken: out.split('\n').filter((line) => line.startsWith('✗')) }).toEqual({
      exit: 0,
      broken: [],
    });
    expect(out).toContain(`The backup in ${directory} is whole.`);
    for (const name of await readdir(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    expect(await mangnon('backup', directory)).toMatchObject({ exit: 4 });
  });

  it('is restored into an empty data directory, where the walk goes on under a new incarnation', async () => {
    await stop();
    expect(await mangnon('restore', directory, '--data-dir', data)).toMatchObject({ exit: 4 });
    const { exit, out, err } = await mangnon('restore', directory, '--data-dir', restored);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('new ones belong to incarnation 2');
    const { url } = await start(restored);
    const login = await mangnon('login', '--server', url, '--user', 'quantri');
    expect(login).toMatchObject({ exit: 0 });
    const admin = new Api(url, () => Promise.resolve(token().secret));
    expect(await admin.get('/v1/me')).toMatchObject({ contact: { name: 'Lê Thị Quản Trị (giả định)' } });
    const fundId =
      /fund-([0-9a-f-]{36})/.exec((await mangnon('export', 'events', '--data-dir', restored)).out)?.[1] ?? '';
    await donations(url, fundId, [700_000]);
    await eventually(
      async () => {
        const { out: told, exit: code } = await mangnon('replay', '--data-dir', restored);
        expect({ code, broken: told.split('\n').filter((line) => line.startsWith('✗')) }).toEqual({
          code: 0,
          broken: [],
        });
        expect(told).toMatch(/✓ receipts\.register: 4 rows equal at position 2\./);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    expect(await lettered(restored)).toHaveLength(1);
  });

  it('replays also while nothing runs', async () => {
    await stop();
    expect((await mangnon('replay', '--data-dir', restored)).exit).toBe(0);
    expect(await mangnon('status', '--data-dir', join(folder, 'nowhere'))).toMatchObject({ exit: 3 });
  });

  it('is restored a second time above the first by itself, so that no number is given twice', async () => {
    const again = join(folder, 'again');
    expect(await mangnon('restore', directory, '--data-dir', again)).toMatchObject({ exit: 0 });
    const { url } = await start(again);
    expect(await mangnon('login', '--server', url, '--user', 'quantri')).toMatchObject({ exit: 0 });
    const fundId =
      /fund-([0-9a-f-]{36})/.exec((await mangnon('export', 'events', '--data-dir', again)).out)?.[1] ?? '';
    await donations(url, fundId, [800_000, 900_000]);
    const numbers = await eventually(
      async () => {
        const given = await lettered(again);
        expect(given).toHaveLength(2);
        return given;
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    const before = await lettered(restored);
    expect(before).toHaveLength(1);
    expect(numbers.filter((number) => before.includes(number))).toEqual([]);
    await stop();
  });

  it('asks for the highest incarnation where nothing beside the keys tells it', async () => {
    const lost = join(folder, 'lost keys');
    const target = join(folder, 'elsewhere');
    const restoring = ['restore', directory, '--data-dir', target, '--keys-dir', lost];
    const { exit, err } = await mangnon(...restoring);
    expect({ exit, err }).toEqual({ exit: 4, err: expect.stringContaining('--above') as unknown });
    expect(await readdir(target).catch(() => [])).toEqual([]);
    const { out } = await mangnon(...restoring, '--above', '7');
    expect(out).toContain('belong to incarnation 8');
  });

  it('with a damaged file is refused and leaves nothing', async () => {
    const file = join(directory, 'vault.donors.records.jsonl.gz');
    const bytes = await readFile(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 20));
    const target = join(folder, 'never');
    expect(await mangnon('restore', directory, '--data-dir', target)).toMatchObject({ exit: 1 });
    expect(await readdir(target).catch(() => [])).toEqual([]);
  });
});
