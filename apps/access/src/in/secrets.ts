import { createHash, randomBytes } from 'node:crypto';

/** What a secret opens. */
export type SecretKind = 'session' | 'token' | 'link';

/** A secret and what the event store may know of it. */
export interface MadeSecret {
  readonly secret: string;
  /** SHA-256 in base64url. */
  readonly hash: string;
}

/** A one-time link to choose a password; whoever has it may. */
export interface MadeLink extends MadeSecret {
  readonly expiresAt: string;
}

const prefixes: Record<SecretKind, string> = { session: 'mns', token: 'mnt', link: 'mnl' };
const shape = /^(mns|mnt|mnl)_([A-Za-z0-9_-]{22})_[A-Za-z0-9_-]{43}$/;

/**
 * A new secret of 256 random bits. It names its person, so that it is looked up in that person's stream and a
 * revocation counts at once; the name alone opens nothing.
 */
export function makeSecret(kind: SecretKind, staffId: string): MadeSecret {
  const owner = Buffer.from(staffId.replaceAll('-', ''), 'hex').toString('base64url');
  const secret = `${prefixes[kind]}_${owner}_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashOf(secret) };
}

/** Whose secret it claims to be, and its hash; undefined when it is none of this kind. */
export function readSecret(
  secret: string,
  ...kinds: readonly SecretKind[]
): { readonly staffId: string; readonly hash: string } | undefined {
  const [, prefix, owner] = shape.exec(secret) ?? [];
  if (owner === undefined || !kinds.some((kind) => prefixes[kind] === prefix)) return undefined;
  const hex = Buffer.from(owner, 'base64url').toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { staffId: parts.join('-'), hash: hashOf(secret) };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
