import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const iterations = 4096;
const bytes = 32;

/**
 * What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5803), a new salt each time; given in its place, the password is
 * in no statement and in no log of the server. Throws `RangeError` for anything but visible ASCII, which others prepare otherwise.
 */
export function passwordVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  if (!/^[\x21-\x7e]+$/.test(password))
    throw new RangeError('a password of the database holds something else than visible ASCII characters');
  const salted = pbkdf2Sync(password, salt, iterations, bytes, 'sha256');
  const keyed = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${String(iterations)}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}
