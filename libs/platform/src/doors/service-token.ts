import type { IncomingHttpHeaders } from 'node:http';
import { jwtVerify, SignJWT } from 'jose';

/** Header in which one service tells another who it is. */
export const serviceHeader = 'mangnon-service';

/** How long such a token holds, in seconds. */
const tokenSeconds = 10;

/** Signs that the service `from` asks the service `to` (JWS, HS256); holds for seconds from `now`. */
export function signService(from: string, to: string, key: Uint8Array, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(from)
    .setIssuer(issuer)
    .setAudience(`service:${to}`)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + tokenSeconds)
    .sign(key);
}

/** Which service asks the service `to`; undefined where its header is missing, forged, expired or meant for another. */
export async function serviceAsking(
  { [serviceHeader]: token }: IncomingHttpHeaders,
  to: string,
  key: Uint8Array,
  now: Date,
): Promise<string | undefined> {
  if (typeof token !== 'string') return undefined;
  const options = {
    algorithms: ['HS256'],
    issuer,
    audience: `service:${to}`,
    currentDate: now,
    clockTolerance: 1,
  };
  const verified = await jwtVerify(token, key, options).catch(() => undefined);
  return verified?.payload.sub;
}

/** Another than that of a signed context, so that neither is taken for the other. */
const issuer = 'mangnon-service';
