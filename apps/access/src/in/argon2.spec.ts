import { describe, expect, it } from '@jest/globals';
import { hashPassword, passwordMatches } from './argon2.js';

describe('a password', () => {
  const password = 'mùa xuân trên núi';

  it('is kept as argon2id with the cost that OWASP asks for, salted anew each time', async () => {
    const hashes = [await hashPassword(password), await hashPassword(password)];
    for (const hashed of hashes)
      expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(new Set(hashes).size).toBe(2);
  });

  it('is the same however its letters are composed, and no other', async () => {
    const hashed = await hashPassword(password.normalize('NFD'));
    expect(await passwordMatches(password.normalize('NFC'), hashed)).toBe(true);
    expect(await passwordMatches('mua xuan tren nui', hashed)).toBe(false);
  });

  it('matches nothing where there is no hash, not even the one that takes as long', async () => {
    expect(await passwordMatches('nobody has this password', undefined)).toBe(false);
  });
});
