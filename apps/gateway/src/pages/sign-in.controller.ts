import {
  applyDecorators,
  Body,
  Controller,
  Get,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDoor, OpenedSession } from '#contracts/access-door.js';
import { Public } from '#platform/http/allow.js';
import { networkOf } from '#platform/http/network.js';
import { ACCESS_DOOR } from '#platform/tokens.js';
import { csrfCookie, languageCookie, readCookie, sessionCookie, setCookie } from '../cookies.js';
import { FormGuard } from './form-guard.js';
import { html } from './html.js';
import type { FormView } from './forms.js';
import { PageFilter } from './page-filter.js';
import type { PageTexts } from './page-texts.js';
import { Pages } from './pages.js';
import { BackQuery, CodeForm, NextQuery, SignInForm } from './pages.http.js';

const yearSeconds = 365 * 24 * 3600;

/** A controller of pages: not part of the API, its forms carry tokens, its errors are pages. */
export function PageController(path = ''): ClassDecorator {
  return applyDecorators(
    Controller(path),
    ApiExcludeController(),
    UseGuards(FormGuard),
    UseFilters(PageFilter),
  );
}

/** Keeps the session's new secret in its cookie, and lets later forms be bound to it alone. */
export function keepSession(reply: FastifyReply, { secret }: OpenedSession): void {
  setCookie(reply, sessionCookie, secret);
  setCookie(reply, csrfCookie, '', 0);
}

/** Where to go after signing in: on to the second factor where it is asked for or due. */
export function pathAfter({ secondFactor }: OpenedSession, next = '/'): string {
  if (secondFactor === 'asked') return `/sign-in/code?next=${encodeURIComponent(next)}`;
  return secondFactor === 'to-enrol' ? '/second-factor' : next;
}

/** Signing in and out, and the language of the pages. */
@PageController()
export class SignInController {
  constructor(
    @Inject(ACCESS_DOOR) private readonly door: AccessDoor,
    private readonly pages: Pages,
  ) {}

  @Get('sign-in')
  @Public()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: NextQuery): void {
    const texts = this.pages.textsFor(request);
    const done = query.done === '1' ? { before: html`<p class="done">${texts.passwordChosen}</p>` } : {};
    this.pages.form({ request, reply }, { ...signInForm(texts, '', query.next), ...done });
  }

  @Post('sign-in')
  @Public()
  signIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { login, password, next }: SignInForm,
  ): Promise<void> {
    const form = signInForm(this.pages.textsFor(request), login, next);
    return this.pages.submit({ request, reply }, form, async () => {
      const opened = await this.door.signIn(login, password, networkOf(request.ip));
      keepSession(reply, opened);
      return pathAfter(opened, next);
    });
  }

  @Get('sign-in/code')
  @Public()
  showCode(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: NextQuery): void {
    this.pages.form({ request, reply }, codeForm(this.pages.textsFor(request), query.next));
  }

  @Post('sign-in/code')
  @Public()
  giveCode(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { code, next }: CodeForm,
  ): Promise<void> {
    const form = codeForm(this.pages.textsFor(request), next);
    return this.pages.submit({ request, reply }, form, async () => {
      const opened = await this.door.giveCode(readCookie(request, sessionCookie) ?? '', code);
      keepSession(reply, opened);
      return next ?? '/';
    });
  }

  @Post('sign-out')
  @Public()
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.door.signOut(readCookie(request, sessionCookie) ?? '');
    setCookie(reply, sessionCookie, '', 0);
    setCookie(reply, csrfCookie, '', 0);
    await reply.redirect('/sign-in', 303);
  }

  @Get('language/:language')
  @Public()
  async chooseLanguage(
    @Param('language') language: string,
    @Query() { back }: BackQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    setCookie(reply, languageCookie, language === 'en' ? 'en' : 'vi', yearSeconds);
    await reply.redirect(back ?? '/', 303);
  }
}

function signInForm(texts: PageTexts, login: string, next: string | undefined): FormView {
  return {
    title: texts.signIn,
    action: '/sign-in',
    submit: texts.signIn,
    inputs: [
      { name: 'login', label: texts.login, autocomplete: 'username', value: login },
      { name: 'password', label: texts.password, type: 'password', autocomplete: 'current-password' },
    ],
    ...(next === undefined ? {} : { hidden: { next } }),
    after: html`<p><a href="/reset">${texts.forgotten}</a></p>`,
  };
}

function codeForm(texts: PageTexts, next: string | undefined): FormView {
  return {
    title: texts.secondFactor,
    action: '/sign-in/code',
    submit: texts.confirm,
    inputs: [codeInput(texts)],
    ...(next === undefined ? {} : { hidden: { next } }),
  };
}

/** The input for a one-time code. */
export function codeInput(texts: PageTexts): FormView['inputs'][number] {
  return {
    name: 'code',
    label: texts.code,
    hint: texts.codeHint,
    autocomplete: 'one-time-code',
    numeric: true,
  };
}
