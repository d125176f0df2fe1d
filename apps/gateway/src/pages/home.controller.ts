import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessDoor } from '#contracts/access-door.js';
import type { Caller } from '#kernel/roles.js';
import { AllowStaff, Public } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { grantedOn } from '#platform/http/caller.js';
import { ACCESS_DOOR } from '#platform/tokens.js';
import { readCookie, sessionCookie } from '../cookies.js';
import { html } from './html.js';
import { roleNames } from './page-texts.js';
import { Pages } from './pages.js';
import { PageController } from './sign-in.controller.js';
import { pagesCss, pagesIcon } from './style.js';

/** The page after signing in, the style sheet and the icon. */
@PageController()
export class HomeController {
  constructor(
    @Inject(ACCESS_DOOR) private readonly door: AccessDoor,
    private readonly pages: Pages,
  ) {}

  @Get()
  @AllowStaff()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @AskedBy() caller: Caller,
  ): Promise<void> {
    const texts = this.pages.textsFor(request);
    const profile = await this.door.profile(readCookie(request, sessionCookie) ?? '');
    const names = roleNames[this.pages.languageOf(request)];
    const grants = (profile?.grants ?? []).map(({ role, fundId }) => {
      const fund = fundId === '*' ? texts.everyFund : html`${texts.fund} <code>${fundId}</code>`;
      return html`<li>${names[role]}: ${fund}</li>`;
    });
    const mayReadMail = grantedOn(caller, '*', 'administrator');
    const body = html`<h2>${texts.yourRoles}</h2>
      ${
        grants.length === 0
          ? html`<p>${texts.noRoles}</p>`
          : html`<ul>
              ${grants}
            </ul>`
      }
      <ul>
        ${mayReadMail && html`<li><a href="/inbox">${texts.inbox}</a></li>`}
        <li><a href="/docs">${texts.api}</a></li>
        <li><a href="/second-factor">${texts.secondFactor}</a></li>
      </ul>`;
    this.pages.show({ request, reply }, { title: `${texts.hello}, ${profile?.name ?? ''}`, body });
  }

  @Get('assets/pages.css')
  @Public()
  style(@Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', 'public, max-age=3600').type('text/css; charset=utf-8').send(pagesCss);
  }

  @Get('assets/icon.svg')
  @Public()
  icon(@Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', 'public, max-age=86400').type('image/svg+xml').send(pagesIcon);
  }
}
