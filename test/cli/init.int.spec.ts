import { afterAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '#contracts/topics.js';
import { loadKeyFile } from '#vault/key-file.js';
import { init } from '#apps/cli/src/init.js';
import { Interruption } from '#apps/cli/src/interruption.js';
import type { Language } from '#apps/cli/src/language.js';
import { Terminal } from '#apps/cli/src/terminal.js';

const here = mkdtempSync(join(tmpdir(), 'mangnon-init-'));
afterAll(() => rmSync(here, { recursive: true }));
let count = 0;

/** A place of its own, and `mangnon init` in it; tells what was said. */
function place(language: Language = 'en') {
  const beside = join(here, String((count += 1)));
  mkdirSync(beside);
  const to = join(beside, '.mangnon-secrets');
  const run = async (): Promise<string> => {
    let said = '';
    const take = (text: string): void => void (said += text);
    const terminal = new Terminal({ out: take, err: take, isScreen: false }, language);
    const context = {
      ...{ terminal, environment: {}, interruption: new Interruption() },
      ...{ pour: async () => undefined, ask: async () => undefined, readInput: async () => '' },
    };
    await init(context, { to });
    return said;
  };
  return { to, beside, run };
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('mangnon init', () => {
  it('makes a password a user, a key a kind and a key pair, and says which and what to keep', async () => {
    const { to, run } = place();
    const said = await run();
    const files = filesIn(to);
    for (const file of files) expect(said).toContain(`${file}\n`);
    expect(said).toContain(`Files made in ${to}: ${files.length}.`);
    expect(said).toContain('Keep a copy of keys/ elsewhere');
    const services = [...new Set(topics.map(({ owner }) => owner))];
    expect(services).toEqual(expect.arrayContaining(['access', 'donations', 'ledger', 'receipts']));
    expect(files).toEqual(
      expect.arrayContaining([
        ...services.flatMap((name) => [`postgres/mangnon_${name}`, `kafka/${name}`]),
        ...['postgres/postgres', 'postgres/mangnon_migrator', 'postgres/mangnon_auditor', 'kafka/admin'],
        ...['kurrentdb/admin', 'kurrentdb/ops', 'keys/gateway.signing.pem', 'keys/public/gateway.pem'],
        ...['tls/ca.pem', 'tls/ca-key.pem', 'tls/kafka.pem', 'tls/kafka-key.pem', 'tls/kurrentdb.pem'],
      ]),
    );
  });

  it('lets nobody but the owner enter the folder or read a secret, and leaves no drafts', async () => {
    const { to, run } = place();
    await run();
    expect(statSync(to).mode & 0o777).toBe(0o700);
    const folders = readdirSync(to).map((folder) => statSync(join(to, folder)).mode & 0o777);
    expect(folders).toEqual(folders.map(() => 0o700));
    const open = filesIn(to).filter((file) => (statSync(join(to, file)).mode & 0o777) !== 0o600);
    // KurrentDB's image reads its own as another user; certificates are shown to everybody.
    expect(open).toEqual([
      ...['kurrentdb/admin', 'kurrentdb/ops', 'tls/ca.pem', 'tls/kafka.pem'],
      ...['tls/kurrentdb-key.pem', 'tls/kurrentdb.pem'],
    ]);
    expect(filesIn(to).filter((file) => /\.[0-9a-f]{12}$/.test(file))).toEqual([]);
  });

  it('gives no two users, kinds or folders the same secret, each of 256 bits', async () => {
    const [one, other] = [place(), place()];
    await one.run();
    await other.run();
    const secrets = [one, other].flatMap(({ to }) =>
      filesIn(to)
        .filter((file) => !file.endsWith('.pem'))
        .map((file) => read(to, file).trim()),
    );
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(secrets.filter((secret) => Buffer.from(secret, 'base64').length !== 32)).toEqual([]);
  });

  it('gives keys that the vault reads, and a pair that belongs together', async () => {
    const { to, run } = place();
    await run();
    for (const kind of ['donors', 'staff', 'payees', 'children', 'books', 'digest'])
      expect(await loadKeyFile(join(to, 'keys'), kind)).toHaveLength(32);
    const text = Buffer.from('text');
    const signed = sign(null, text, createPrivateKey(read(to, 'keys/gateway.signing.pem')));
    expect(verify(null, text, createPublicKey(read(to, 'keys/public/gateway.pem')), signed)).toBe(true);
  });

  it('certifies the servers by an authority whose key may be put away, until one is missing', async () => {
    const { to, run } = place();
    await run();
    const authority = new X509Certificate(read(to, 'tls/ca.pem'));
    const certified = (host: string) => new X509Certificate(read(to, `tls/${host}.pem`));
    for (const host of ['kafka', 'kurrentdb']) {
      expect(certified(host).verify(authority.publicKey)).toBe(true);
      expect(certified(host).checkPrivateKey(createPrivateKey(read(to, `tls/${host}-key.pem`)))).toBe(true);
      expect(certified(host).checkHost(host)).toBe(host);
    }
    const key = read(to, 'tls/ca-key.pem');
    rmSync(join(to, 'tls/ca-key.pem'));
    expect(await run()).toContain('already');
    const before = certified('kafka');
    rmSync(join(to, 'tls/kafka.pem'));
    await expect(run()).rejects.toThrow('tls/ca.pem is in ');
    writeFileSync(join(to, 'tls/ca-key.pem'), key);
    expect(await run()).toContain('tls/kafka.pem\nFiles made in');
    expect(certified('kafka').publicKey.equals(before.publicKey)).toBe(true);
    expect(certified('kafka').verify(authority.publicKey)).toBe(true);
    expect(certified('kafka').serialNumber).not.toBe(before.serialNumber);
  });

  it('writes over nothing, and makes again only what was taken away', async () => {
    const { to, run } = place();
    await run();
    const before = filesIn(to).map((file) => [file, read(to, file)]);
    expect(await run()).toBe(`Everything is in ${to} already.\n`);
    expect(filesIn(to).map((file) => [file, read(to, file)])).toEqual(before);
    rmSync(join(to, 'kafka/ledger'));
    rmSync(join(to, 'keys/public/gateway.pem'));
    expect(await run()).toContain(`kafka/ledger\nkeys/public/gateway.pem\nFiles made in ${to}: 2.\n`);
    const after = filesIn(to).map((file) => [file, read(to, file)]);
    expect(after.filter(([file]) => file !== 'kafka/ledger')).toEqual(
      before.filter(([file]) => file !== 'kafka/ledger'),
    );
    expect(after).not.toEqual(before);
  });

  it('tells docker compose where the folder is and whose, once', async () => {
    const { to, beside, run } = place();
    expect(await run()).not.toContain('.env');
    writeFileSync(join(beside, 'docker-compose.yml'), '');
    expect(await run()).toContain('Made .env for docker compose.');
    const { uid, gid } = statSync(join(to, 'kafka/ledger'));
    expect(uid).toBeGreaterThan(0);
    const lines = `MANGNON_USER=${uid}:${gid}\nMANGNON_SECRETS=./.mangnon-secrets\n`;
    expect(read(beside, '.env')).toBe(lines);
    expect(await run()).not.toContain('.env');
    writeFileSync(join(beside, '.env'), 'OTHER=1\n');
    expect(await run()).toContain(
      `There is a .env, which was left as it is; docker compose needs beside:\n${lines}`,
    );
    expect(read(beside, '.env')).toBe('OTHER=1\n');
  });

  it('speaks Vietnamese', async () => {
    expect(await place('vi').run()).toMatch(/Đã tạo \d+ tệp trong [^]*Hãy giữ một bản sao của keys/);
  });
});
