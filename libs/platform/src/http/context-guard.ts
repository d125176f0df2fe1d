import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Caller } from '#kernel/roles.js';
import type { Clock } from '../clock.js';
import type { KnownKeys } from '../keys/key-pairs.js';
import { ROUTE_ACCESS, type RouteAccess } from './allow.js';
import type { AskedRequest } from './asked-by.js';
import { assertGrantedSomewhere } from './caller.js';
import { RequestFault } from './request-fault.js';
import { contextHeader, verifyContext, type VerifiedContext } from './signed-context.js';

/** The access that a route declares; undefined where it declares none. */
export function accessOf(handler: object, controller: object): RouteAccess | undefined {
  return (Reflect.getMetadata(ROUTE_ACCESS, handler) ?? Reflect.getMetadata(ROUTE_ACCESS, controller)) as
    RouteAccess | undefined;
}

/** Lets the caller through, or throws `access/unauthenticated`, `access/forbidden` or `access/second-factor-required`. */
export function assertAllowed(access: RouteAccess | undefined, caller: Caller | undefined): void {
  if (access?.kind === 'public') return;
  if (!caller)
    throw new RequestFault('access/unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
  if (access?.kind === 'staff') return;
  if (!access) throw new RequestFault('access/forbidden');
  assertGrantedSomewhere(caller, access.roles);
}

const verifiedMax = 1_000;

/** A service's guard: trusts nothing but a context that the gateway signed seconds ago, and denies by default. */
export class ContextGuard implements CanActivate {
  /** Checked once each; the gateway hands on the same one for a second. */
  readonly #verified = new Map<string, VerifiedContext>();
  /** Those who come together with a new one wait for one check of it. */
  readonly #verifying = new Map<string, Promise<VerifiedContext | undefined>>();

  constructor(
    private readonly known: KnownKeys,
    private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AskedRequest>();
    delete request.caller;
    const signed = request.headers[contextHeader];
    const caller = typeof signed === 'string' ? await this.#callerOf(signed) : undefined;
    assertAllowed(accessOf(context.getHandler(), context.getClass()), caller);
    if (caller) request.caller = caller;
    return true;
  }

  async #callerOf(signed: string): Promise<Caller | undefined> {
    const now = this.clock.now();
    const known = this.#verified.get(signed);
    if (known && known.expiresAtMs > now.getTime()) return known.caller;
    this.#verified.delete(signed);
    let verifying = this.#verifying.get(signed);
    if (!verifying) this.#verifying.set(signed, (verifying = this.#verify(signed, now)));
    return (await verifying)?.caller;
  }

  async #verify(signed: string, now: Date): Promise<VerifiedContext | undefined> {
    try {
      const verified = await verifyContext(signed, this.known, now);
      if (verified) this.#verified.set(signed, verified);
      const [oldest] = this.#verified.keys();
      if (oldest !== undefined && this.#verified.size > verifiedMax) this.#verified.delete(oldest);
      return verified;
    } finally {
      this.#verifying.delete(signed);
    }
  }
}
