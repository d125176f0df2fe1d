import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toldOf, type Told } from '#platform/http/problem-filter.js';
import { html } from './html.js';
import { pageFaults } from './page-faults.js';
import { isPath } from './pages.http.js';
import { Pages, type Exchange } from './pages.js';

/** Sends whoever is not signed in to do so, and tells every other error on a page. */
@Catch()
@Injectable()
export class PageFilter implements ExceptionFilter {
  constructor(private readonly pages: Pages) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const told = toldOf(error, request, pageFaults);
    const path = elsewhere(told.code, request);
    if (path === undefined) this.#tell({ request, reply }, told);
    else void reply.redirect(path, 303);
  }

  #tell({ request, reply }: Exchange, { answer, parts }: Told): void {
    const texts = this.pages.textsFor(request);
    const instance = parts?.instance;
    const body = html`<p class="fault" role="alert">${answer[this.pages.languageOf(request)]}</p>
      ${instance !== undefined && html`<p><code>${instance}</code></p>`}
      <p><a href="/">${texts.home}</a></p>`;
    void reply.headers(parts?.headers ?? {});
    this.pages.show({ request, reply }, { title: texts.problem, status: answer.status, body });
  }
}

/** Where to send somebody whose session does not suffice; undefined for what is told in place. */
function elsewhere(code: string, request: FastifyRequest): string | undefined {
  if (code === 'access/second-factor-required') return '/second-factor';
  if (code !== 'access/unauthenticated' && code !== 'staff/session-ended') return undefined;
  const { method, url } = request;
  const leadsBack = method === 'GET' && url !== '/' && isPath(url);
  return leadsBack ? `/sign-in?next=${encodeURIComponent(url)}` : '/sign-in';
}
