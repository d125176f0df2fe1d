import type { KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Signer } from './key-pairs.js';

/** What a token is for, so that none is taken for another. */
export interface TokenUse {
  readonly issuer: string;
  /** Whom it is meant for; where it is checked, any of these. */
  readonly audience: string | readonly string[];
}

/** Signs claims (JWS, Ed25519) that hold for so many seconds from `now`. */
export function signToken(
  { key }: Signer,
  claims: JWTPayload & { readonly sub: string },
  { issuer, audience, seconds }: TokenUse & { readonly seconds: number },
  now: Date,
): Promise<string> {
  const from = Math.floor(now.getTime() / 1_000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(issuer)
    .setAudience(typeof audience === 'string' ? audience : [...audience])
    .setIssuedAt(from)
    .setExpirationTime(from + seconds)
    .sign(key);
}

/** The claims of a token that one of the keys has signed; undefined where it is forged, expired or for another use. */
export async function verifiedClaims(
  token: string,
  keys: readonly KeyObject[],
  { issuer, audience }: TokenUse,
  now: Date,
): Promise<JWTPayload | undefined> {
  const options = {
    algorithms: ['EdDSA'],
    issuer,
    audience: typeof audience === 'string' ? audience : [...audience],
    currentDate: now,
    clockTolerance: 1,
  };
  for (const key of keys) {
    const verified = await jwtVerify(token, key, options).catch(() => undefined);
    if (verified) return verified.payload;
  }
  return undefined;
}
