import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AskedRequest } from '#platform/http/asked-by.js';
import { accessOf, assertAllowed } from '#platform/http/context-guard.js';
import { gatewayName } from '#platform/keys/key-pairs.js';
import { contextHeader } from '#platform/http/signed-context.js';
import { WhoAsks } from './who-asks.js';

/**
 * The door's guard: finds out who asks, checks the route, and hands the caller on as a signed context. What a client sends
 * as such a context is thrown away.
 */
@Injectable()
export class EdgeGuard implements CanActivate {
  constructor(private readonly whoAsks: WhoAsks) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AskedRequest>();
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a fixed header name
    delete request.headers[contextHeader];
    const access = accessOf(context.getHandler(), context.getClass());
    if (access?.kind === 'public') return true;
    const standing = await this.whoAsks.find(request);
    assertAllowed(access, standing?.caller);
    if (standing) request.headers[contextHeader] = await this.whoAsks.context(standing, gatewayName);
    return true;
  }
}
