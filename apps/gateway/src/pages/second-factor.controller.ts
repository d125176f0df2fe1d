import { Body, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDoor, Standing } from '#contracts/access-door.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { Public } from '#platform/http/allow.js';
import { ACCESS_DOOR } from '#platform/tokens.js';
import { readCookie, sessionCookie } from '../cookies.js';
import type { FormView } from './forms.js';
import { Html, html } from './html.js';
import type { PageTexts } from './page-texts.js';
import { Pages } from './pages.js';
import { CodeForm } from './pages.http.js';
import { codeInput, keepSession, PageController } from './sign-in.controller.js';

/** Setting up an authenticator app. The routes are public because the session may still lack what others ask for. */
@PageController('second-factor')
export class SecondFactorController {
  constructor(
    @Inject(ACCESS_DOOR) private readonly door: AccessDoor,
    private readonly pages: Pages,
  ) {}

  @Get()
  @Public()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const standing = await this.#standing(request);
    if (standing.secondFactor === 'asked') {
      await reply.redirect('/sign-in/code', 303);
      return;
    }
    this.pages.form({ request, reply }, beginForm(this.pages.textsFor(request), standing));
  }

  @Post()
  @Public()
  async begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const texts = this.pages.textsFor(request);
    const { uri, secret } = await this.door.enrol(secretOf(request));
    const { toString: qrCode } = await import('qrcode');
    const svg = await qrCode(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
    const before = html`<p>${texts.scan}</p>
      <div class="qr" role="img" aria-label="${texts.qr}">${new Html(svg)}</div>
      <p>${texts.key}: <code>${secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code></p>`;
    this.pages.form({ request, reply }, { ...confirmForm(texts), before });
  }

  @Post('confirmation')
  @Public()
  confirm(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { code }: CodeForm,
  ): Promise<void> {
    return this.pages.submit({ request, reply }, confirmForm(this.pages.textsFor(request)), async () => {
      keepSession(reply, await this.door.confirm(secretOf(request), code));
      return '/';
    });
  }

  async #standing(request: FastifyRequest): Promise<Standing> {
    const standing = await this.door.authenticate(secretOf(request));
    if (!standing) throw new DomainRefusal('staff/session-ended');
    return standing;
  }
}

function secretOf(request: FastifyRequest): string {
  return readCookie(request, sessionCookie) ?? '';
}

function beginForm(texts: PageTexts, { secondFactor }: Standing): FormView {
  const why = secondFactor === 'given' ? texts.secondFactorGiven : texts.secondFactorWhy;
  return {
    title: texts.secondFactor,
    action: '/second-factor',
    submit: texts.begin,
    inputs: [],
    before: html`<p>${why}</p>`,
  };
}

function confirmForm(texts: PageTexts): FormView {
  return {
    title: texts.secondFactor,
    action: '/second-factor/confirmation',
    submit: texts.confirm,
    inputs: [codeInput(texts)],
    after: html`<p><a href="/second-factor">${texts.again}</a></p>`,
  };
}
