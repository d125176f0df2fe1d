import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SecretsFolder } from './secrets-folder.js';

/** Who signs in where: a password each. */
export interface SecretUsers {
  /** Users of PostgreSQL, with the one that may make the others. */
  readonly postgres: readonly string[];
  /** Users of Kafka, with the one that may make topics. */
  readonly kafka: readonly string[];
}

/** Keys of 32 bytes: one a kind of record of the vault, and one that known bodies of requests are told again by. */
const keys = ['donors', 'staff', 'payees', 'children', 'books', 'digest'] as const;
/** KurrentDB makes these two by itself, with a password that everybody knows unless it is told another. */
const kurrentUsers = ['admin', 'ops'] as const;

/**
 * Fills a folder of secrets with what a deployment needs and the folder does not hold: passwords of 256 random bits, keys of
 * the vault, the gateway's key pair. Nothing in it can be guessed or is the same in two folders.
 */
export async function writeSecrets(folder: SecretsFolder, users: SecretUsers): Promise<void> {
  for (const user of users.postgres) await folder.keep(`postgres/${user}`, password);
  for (const user of users.kafka) await folder.keep(`kafka/${user}`, password);
  for (const user of kurrentUsers) await folder.keep(`kurrentdb/${user}`, password);
  for (const key of keys) await folder.keep(`keys/${key}.key`, newKey);
  const signing = await folder.keep('keys/gateway.signing.pem', newSigningKey);
  await folder.keep('keys/public/gateway.pem', () => publicPartOf(signing));
}

/** Of letters that need no quoting in a shell, an address or a file of settings. */
function password(): string {
  return `${randomBytes(32).toString('base64url')}\n`;
}

function newKey(): string {
  return `${randomBytes(32).toString('base64')}\n`;
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function publicPartOf(pem: string): string {
  return createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' }).toString();
}
