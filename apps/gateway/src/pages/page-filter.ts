import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toldOf } from '#platform/http/problem-filter.js';
import { html } from './html.js';
import { pageFaults } from './page-faults.js';
import { Pages } from './pages.js';

/** Sends whoever is not signed in to do so, and tells every other error on a page. */
@Catch()
@Injectable()
export class PageFilter implements ExceptionFilter {
  constructor(private readonly pages: Pages) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { code, answer, parts } = toldOf(error, request, pageFaults);
    if (code === 'access/unauthenticated' || code === 'staff/session-ended') {
      const next = request.method === 'GET' && request.url !== '/' ? encodeURIComponent(request.url) : '';
      void reply.redirect(next === '' ? '/sign-in' : `/sign-in?next=${next}`, 303);
      return;
    }
    if (code === 'access/second-factor-required') {
      void reply.redirect('/second-factor', 303);
      return;
    }
    const sentence = answer[this.pages.languageOf(request)];
    const instance = parts?.instance;
    this.pages.show(
      { request, reply: reply.headers(parts?.headers ?? {}) },
      {
        title: this.pages.textsFor(request).problem,
        status: answer.status,
        body: html`<p class="fault" role="alert">${sentence}</p>
          ${instance !== undefined && html`<p><code>${instance}</code></p>`}
          <p><a href="/">${this.pages.textsFor(request).home}</a></p>`,
      },
    );
  }
}
