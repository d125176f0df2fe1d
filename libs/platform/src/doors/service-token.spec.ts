import { describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import { SetClock } from '#testing/set-clock.js';
import { clockSkewSeconds } from '../keys/signed-token.js';
import { signContext } from '../http/signed-context.js';
import { keysWithin, type KnownKeys, type Signer } from '../keys/key-pairs.js';
import {
  serviceHeader,
  serviceTokenSeconds,
  ServiceTokens,
  signService,
  type Asked,
} from './service-token.js';

const asked: Asked = { door: 'access', call: 'authenticate', given: ['secret'] };
const [gateway, receipts] = [keysWithin([]), keysWithin([])];
const signers: Readonly<Record<string, Signer>> = {
  gateway: gateway.signer,
  receipts: { ...receipts.signer, name: 'receipts' },
};
const publicKeys = new Map([
  ['gateway', gateway.known.of('gateway')],
  ['receipts', receipts.known.of('gateway')],
]);
const known: KnownKeys = { own: ['access'], of: (name) => publicKeys.get(name) ?? [] };

function atTheDoor() {
  const clock = new SetClock('2025-05-29T01:00:00Z');
  const tokens = new ServiceTokens(known, clock);
  return {
    clock,
    sign: (name: string, what = asked) => signService(signers[name]!, what, clock.now()),
    take: (token: string, what = asked) => tokens.take({ [serviceHeader]: token }, what),
  };
}

describe('a service that asks another', () => {
  it('is known by its own key', async () => {
    const { sign, take } = atTheDoor();
    expect(await take(await sign('gateway'))).toBe('gateway');
    expect(await take(await sign('receipts'))).toBe('receipts');
  });

  it('cannot call itself by another’s name, nor by one that nobody knows', async () => {
    const { clock, take } = atTheDoor();
    for (const name of ['gateway', 'nobody', '__proto__']) {
      const signer = { ...signers['receipts']!, name };
      expect(await take(await signService(signer, asked, clock.now()))).toBeUndefined();
    }
  });

  it.each<[string, Asked]>([
    ['another door', { ...asked, door: 'inbox' }],
    ['another call', { ...asked, call: 'signOut' }],
    ['with something else', { ...asked, given: ['another secret'] }],
    ['with nothing', { door: 'access', call: 'authenticate' }],
  ])('asks just what it signed, and not %s', async (_what, other) => {
    const { sign, take } = atTheDoor();
    expect(await take(await sign('gateway', other))).toBeUndefined();
  });

  it('asks once with a token: who has listened asks in vain', async () => {
    const { clock, sign, take } = atTheDoor();
    const token = await sign('gateway');
    expect(await take(token)).toBe('gateway');
    for (const waitedMs of [0, 5_000, 5_500]) {
      clock.advance(waitedMs);
      expect(await take(token)).toBeUndefined();
    }
    expect(await take(await sign('gateway'))).toBe('gateway');
  });

  it('asks once also where its clock is ahead by all that is tolerated: the token is remembered to its end', async () => {
    const { clock, take } = atTheDoor();
    const ahead = new Date(clock.now().getTime() + clockSkewSeconds * 1_000);
    const token = await signService(signers['gateway']!, asked, ahead);
    expect(await take(token)).toBe('gateway');
    for (let second = 0; second < serviceTokenSeconds + 2 * clockSkewSeconds; second += 1) {
      expect(await take(token).catch(() => undefined)).toBeUndefined();
      clock.advance(1_000);
      // Whoever else asks has old tokens forgotten.
      await take(await signService(signers['gateway']!, asked, clock.now()));
    }
    await expect(take(token)).rejects.toMatchObject({ code: 'access/unauthenticated' });
  });

  it.each([
    ['behind', -(serviceTokenSeconds + clockSkewSeconds)],
    ['ahead', clockSkewSeconds + 1],
    ['an hour ahead', 3_600],
  ])('is told both times and what is tolerated where its clock is %s', async (_what, seconds) => {
    const { clock, take } = atTheDoor();
    const signedAt = new Date(clock.now().getTime() + seconds * 1_000);
    const token = await signService(signers['gateway']!, asked, signedAt);
    await expect(take(token)).rejects.toMatchObject({
      code: 'access/unauthenticated',
      parts: {
        details: { signedAt: signedAt.toISOString(), seenAt: clock.now().toISOString(), clockSkewSeconds: 2 },
      },
    });
  });

  it('is not believed with a token that has expired, was changed, or is no token', async () => {
    const { clock, sign, take } = atTheDoor();
    const token = await sign('gateway');
    const [head = '', claims = '', signature = ''] = token.split('.');
    const raised = Buffer.from(
      Buffer.from(claims, 'base64url').toString().replace('"gateway"', '"receipts"'),
    ).toString('base64url');
    for (const wrong of [`${head}.${raised}.${signature}`, `${head}.${claims}.`, 'x', ''])
      expect(await take(wrong)).toBeUndefined();
    clock.advance((serviceTokenSeconds + clockSkewSeconds) * 1_000);
    await expect(take(token)).rejects.toMatchObject({ code: 'access/unauthenticated' });
  });

  it('is not believed with the context of a person, nor with the plain text of a public key as a secret', async () => {
    const { clock, sign, take } = atTheDoor();
    const person = { staffId: '33333333-3333-4333-8333-333333333333', secondFactor: true, grants: [] };
    expect(await take(await signContext(person, signers['gateway']!, 'access', clock.now()))).toBeUndefined();
    const [publicKey] = known.of('gateway');
    const secret = Buffer.from(publicKey!.export({ type: 'spki', format: 'pem' }));
    const claims = decodeJwt(await sign('gateway'));
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await take(forged)).toBeUndefined();
  });
});
