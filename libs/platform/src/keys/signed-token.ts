import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Signer } from './key-pairs.js';

/**
 * By so many seconds the clocks of who signs and who checks may differ, either way: each is within one of the event store's,
 * and tokens count whole seconds.
 */
export const clockSkewSeconds = 2;

/** A token that a key has signed, for this use, but not at this time: it has expired, or the two clocks differ. */
export class NotOfNow extends Error {
  override readonly name = 'NotOfNow';

  constructor(
    /** RFC 3339, by the clock of who signed. */
    readonly signedAt: string,
    /** RFC 3339, by the clock of who checks. */
    readonly seenAt: string,
  ) {
    super(
      `signed at ${signedAt} and seen at ${seenAt}: clocks may differ by ${String(clockSkewSeconds)} s at most`,
    );
  }
}

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

/**
 * The claims of a token that one of the keys has signed, with when it was and when it ends; undefined where it is forged
 * or for another use. Throws {@link NotOfNow} where it has ended or was signed later than now, by more than
 * {@link clockSkewSeconds}: one that may begin at any time would outlast every memory of what was taken.
 */
export async function verifiedClaims(
  token: string,
  keys: readonly KeyObject[],
  { issuer, audience }: TokenUse,
  now: Date,
): Promise<(JWTPayload & Times) | undefined> {
  const options = {
    algorithms: ['EdDSA'],
    issuer,
    audience: typeof audience === 'string' ? audience : [...audience],
    currentDate: now,
    requiredClaims: ['iat', 'exp'],
    clockTolerance: clockSkewSeconds,
  };
  for (const key of keys) {
    const payload = await jwtVerify(token, key, options).then((verified) => verified.payload, endedOf);
    if (payload) return ofNow(payload as JWTPayload & Times, now);
  }
  return undefined;
}

/** Seconds since 1970, as the token has them. */
interface Times {
  readonly iat: number;
  readonly exp: number;
}

/** Of one that is genuine and has ended. */
function endedOf(error: unknown): JWTPayload | undefined {
  return error instanceof errors.JWTExpired ? error.payload : undefined;
}

function ofNow(payload: JWTPayload & Times, now: Date): JWTPayload & Times {
  const seconds = Math.floor(now.getTime() / 1_000);
  const isEarly = payload.iat > seconds + clockSkewSeconds;
  if (!isEarly && payload.exp > seconds - clockSkewSeconds) return payload;
  throw new NotOfNow(new Date(payload.iat * 1_000).toISOString(), now.toISOString());
}
