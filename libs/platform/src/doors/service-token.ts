import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeJwt } from 'jose';
import type { Clock } from '../clock.js';
import type { KnownKeys, Signer } from '../keys/key-pairs.js';
import { RequestFault } from '../http/request-fault.js';
import { clockSkewSeconds, NotOfNow, signToken, verifiedClaims } from '../keys/signed-token.js';

/** Header in which one service tells another who it is. */
export const serviceHeader = 'mangnon-service';

/** How long such a token holds, in seconds. */
export const serviceTokenSeconds = 10;

/** What one service asks of another. */
export interface Asked {
  /** Name of the door. */
  readonly door: string;
  readonly call: string;
  /** As JSON carries it. */
  readonly given?: unknown;
}

/** Another than that of a signed context, so that neither is taken for the other. */
const issuer = 'mangnon-service';

/** Signs that this process asks just this, once; holds for {@link serviceTokenSeconds} from `now`. */
export function signService(signer: Signer, asked: Asked, now: Date): Promise<string> {
  const claims = { sub: signer.name, jti: randomUUID(), asks: digestOf(asked) };
  return signToken(signer, claims, { ...useOf(asked), seconds: serviceTokenSeconds }, now);
}

/**
 * Finds out which service asks; a token is good for what it was signed for, and in one process once: it is remembered for as
 * long as it is believed, the tolerated difference of clocks included.
 */
export class ServiceTokens {
  /** Tokens that were taken, by when they are believed no more in milliseconds; the oldest first. */
  readonly #taken = new Map<string, number>();

  constructor(
    private readonly known: KnownKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * The service's name; undefined where its header is missing, forged, was taken before, or is for something else. Throws
   * `access/unauthenticated` with both times where it was signed at another time, as by a clock that is wrong.
   */
  async take({ [serviceHeader]: token }: IncomingHttpHeaders, asked: Asked): Promise<string | undefined> {
    const from = typeof token === 'string' ? namedIn(token) : undefined;
    if (typeof token !== 'string' || from === undefined) return undefined;
    const now = this.clock.now();
    const claims = await verifiedClaims(token, this.known.of(from), useOf(asked), now).catch(refuse);
    if (claims?.['asks'] !== digestOf(asked) || claims.jti === undefined) return undefined;
    const endsMs = (claims.exp + clockSkewSeconds) * 1_000;
    return this.#isFirst(claims.jti, endsMs, now.getTime()) ? from : undefined;
  }

  #isFirst(id: string, endsMs: number, nowMs: number): boolean {
    for (const [old, oldEndsMs] of this.#taken) {
      if (oldEndsMs > nowMs) break;
      this.#taken.delete(old);
    }
    if (this.#taken.has(id)) return false;
    this.#taken.set(id, endsMs);
    return true;
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof NotOfNow)) throw error;
  const { signedAt, seenAt } = error;
  throw new RequestFault('access/unauthenticated', { details: { signedAt, seenAt, clockSkewSeconds } });
}

/** What another service says of a token of ours that it has not taken, for the log: the two times where clocks differ. */
export async function whyNotTaken(response: Response): Promise<string> {
  const { details } = (await response.json().catch(() => ({}))) as { readonly details?: NotTaken };
  if (details?.clockSkewSeconds === undefined) return '';
  const { signedAt, seenAt, clockSkewSeconds: seconds } = details;
  return `: its clock shows ${String(seenAt)} where ours has signed at ${String(signedAt)}; they may differ by ${String(seconds)} s`;
}

interface NotTaken {
  readonly signedAt?: string;
  readonly seenAt?: string;
  readonly clockSkewSeconds?: number;
}

/** Whose keys are to be tried; not believed before one of them fits. */
function namedIn(token: string): string | undefined {
  try {
    return decodeJwt(token).sub;
  } catch {
    return undefined;
  }
}

function useOf({ door }: Asked): { readonly issuer: string; readonly audience: string } {
  return { issuer, audience: `door:${door}` };
}

function digestOf({ call, given }: Asked): string {
  return createHash('sha256')
    .update(JSON.stringify([call, given ?? null]))
    .digest('base64url');
}
