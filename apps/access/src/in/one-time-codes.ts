import { Secret, TOTP } from 'otpauth';
import type { Enrolment } from '#contracts/access-door.js';

const secondsPerStep = 30;
const issuer = 'Măng Non';

/** A new secret of 160 bits, base32. */
export function newCodeSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app is set up with; `label` is how the app names the account. */
export function enrolmentOf(secret: string, label: string): Enrolment {
  return { secret, uri: totp(secret, label).toString() };
}

/**
 * The time step (RFC 6238, 30 seconds) whose code this is, one step early or late included; undefined when it is the
 * code of none.
 */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const digits = code.replaceAll(' ', '');
  if (!/^[0-9]{6}$/.test(digits)) return undefined;
  const timestamp = now.getTime();
  const delta = totp(secret, '').validate({ token: digits, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / secondsPerStep) + delta;
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: secondsPerStep,
    secret: Secret.fromBase32(secret),
  });
}
