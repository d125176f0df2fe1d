import { createPrivateKey, randomBytes } from 'node:crypto';
import { vaultKinds } from '#vault/master-keys.js';
import { newKey } from '#vault/sealing.js';
import {
  makeAuthority,
  makeHost,
  type Certified,
  type CertifyOptions,
} from '../certificates/certificates.js';
import { makeKeyPair, publicPemOf } from '../keys/key-pairs.js';
import type { SecretMode, SecretsFolder } from './secrets-folder.js';

/** Who signs in where: a password each. */
export interface SecretUsers {
  /** Users of PostgreSQL, with the one that may make the others. */
  readonly postgres: readonly string[];
  /** Users of Kafka, with the one that may make topics. */
  readonly kafka: readonly string[];
}

/** Keys of 32 bytes: one a kind of record of the vault, and one that known bodies of requests are told again by. */
const keys = [...vaultKinds, 'digest'] as const;
/** KurrentDB makes these two by itself, with a password that everybody knows unless it is told another. */
const kurrentUsers = ['admin', 'ops'] as const;
/** KurrentDB's image runs as a user of its own, and whatever asks a server may know its certificate. */
const forOthers = 0o444;
/** Servers that get a certificate, and who may read its key. */
const servers: Readonly<Record<string, SecretMode>> = { kafka: 0o600, kurrentdb: forOthers };

/**
 * Fills a folder of secrets with what a deployment needs and the folder does not hold: passwords of 256 random bits, keys of
 * the vault, the gateway's key pair, certificates by an authority of its own. Nothing is the same in two folders. Throws
 * {@link KeyAway} where a certificate is missing and the authority's key was put away.
 */
export async function writeSecrets(folder: SecretsFolder, users: SecretUsers): Promise<void> {
  for (const user of users.postgres) await folder.keep(`postgres/${user}`, password);
  for (const user of users.kafka) await folder.keep(`kafka/${user}`, password);
  for (const user of kurrentUsers) await folder.keep(`kurrentdb/${user}`, password, forOthers);
  for (const key of keys)
    await folder.keep(`keys/${key}.key`, () => `${Buffer.from(newKey()).toString('base64')}\n`);
  const signing = await folder.keep('keys/gateway.signing.pem', () => makeKeyPair().privatePem);
  await folder.keep('keys/public/gateway.pem', () => publicPemOf(createPrivateKey(signing)));
  await writeCertificates(folder);
}

/** A certificate without its key, which nothing can be made from. */
export class KeyAway extends Error {
  override readonly name = 'KeyAway';

  /** Paths in the folder of secrets. */
  constructor(
    readonly certificate: string,
    readonly key: string,
  ) {
    super(`${certificate} is there and ${key} is not`);
  }
}

/** The authority's key may be put away: it is asked for only where a certificate is missing. */
async function writeCertificates(folder: SecretsFolder): Promise<void> {
  const hosts = Object.entries(servers);
  const there = await Promise.all(hosts.map(([host]) => folder.find(`tls/${host}.pem`)));
  if (!there.includes(undefined)) return;
  const authority = await pairOf(folder, 'ca', 0o600, (given) => makeAuthority('Măng Non', given));
  for (const [host, mode] of hosts)
    await pairOf(folder, host, mode, (given) => makeHost(authority, [host, 'localhost', '127.0.0.1'], given));
}

async function pairOf(
  folder: SecretsFolder,
  name: string,
  mode: SecretMode,
  make: (given: CertifyOptions) => Certified,
): Promise<Certified> {
  const [certFile, keyFile] = [`tls/${name}.pem`, `tls/${name}-key.pem`];
  const [certThere, keyThere] = [await folder.find(certFile), await folder.find(keyFile)];
  if (certThere !== undefined && keyThere === undefined) throw new KeyAway(certFile, keyFile);
  const made = certThere === undefined ? make(keyThere === undefined ? {} : { keyPem: keyThere }) : undefined;
  const keyPem = await folder.keep(keyFile, () => made?.keyPem ?? '', mode);
  const certPem = await folder.keep(certFile, () => made?.certPem ?? '', forOthers);
  return { keyPem, certPem };
}

/** Of letters that need no quoting in a shell, an address or a file of settings. */
function password(): string {
  return `${randomBytes(32).toString('base64url')}\n`;
}
