import { Body, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDoor } from '#contracts/access-door.js';
import { Public } from '#platform/http/allow.js';
import { ACCESS_DOOR } from '#platform/tokens.js';
import { linkCookie, readCookie, setCookie } from '../cookies.js';
import type { FormView, InputView } from './forms.js';
import { html } from './html.js';
import type { PageTexts } from './page-texts.js';
import { Pages, type Exchange } from './pages.js';
import { LinkQuery, PasswordForm, ResetForm, SetUpForm } from './pages.http.js';
import { keepSession, PageController, pathAfter } from './sign-in.controller.js';

/** Time enough to choose a password; the link itself may be opened again. */
const linkSeconds = 3_600;

/** What one-time links open: the first administrator, and choosing a password. */
@PageController()
export class PasswordsController {
  constructor(
    @Inject(ACCESS_DOOR) private readonly door: AccessDoor,
    private readonly pages: Pages,
  ) {}

  @Get('setup')
  @Public()
  async showSetUp(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: LinkQuery,
  ): Promise<void> {
    if (query.link !== undefined) return leadOn(reply, '/setup', query.link);
    const link = readCookie(request, linkCookie) ?? '';
    const texts = this.pages.textsFor(request);
    if (await this.door.isSetUpOpen(link)) this.pages.form({ request, reply }, setUpForm(texts, { link }));
    else this.#closed({ request, reply }, texts.setUp);
  }

  @Post('setup')
  @Public()
  setUp(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { link, login, password, name, email }: SetUpForm,
  ): Promise<void> {
    const form = setUpForm(this.pages.textsFor(request), { link, login, name, email });
    return this.pages.submit({ request, reply }, form, async () => {
      const opened = await this.door.setUp(link, { login, password, name, email });
      setCookie(reply, linkCookie, '', 0);
      keepSession(reply, opened);
      return pathAfter(opened);
    });
  }

  @Get('reset')
  @Public()
  showReset(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.pages.form({ request, reply }, resetForm(this.pages.textsFor(request)));
  }

  @Post('reset')
  @Public()
  async reset(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { login }: ResetForm,
  ): Promise<void> {
    await this.door.requestLink(login);
    const texts = this.pages.textsFor(request);
    const body = html`<p class="done">${texts.resetDone}</p>
      <p><a href="/sign-in">${texts.signIn}</a></p>`;
    this.pages.show({ request, reply }, { title: texts.reset, body });
  }

  @Get('password')
  @Public()
  async showPassword(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: LinkQuery,
  ): Promise<void> {
    if (query.link !== undefined) return leadOn(reply, '/password', query.link);
    const link = readCookie(request, linkCookie) ?? '';
    const texts = this.pages.textsFor(request);
    if (await this.door.isLinkOpen(link)) this.pages.form({ request, reply }, passwordForm(texts, link));
    else this.#closed({ request, reply }, texts.choosePassword);
  }

  @Post('password')
  @Public()
  choose(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() { link, password }: PasswordForm,
  ): Promise<void> {
    const form = passwordForm(this.pages.textsFor(request), link);
    return this.pages.submit({ request, reply }, form, async () => {
      await this.door.setPassword(link, password);
      setCookie(reply, linkCookie, '', 0);
      return '/sign-in?done=1';
    });
  }

  #closed(exchange: Exchange, title: string): void {
    const texts = this.pages.textsFor(exchange.request);
    const body = html`<p class="fault" role="alert">${texts.linkClosed}</p>
      <p><a href="/sign-in">${texts.signIn}</a></p>`;
    this.pages.show(exchange, { title, body, status: 410 });
  }
}

/** Keeps the secret in a cookie and goes on without it: no address of a page, of the other language or of a log has it. */
async function leadOn(reply: FastifyReply, path: string, link: string): Promise<void> {
  setCookie(reply, linkCookie, link, linkSeconds);
  await reply.redirect(path, 303);
}

interface SetUpValues {
  readonly link: string;
  readonly login?: string;
  readonly name?: string;
  readonly email?: string;
}

function setUpForm(texts: PageTexts, { link, login, name, email }: SetUpValues): FormView {
  return {
    title: texts.setUp,
    action: '/setup',
    submit: texts.setUpDo,
    hidden: { link },
    before: html`<p>${texts.setUpWhy}</p>`,
    inputs: [
      { name: 'name', label: texts.name, autocomplete: 'name', value: name },
      { name: 'email', label: texts.email, type: 'email', autocomplete: 'email', value: email },
      { name: 'login', label: texts.login, autocomplete: 'username', value: login },
      newPassword(texts, texts.password),
    ],
  };
}

function resetForm(texts: PageTexts): FormView {
  return {
    title: texts.reset,
    action: '/reset',
    submit: texts.send,
    before: html`<p>${texts.resetWhy}</p>`,
    inputs: [{ name: 'login', label: texts.login, autocomplete: 'username' }],
  };
}

function passwordForm(texts: PageTexts, link: string): FormView {
  return {
    title: texts.choosePassword,
    action: '/password',
    submit: texts.choosePassword,
    hidden: { link },
    inputs: [newPassword(texts, texts.newPassword)],
  };
}

function newPassword(texts: PageTexts, label: string): InputView {
  return {
    name: 'password',
    label,
    type: 'password',
    autocomplete: 'new-password',
    hint: texts.passwordHint,
  };
}
