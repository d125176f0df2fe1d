import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { KeyProblem, loadKeyFile } from './key-file.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-keys-'));
const repository = fileURLToPath(new URL('../../..', import.meta.url));
afterAll(() => rmSync(folder, { recursive: true }));

/** Says that it is up, waits for a word, takes the key of each folder and says which they were. */
const program = `
  import { loadKeyFile } from '#vault/key-file.js';
  process.stdin.once('data', async (folders) => {
    for (const folder of JSON.parse(folders))
      console.log(Buffer.from(await loadKeyFile(folder, 'donors')).toString('base64'));
    process.exit();
  });
  console.log('up');`;

const starter = () =>
  spawn(
    process.execPath,
    ['--import', join(repository, 'test/typescript.mjs'), '--input-type=module', '--eval', program],
    { cwd: repository, stdio: ['pipe', 'pipe', 'inherit'] },
  );

describe('a key file', () => {
  it('is one key for eight processes that start at once in an empty folder, twenty times over', async () => {
    const folders = Array.from({ length: 20 }, (_, index) => join(folder, `first-${String(index)}`));
    const starters = Array.from({ length: 8 }, starter);
    await Promise.all(starters.map(({ stdout }) => once(stdout, 'readable')));
    for (const { stdin } of starters) stdin.write(JSON.stringify(folders));
    const said = await Promise.all(starters.map(({ stdout }) => text(stdout)));
    expect(new Set(said).size).toBe(1);
    const keys = said[0]?.trim().split('\n').slice(1);
    expect(keys).toHaveLength(folders.length);
    expect(new Set(keys).size).toBe(folders.length);
    for (const each of folders) expect(readdirSync(each)).toEqual(['donors.key']);
  });

  it('is the same key again, for its owner alone', async () => {
    const directory = join(folder, 'again');
    const key = await loadKeyFile(directory, 'digest');
    expect(key).toHaveLength(32);
    expect(await loadKeyFile(directory, 'digest')).toEqual(key);
    expect(await loadKeyFile(directory, 'staff')).not.toEqual(key);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'digest.key')).mode & 0o777).toBe(0o600);
  });

  it('is only read where it is there, so that its folder may be nobody’s to write', async () => {
    const directory = join(folder, 'read-only');
    const key = await loadKeyFile(directory, 'donors');
    chmodSync(directory, 0o500);
    expect(await loadKeyFile(directory, 'donors')).toEqual(key);
    expect(statSync(directory).mode & 0o777).toBe(0o500);
    chmodSync(directory, 0o700);
  });

  it('is refused in one sentence when others may read it or it is no key', async () => {
    const directory = join(folder, 'wrong');
    await loadKeyFile(directory, 'donors');
    chmodSync(join(directory, 'donors.key'), 0o644);
    await expect(loadKeyFile(directory, 'donors')).rejects.toThrow(
      new KeyProblem(`${join(directory, 'donors.key')} may be read by others; set its mode to 0600`),
    );
    writeFileSync(join(directory, 'staff.key'), 'too short', { mode: 0o600 });
    await expect(loadKeyFile(directory, 'staff')).rejects.toThrow('does not hold a key of 32 bytes');
  });

  it('says what to do where it is missing and cannot be made', async () => {
    const directory = '/sys/kernel/mangnon-keys';
    await expect(loadKeyFile(directory, 'donors')).rejects.toMatchObject({
      name: 'KeyProblem',
      message: `${directory}/donors.key is missing, and cannot be made here: put it there`,
    });
  });

  const isRoot = process.getuid?.() === 0;
  // Only root may give a file away.
  (isRoot ? it : it.skip)(
    'may be another’s who gives it to us by its group, and to nobody else',
    async () => {
      const directory = join(folder, 'mounted');
      const key = await loadKeyFile(directory, 'donors');
      const file = join(directory, 'donors.key');
      chownSync(file, 54_321, 54_321);
      chmodSync(file, 0o440);
      expect(await loadKeyFile(directory, 'donors')).toEqual(key);
      for (const mode of [0o460, 0o444]) {
        chmodSync(file, mode);
        await expect(loadKeyFile(directory, 'donors')).rejects.toThrow('may be read by others');
      }
    },
  );
});
