import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#kernel/roles.js';
import { RequestFault } from './request-fault.js';

/** A request after the guard: it knows who is asking. */
export interface AskedRequest extends FastifyRequest {
  caller?: Caller;
}

/** Who is asking; throws `access/unauthenticated` on a route where nobody was asked to sign in. */
export function callerOf(request: AskedRequest): Caller {
  if (!request.caller) throw new RequestFault('access/unauthenticated');
  return request.caller;
}

/** Gives the handler the {@link Caller}. */
export const AskedBy = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<AskedRequest>()),
);
