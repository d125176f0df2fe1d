import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import type { Caller } from '#kernel/roles.js';
import { SetClock } from '#testing/set-clock.js';
import { keysWithin } from '../keys/key-pairs.js';
import { clockSkewSeconds } from '../keys/signed-token.js';
import { AllowStaff } from './allow.js';
import type { AskedRequest } from './asked-by.js';
import { ContextGuard } from './context-guard.js';
import { contextSeconds, signContext } from './signed-context.js';

const { signer, known } = keysWithin(['ledger']);
const fundId = '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e';
const caller: Caller = {
  staffId: '33333333-3333-4333-8333-333333333333',
  secondFactor: true,
  grants: [
    { role: 'cashier', fundId },
    { role: 'auditor', fundId, below: true },
    { role: 'administrator', fundId: '*' },
  ],
  enabledBy: ['44444444-4444-4444-8444-444444444444'],
  credential: { kind: 'token', id: 'x' },
};

class Staff {
  @AllowStaff()
  list(): void {
    // Only its metadata counts.
  }
}

function asking(signed: string | undefined): { request: AskedRequest; context: ExecutionContext } {
  const headers = signed === undefined ? {} : { 'mangnon-context': signed };
  const request = { headers, caller: { staffId: 'planted' } } as unknown as AskedRequest;
  const context = {
    getType: () => 'http',
    getHandler: () => Staff.prototype.list,
    getClass: () => Staff,
    switchToHttp: () => ({ getRequest: () => request }),
  } as unknown as ExecutionContext;
  return { request, context };
}

describe('the guard of a service', () => {
  it('gives the handler who signed in at the gateway, whole', async () => {
    const clock = new SetClock('2025-05-29T01:00:00Z');
    const guard = new ContextGuard(known, clock);
    const { request, context } = asking(await signContext(caller, signer, 'ledger', clock.now()));
    expect(await guard.canActivate(context)).toBe(true);
    expect(request.caller).toEqual(caller);
  });

  it('believes a context it has seen no longer than it holds', async () => {
    const clock = new SetClock('2025-05-29T01:00:00Z');
    const guard = new ContextGuard(known, clock);
    const { context } = asking(await signContext(caller, signer, 'ledger', clock.now()));
    expect(await guard.canActivate(context)).toBe(true);
    clock.advance(contextSeconds * 1000 - 1);
    expect(await guard.canActivate(context)).toBe(true);
    clock.advance(clockSkewSeconds * 1000 + 1);
    await expect(guard.canActivate(context)).rejects.toThrow('access/unauthenticated');
  });

  it('believes what was signed for another service no more than what is signed by another', async () => {
    const clock = new SetClock('2025-05-29T01:00:00Z');
    const guard = new ContextGuard(known, clock);
    for (const word of [
      await signContext(caller, signer, 'receipts', clock.now()),
      await signContext(caller, keysWithin([]).signer, 'ledger', clock.now()),
    ])
      await expect(guard.canActivate(asking(word).context)).rejects.toThrow('access/unauthenticated');
  });

  it('believes nothing that stands on the request already', async () => {
    const { request, context } = asking(undefined);
    const guard = new ContextGuard(known, new SetClock('2025-05-29T01:00:00Z'));
    await expect(guard.canActivate(context)).rejects.toThrow('access/unauthenticated');
    expect(request.caller).toBeUndefined();
  });
});
