import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookie of a session. */
export const sessionCookie = 'mangnon_session';
/** The cookie that forms are bound to. */
export const csrfCookie = 'mangnon_form';
/** The cookie of the language chosen on a page. */
export const languageCookie = 'mangnon_language';

/** The cookie of the one-time link that brought somebody here: it stands in no address after that. */
export const linkCookie = 'mangnon_link';

/** The value of a cookie; undefined where there is none. The first wins where a name is sent twice. */
export function readCookie(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * Sets a cookie that no script sees and no other site's form carries; `Secure` where the page came by HTTPS. It ends
 * with the browser unless `maxAgeSeconds` is given; 0 removes it. The value must be of A–Z, a–z, 0–9, `-`, `_`, `.`.
 */
export function setCookie(reply: FastifyReply, name: string, value: string, maxAgeSeconds?: number): void {
  const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`);
  if (reply.request.protocol === 'https') parts.push('Secure');
  const before = reply.getHeader('set-cookie');
  const others = before === undefined ? [] : [before].flat().map(String);
  void reply.header('set-cookie', [
    ...others.filter((other) => !other.startsWith(`${name}=`)),
    parts.join('; '),
  ]);
}
