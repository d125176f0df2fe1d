import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequestFault } from '#platform/http/request-fault.js';
import { csrfField } from '../csrf.js';
import { Pages } from './pages.js';

/** Lets a form in only with the token of its own page. Throws `access/cross-site`. */
@Injectable()
export class FormGuard implements CanActivate {
  constructor(private readonly pages: Pages) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'POST') return true;
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    if (this.pages.tokens.matches(request, body[csrfField])) return true;
    throw new RequestFault('access/cross-site');
  }
}
