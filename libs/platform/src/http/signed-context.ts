import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { roles, type Caller, type GrantInForce, type Role } from '#kernel/roles.js';

/** Header in which the gateway hands the caller on; what a client sends under this name is thrown away. */
export const contextHeader = 'mangnon-context';

/** How long a signed context holds, in seconds. */
export const contextSeconds = 10;

const issuer = 'mangnon-gateway';
const audience = 'mangnon-service';
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

/** Signs who is asking (JWS, HS256); it holds for {@link contextSeconds} from `now`. */
export async function signContext(caller: Caller, key: Uint8Array, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const grants = fundsOf(caller.grants);
  const below = fundsOf(caller.grants.filter((grant) => grant.below));
  const { credential, enabledBy, secondFactor: second } = caller;
  return new SignJWT({
    grants,
    below,
    second,
    ...(enabledBy && { enabledBy }),
    ...(credential && { credential }),
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(caller.staffId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + contextSeconds)
    .sign(key);
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

/** Who is asking by a signed context; undefined when it is forged, expired or of another shape. */
export async function verifyContext(
  context: string,
  key: Uint8Array,
  now: Date,
): Promise<VerifiedContext | undefined> {
  const verified = await jwtVerify(context, key, {
    algorithms: ['HS256'],
    issuer,
    audience,
    currentDate: now,
    clockTolerance: 1,
  }).catch(() => undefined);
  const claims = contextClaims.safeParse(verified?.payload);
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
