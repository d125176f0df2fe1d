import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Caller } from '#kernel/roles.js';
import { KeyProblem } from '#vault/key-file.js';
import { signContext, verifyContext } from '../http/signed-context.js';
import { loadKnownKeys, loadSigner, makeKeyPair, publicFile, signingFile } from './key-pairs.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date('2025-05-29T01:00:00Z');
const caller: Caller = { staffId: randomUUID(), secondFactor: true, grants: [] };
const fresh = (): string => join(folder, randomUUID());
const knownIn = (directory: string) => loadKnownKeys(directory, ['gateway'], ['ledger']);

/** What a deployment mounts for a service: public keys alone. */
function mounted(...pems: readonly string[]): string {
  const directory = fresh();
  mkdirSync(dirname(publicFile(directory, 'gateway')), { recursive: true });
  writeFileSync(publicFile(directory, 'gateway'), pems.join(''));
  return directory;
}

describe('the pair of keys of a process', () => {
  it('is made by that process, and is one pair for all of its instances that start at once', async () => {
    const directory = fresh();
    const signers = await Promise.all(Array.from({ length: 6 }, () => loadSigner(directory, 'gateway')));
    for (const signer of signers) {
      const context = await signContext(caller, signer, 'ledger', now);
      expect((await verifyContext(context, await knownIn(directory), now))?.caller).toEqual(caller);
    }
    expect(readdirSync(directory).sort()).toEqual(['gateway.signing.pem', 'public']);
    expect(statSync(signingFile(directory, 'gateway')).mode & 0o777).toBe(0o600);
    expect(readFileSync(publicFile(directory, 'gateway'), 'ascii')).not.toContain('PRIVATE');
  });

  it('is not made by a service, which needs the public half alone and says where that is missing', async () => {
    const directory = fresh();
    mkdirSync(directory);
    await expect(knownIn(directory)).rejects.toThrow(
      /^\S+public\/gateway\.pem is missing, by which ledger knows the gateway: the gateway alone makes it, so start that first on this folder of keys, or put the file there$/,
    );
    await expect(knownIn(directory)).rejects.toThrow(KeyProblem);
    expect(readdirSync(directory)).toEqual([]);
    const given = mounted(makeKeyPair().publicPem);
    await knownIn(given);
    expect(existsSync(signingFile(given, 'gateway'))).toBe(false);
  });

  it('lets no service sign a user’s context with a key of its own', async () => {
    const directory = fresh();
    await loadSigner(directory, 'gateway');
    const receipts = await loadSigner(directory, 'receipts');
    const known = await loadKnownKeys(directory, ['gateway', 'receipts'], ['ledger']);
    for (const name of ['receipts', 'gateway']) {
      const context = await signContext(caller, { ...receipts, name }, 'ledger', now);
      expect(await verifyContext(context, known, now)).toBeUndefined();
    }
  });

  it('holds beside the one before it, while a process is given a new one', async () => {
    const [before, next] = [makeKeyPair(), makeKeyPair()];
    const both = await knownIn(mounted(before.publicPem, next.publicPem));
    const onlyNext = await knownIn(mounted(next.publicPem));
    const signed: string[] = [];
    for (const { privatePem, publicPem } of [before, next]) {
      const directory = mounted(publicPem);
      writeFileSync(signingFile(directory, 'gateway'), privatePem, { mode: 0o600 });
      signed.push(await signContext(caller, await loadSigner(directory, 'gateway'), 'ledger', now));
    }
    const believed = async (keys: typeof both) =>
      Promise.all(signed.map(async (each) => (await verifyContext(each, keys, now)) !== undefined));
    expect(await believed(both)).toEqual([true, true]);
    expect(await believed(onlyNext)).toEqual([false, true]);
  });

  it('is refused in one sentence where its halves do not belong together', async () => {
    const directory = mounted(makeKeyPair().publicPem);
    writeFileSync(signingFile(directory, 'gateway'), makeKeyPair().privatePem, { mode: 0o600 });
    await expect(loadSigner(directory, 'gateway')).rejects.toThrow(
      /^\S+public\/gateway\.pem does not hold the public key of \S+gateway\.signing\.pem; put it there before/,
    );
  });

  it.each([
    ['nothing', '', /does not hold one or two public keys/],
    [
      'three keys',
      [1, 2, 3].map(() => makeKeyPair().publicPem).join(''),
      /does not hold one or two public keys/,
    ],
    ['no key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', /does not hold Ed25519 keys/],
  ])('is refused in one sentence where the public file holds %s', async (_what, text, sentence) => {
    await expect(knownIn(mounted(text))).rejects.toThrow(sentence);
    await expect(knownIn(mounted(text))).rejects.toThrow(KeyProblem);
  });
});
