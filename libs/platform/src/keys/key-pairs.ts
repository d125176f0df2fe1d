import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce, isThere, KeyProblem, loadSecretFile } from '#vault/key-file.js';

/** A process that signs what it says: the name that others know it by, and its private key (Ed25519). */
export interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

/** By what a process knows who speaks to it, and what is meant for it. */
export interface KnownKeys {
  /** Names of the services in this process. */
  readonly own: readonly string[];
  /** Public keys of another process by its name: two while it is given a new one, none for a name that is not known. */
  of(name: string): readonly KeyObject[];
}

/** A pair of keys as they stand in files (PEM). */
export interface KeyPair {
  /** PKCS #8; for one process alone. */
  readonly privatePem: string;
  /** SPKI; for everybody whom that process speaks to. */
  readonly publicPem: string;
}

/** The name of the only process whose word on who asks is taken. */
export const gatewayName = 'gateway';

/** A new pair of keys (Ed25519). */
export function makeKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicPemOf(privateKey),
  };
}

/** The file of a process's private key in the folder of keys. */
export function signingFile(keysDirectory: string, name: string): string {
  return join(keysDirectory, `${name}.signing.pem`);
}

/** The file of a process's public keys in the folder of keys: one, or two behind each other while it is given a new one. */
export function publicFile(keysDirectory: string, name: string): string {
  return join(keysDirectory, 'public', `${name}.pem`);
}

/**
 * The process's own key; both files are made where they are missing. Throws `KeyProblem`, also where its public file does
 * not hold the public half: nobody would believe it.
 */
export async function loadSigner(keysDirectory: string, name: string): Promise<Signer> {
  const key = await privateKeyIn(keysDirectory, name);
  const file = publicFile(keysDirectory, name);
  if (!(await isThere(file))) await createOnce(file, publicPemOf(key), publicModes);
  const own = publicPemOf(key);
  if (!(await publicKeysIn(file)).some((known) => pemOf(known) === own))
    throw new KeyProblem(
      `${file} does not hold the public key of ${signingFile(keysDirectory, name)}; put it there before ${name} signs with it`,
    );
  return { name, key };
}

/**
 * What the services `own` have to know others by. Makes nothing: who could make another's pair could speak for it. Throws
 * `KeyProblem`, also where the public file of one is missing.
 */
export async function loadKnownKeys(
  keysDirectory: string,
  names: readonly string[],
  own: readonly string[],
): Promise<KnownKeys> {
  const known = new Map<string, readonly KeyObject[]>();
  for (const name of new Set(names)) {
    const file = publicFile(keysDirectory, name);
    if (!(await isThere(file)))
      throw new KeyProblem(
        `${file} is missing, by which ${own.join(', ')} knows the ${name}: the ${name} alone makes it, so start that first on this folder of keys, or put the file there`,
      );
    known.set(name, await publicKeysIn(file));
  }
  return { own, of: (name) => known.get(name) ?? [] };
}

/** Keys that never leave this process, for a gateway and the services `own` within it. */
export function keysWithin(own: readonly string[]): { readonly signer: Signer; readonly known: KnownKeys } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    signer: { name: gatewayName, key: privateKey },
    known: { own, of: (name) => (name === gatewayName ? [publicKey] : []) },
  };
}

/** 32 secret bytes for one purpose, the same for every process with the same private key. */
export function secretOf({ key }: Signer, purpose: string): Uint8Array {
  const bytes = key.export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(hkdfSync('sha256', bytes, '', purpose, 32));
}

const publicModes = { file: 0o644, folder: 0o755 } as const;

async function privateKeyIn(keysDirectory: string, name: string): Promise<KeyObject> {
  const file = signingFile(keysDirectory, name);
  const pem = await loadSecretFile(file, () => makeKeyPair().privatePem);
  return asKey(file, () => createPrivateKey(pem));
}

/** So many public keys of a process hold at once: the one before and the one that comes. */
const keysMax = 2;

async function publicKeysIn(file: string): Promise<readonly KeyObject[]> {
  const text = await readFile(file, 'ascii');
  const pems = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (pems.length === 0 || pems.length > keysMax)
    throw new KeyProblem(`${file} does not hold one or two public keys (PEM)`);
  return pems.map((pem) => asKey(file, () => createPublicKey(pem)));
}

function asKey(file: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What was read may be secret, and stands in no message.
  }
  throw new KeyProblem(`${file} does not hold Ed25519 keys (PEM)`);
}

/** The public half (SPKI, PEM) of a private key. */
export function publicPemOf(key: KeyObject): string {
  return pemOf(createPublicKey(key));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
