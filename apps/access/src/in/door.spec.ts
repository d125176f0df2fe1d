import { beforeEach, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { OpenedSession } from '#contracts/access-door.js';
import { SetClock } from '#testing/set-clock.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { accessOver, type Access } from '../access.js';
import type { FundTree } from '../read/fund/fund.query.js';
import { onceBy, staffStream } from '../streams.js';
import { InProcessAccessDoor } from './door.js';
import { sessionMs } from './sessions.js';
import { firstStaffId } from './set-up.js';

const password = 'mùa xuân trên núi';
const first = { login: 'Lan', password, name: 'Nguyễn Thị Lan', email: 'lan@quy.example' };
const province = '11111111-1111-4111-8111-111111111111';
const commune = '22222222-2222-4222-8222-222222222222';
const communes: FundTree = {
  under: (ids: readonly string[]) =>
    Promise.resolve(new Map(ids.includes(province) ? [[province, [commune]]] : [])),
};

describe('the door', () => {
  let clock: SetClock;
  let store: InMemoryEventStore;
  let access: Access;
  let door: InProcessAccessDoor;

  beforeEach(() => {
    clock = new SetClock('2025-05-29T01:00:00Z');
    store = new InMemoryEventStore(clock);
    const room = new InMemoryVault().room('staff');
    // Many sign-ins fail here; that each takes its time has a test of its own.
    access = accessOver(store, room, clock, { signInFailsAfterMs: 0 });
    door = new InProcessAccessDoor(access.streams, access, communes, clock);
  });

  async function setUp(): Promise<OpenedSession> {
    const path = await access.setUp.linkAtBoot();
    return door.setUp(path?.split('link=')[1] ?? '', first);
  }

  function codeFor(secret: string): string {
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
  }

  async function enrolled(): Promise<{ session: OpenedSession; codes: string }> {
    const { secret } = await setUp();
    const { secret: codes } = await door.enrol(secret);
    return { session: await door.confirm(secret, codeFor(codes)), codes };
  }

  describe('setting up', () => {
    it('makes the first administrator with the link, once', async () => {
      const path = await access.setUp.linkAtBoot();
      const link = path?.split('link=')[1] ?? '';
      expect(path).toMatch(/^\/setup\?link=[A-Za-z0-9_-]{43}$/);
      expect(await door.isSetUpOpen(link)).toBe(true);
      expect(await door.setUp(link, first)).toMatchObject({ secondFactor: 'to-enrol' });
      expect(await door.isSetUpOpen(link)).toBe(false);
      await expect(door.setUp(link, first)).rejects.toThrow('access/set-up-closed');
      expect(await access.setUp.linkAtBoot()).toBeUndefined();
    });

    it('forgets the link when it makes another, and takes no other', async () => {
      const old = (await access.setUp.linkAtBoot())?.split('link=')[1] ?? '';
      await access.setUp.linkAtBoot();
      for (const link of [old, '', 'x'])
        await expect(door.setUp(link, first)).rejects.toThrow('access/set-up-closed');
    });

    it('keeps the link when the password is too weak or the login name odd', async () => {
      const link = (await access.setUp.linkAtBoot())?.split('link=')[1] ?? '';
      await expect(door.setUp(link, { ...first, password: 'short' })).rejects.toThrow('access/password-weak');
      await expect(door.setUp(link, { ...first, login: 'a b' })).rejects.toThrow('access/login-malformed');
      expect(await door.setUp(link, first)).toBeDefined();
    });
  });

  describe('signing in', () => {
    it('knows the person by the session, whose roles need the second factor', async () => {
      const { secret } = await setUp();
      expect(await door.authenticate(secret)).toMatchObject({
        secondFactor: 'to-enrol',
        caller: {
          staffId: firstStaffId,
          secondFactor: false,
          grants: [{ role: 'administrator', fundId: '*' }],
          credential: { kind: 'session' },
        },
      });
      expect(await door.profile(secret)).toMatchObject({ name: 'Nguyễn Thị Lan' });
    });

    it.each([
      ['a wrong password', 'lan', 'mùa xuân trên đồi'],
      ['an unknown name', 'mai', password],
      ['a name that is none', 'a b', password],
    ])('refuses %s alike', async (_what, login, given) => {
      await setUp();
      await expect(door.signIn(login, given)).rejects.toThrow('access/sign-in-failed');
    });

    it('refuses no sooner where there is nobody', async () => {
      const usual = accessOver(store, new InMemoryVault().room('staff'), clock);
      const slow = new InProcessAccessDoor(usual.streams, usual, communes, clock);
      const began = performance.now();
      await expect(slow.signIn('mai', password)).rejects.toThrow('access/sign-in-failed');
      expect(performance.now() - began).toBeGreaterThan(290);
    });

    it('takes the password in any form of the same letters', async () => {
      await setUp();
      expect(await door.signIn(' LAN ', password.normalize('NFD'))).toBeDefined();
    });

    it('locks after five failures, also for the right password, and opens again', async () => {
      await setUp();
      for (let failure = 0; failure < 5; failure += 1)
        await expect(door.signIn('lan', 'wrong wrong wrong')).rejects.toThrow('access/sign-in-failed');
      await expect(door.signIn('lan', password)).rejects.toThrow('access/sign-in-failed');
      clock.advance(60_000);
      expect(await door.signIn('lan', password)).toBeDefined();
    });

    it('is not kept from where the person signed in before by failures elsewhere', async () => {
      await setUp();
      await door.signIn('lan', password, '192.0.2.1');
      for (let failure = 0; failure < 6; failure += 1)
        await expect(door.signIn('lan', 'wrong wrong wrong', '198.51.100.1')).rejects.toThrow();
      await expect(door.signIn('lan', password, '203.0.113.1')).rejects.toThrow('access/sign-in-failed');
      expect(await door.signIn('lan', password, '192.0.2.1')).toBeDefined();
    });

    it('counts failures that come at the same time', async () => {
      await setUp();
      const tries = Array.from({ length: 5 }, () =>
        door.signIn('lan', 'wrong wrong wrong').catch(() => undefined),
      );
      await Promise.all(tries);
      await expect(door.signIn('lan', password)).rejects.toThrow('access/sign-in-failed');
    });

    it('ends when it is signed out, when the day is over, and when the password changes', async () => {
      await setUp();
      const [one, two, three] = [
        await door.signIn('lan', password),
        await door.signIn('lan', password),
        await door.signIn('lan', password),
      ];
      await door.signOut(one.secret);
      expect(await door.authenticate(one.secret)).toBeUndefined();
      const { state } = await access.streams.staff.load(staffStream(firstStaffId));
      if (state.status === 'none') throw new Error('nobody');
      const chosen = { present: password, next: 'mùa thu bên sông', network: '192.0.2.1' };
      await access.passwords.change(state, firstStaffId, chosen);
      expect(await door.authenticate(two.secret)).toBeUndefined();
      const four = await door.signIn('lan', 'mùa thu bên sông');
      clock.advance(sessionMs);
      expect(await door.authenticate(four.secret)).toBeUndefined();
      expect(await door.authenticate(three.secret)).toBeUndefined();
    });

    it.each(['', 'x', 'mns_AAAAAAAAAAAAAAAAAAAAAA_' + 'A'.repeat(43)])(
      'knows nobody by %j',
      async (secret) => {
        await setUp();
        expect(await door.authenticate(secret)).toBeUndefined();
        expect(await door.profile(secret)).toBeUndefined();
        await expect(door.giveCode(secret, '123456')).rejects.toThrow('staff/session-ended');
      },
    );
  });

  describe('the second factor', () => {
    it('is set up with a code, and from then on asked for', async () => {
      const { session, codes } = await enrolled();
      expect(session.secondFactor).toBe('given');
      clock.advance(30_000);
      const again = await door.signIn('lan', password);
      expect(again.secondFactor).toBe('asked');
      expect((await door.authenticate(again.secret))?.caller).toMatchObject({
        grants: [],
        secondFactor: false,
      });
      const raised = await door.giveCode(again.secret, codeFor(codes));
      expect(await door.authenticate(raised.secret)).toMatchObject({
        secondFactor: 'given',
        caller: { secondFactor: true, grants: [{ role: 'administrator', fundId: '*' }] },
      });
    });

    it('changes the secret of the session when it is given', async () => {
      const { secret } = await setUp();
      const { secret: codes } = await door.enrol(secret);
      const raised = await door.confirm(secret, codeFor(codes));
      expect(await door.authenticate(secret)).toBeUndefined();
      expect(await door.authenticate(raised.secret)).toBeDefined();
    });

    it('takes a code once, and no other', async () => {
      const { codes } = await enrolled();
      const { secret } = await door.signIn('lan', password);
      for (const code of [codeFor(codes), '000000', '', 'abcdef'])
        await expect(door.giveCode(secret, code)).rejects.toThrow('access/code-wrong');
    });

    it('cannot be set up anew before the code is given', async () => {
      await enrolled();
      const { secret } = await door.signIn('lan', password);
      await expect(door.enrol(secret)).rejects.toThrow('staff/second-factor-due');
      await expect(door.confirm(secret, '123456')).rejects.toThrow('staff/second-factor-unknown');
    });

    it('names the account in the authenticator app', async () => {
      const { secret } = await setUp();
      const { uri } = await door.enrol(secret);
      expect(decodeURIComponent(uri)).toMatch(/^otpauth:\/\/totp\/Măng Non:lan@quy\.example\?.*period=30/);
    });
  });

  describe('a link to choose a password', () => {
    const staffId = '33333333-3333-4333-8333-333333333333';

    async function hired(): Promise<string> {
      const link = access.passwords.makeLink(staffId);
      await access.accounts.register(
        {
          ...{ fundId: province, login: 'minh', by: firstStaffId },
          contact: { name: 'Trần Văn Minh', email: 'minh@quy.example' },
        },
        link,
        { actor: `staff:${firstStaffId}`, commandId: staffId, correlationId: staffId },
      );
      return link.secret;
    }

    it('works once, within three days', async () => {
      const link = await hired();
      expect(await door.isLinkOpen(link)).toBe(true);
      await expect(door.setPassword(link, 'minh minh minh')).rejects.toThrow('access/password-weak');
      await door.setPassword(link, password);
      expect(await door.isLinkOpen(link)).toBe(false);
      await expect(door.setPassword(link, password)).rejects.toThrow('staff/link-invalid');
      expect(await door.signIn('minh', password)).toMatchObject({ secondFactor: 'not-needed' });
    });

    it('expires', async () => {
      const link = await hired();
      clock.advance(72 * 3_600_000);
      expect(await door.isLinkOpen(link)).toBe(false);
      await expect(door.setPassword(link, password)).rejects.toThrow('staff/link-invalid');
    });

    it('is asked for without telling who exists', async () => {
      await hired();
      for (const login of ['minh', 'nobody', '']) expect(await door.requestLink(login)).toBeUndefined();
      await door.onModuleDestroy();
      expect((await access.accounts.find('minh'))?.account.linkRequested).toBe(true);
    });

    it('carries the funds under a fund, and a token only its own', async () => {
      const link = await hired();
      await door.setPassword(link, password);
      const { secret } = await door.signIn('minh', password);
      const grant = {
        role: 'cashier',
        fundId: province,
        below: true,
        from: '2025-05-29',
        until: null,
      } as const;
      await access.streams.staff.command(
        staffStream(staffId),
        { kind: 'GiveGrant', by: firstStaffId, grantId: 'g', ...grant },
        onceBy(`staff:${firstStaffId}`),
      );
      expect((await door.authenticate(secret))?.caller.grants).toEqual([
        { role: 'cashier', fundId: province, below: true },
        { role: 'cashier', fundId: commune },
      ]);
    });
  });

  describe('through whose hands an access went', () => {
    const chain = ['a', 'b', 'c'].map((digit) => digit.repeat(8) + '-3333-4333-8333-333333333333');
    const [anh, bao, chi] = chain as [string, string, string];

    /** Registered by `by`, who is told; the password is chosen by whoever has the link. */
    async function register(staffId: string, by: string): Promise<string> {
      const link = access.passwords.makeLink(staffId);
      const login = `login.${staffId.slice(0, 1)}`;
      const contact = { name: 'Tên Giả Định', email: 'gia.dinh@quy.example' };
      const context = { actor: `staff:${by}`, commandId: staffId, correlationId: staffId } as const;
      await access.accounts.register({ fundId: commune, contact, login, by }, link, context);
      await door.setPassword(link.secret, password);
      return login;
    }

    async function enabledBy(login: string): Promise<readonly string[] | undefined> {
      const { secret } = await door.signIn(login, password);
      return (await door.authenticate(secret))?.caller.enabledBy;
    }

    it('names who registered the person, and who is behind that one, also when he has left', async () => {
      await register(anh, firstStaffId);
      await register(bao, anh);
      const login = await register(chi, bao);
      const all = [bao, anh, firstStaffId];
      expect(await enabledBy(login)).toEqual(all);
      const leave = { kind: 'WithdrawStaff', by: firstStaffId } as const;
      await access.streams.staff.command(staffStream(bao), leave, onceBy(`staff:${firstStaffId}`));
      clock.advance(1_000);
      expect(await enabledBy(login)).toEqual(all);
    });

    it('names nobody for the first administrator, and ends where two are behind each other', async () => {
      expect((await door.authenticate((await setUp()).secret))?.caller).not.toHaveProperty('enabledBy');
      await register(anh, bao);
      const login = await register(bao, anh);
      expect(await enabledBy(login)).toEqual([anh]);
    });
  });

  it('keeps names, passwords and secrets out of the events', async () => {
    const { session, codes } = await enrolled();
    const written: string[] = [];
    for await (const { events, caughtUp } of store.subscribe({
      consumer: 'spec',
      signal: new AbortController().signal,
    })) {
      written.push(JSON.stringify(events));
      if (caughtUp) break;
    }
    const all = written.join('');
    expect(all).toContain('SecondFactorConfirmed');
    for (const secret of ['Lan', 'lan@', password, codes, session.secret, 'argon2'])
      expect(all).not.toContain(secret);
  });
});
