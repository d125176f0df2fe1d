import { z } from 'zod';
import { roles, type Caller, type GrantInForce, type Role } from '#kernel/roles.js';
import { gatewayName, type KnownKeys, type Signer } from '../keys/key-pairs.js';
import { NotOfNow, signToken, verifiedClaims } from '../keys/signed-token.js';

/** Header in which the gateway hands the caller on; what a client sends under this name is thrown away. */
export const contextHeader = 'mangnon-context';

/** How long a signed context holds, in seconds. */
export const contextSeconds = 10;

const issuer = 'mangnon-gateway';
const fundsByRole = z.partialRecord(z.enum(roles), z.array(z.string()));
const contextClaims = z.object({
  sub: z.uuid(),
  exp: z.number(),
  grants: fundsByRole,
  below: fundsByRole,
  second: z.boolean(),
  enabledBy: z.array(z.string()).optional(),
  credential: z.object({ kind: z.enum(['session', 'token']), id: z.string() }).optional(),
});

/**
 * Signs for one service who is asking; it holds for {@link contextSeconds} from `now`, and at no other service: one that
 * was broken into could otherwise ask the others in the name of whoever asks it.
 */
export function signContext(caller: Caller, signer: Signer, service: string, now: Date): Promise<string> {
  const grants = fundsOf(caller.grants);
  const below = fundsOf(caller.grants.filter((grant) => grant.below));
  const { credential, enabledBy, secondFactor: second } = caller;
  const claims = {
    sub: caller.staffId,
    grants,
    below,
    second,
    ...(enabledBy && { enabledBy }),
    ...(credential && { credential }),
  };
  return signToken(signer, claims, { issuer, audience: audienceOf(service), seconds: contextSeconds }, now);
}

function audienceOf(service: string): string {
  return `service:${service}`;
}

function fundsOf(grants: Caller['grants']): Partial<Record<Role, string[]>> {
  const funds: Partial<Record<Role, string[]>> = {};
  for (const { role, fundId } of grants) (funds[role] ??= []).push(fundId);
  return funds;
}

/** A context that is genuine, and until when. */
export interface VerifiedContext {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Who is asking, by the gateway's word for a service of this process; undefined when it is forged, expired or of another shape. */
export async function verifyContext(
  context: string,
  known: KnownKeys,
  now: Date,
): Promise<VerifiedContext | undefined> {
  const use = { issuer, audience: known.own.map(audienceOf) };
  const verified = await verifiedClaims(context, known.of(gatewayName), use, now).catch((error: unknown) => {
    if (!(error instanceof NotOfNow)) throw error;
  });
  const claims = contextClaims.safeParse(verified);
  if (!claims.success) return undefined;
  const { sub: staffId, second: secondFactor, enabledBy, credential, exp, below } = claims.data;
  const grants = Object.entries(claims.data.grants).flatMap(([name, fundIds]) => {
    const role = name as Role;
    return fundIds.map((fundId): GrantInForce => {
      return { role, fundId, ...(below[role]?.includes(fundId) && { below: true }) };
    });
  });
  const caller = {
    ...{ staffId, grants, secondFactor },
    ...(enabledBy && { enabledBy }),
    ...(credential && { credential }),
  };
  return { caller, expiresAtMs: exp * 1000 };
}
