import { Get, Inject, Optional, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InboxDoor, ListedMail, ShownMail } from '#contracts/inbox-door.js';
import { fundZone } from '#kernel/dates.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { INBOX_DOOR } from '#platform/tokens.js';
import { html, type Html } from './html.js';
import type { PageTexts } from './page-texts.js';
import { Pages } from './pages.js';
import { InboxQuery } from './pages.http.js';
import { PageController } from './sign-in.controller.js';

const mailsMax = 50;

/** The local mailbox, for administrators of every fund: it holds mail of all of them. */
@PageController('inbox')
export class InboxController {
  constructor(
    private readonly pages: Pages,
    @Optional() @Inject(INBOX_DOOR) private readonly inbox?: InboxDoor,
  ) {}

  @Get()
  @Allow('administrator')
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @AskedBy() caller: Caller,
    @Query() { cursor }: InboxQuery,
  ): Promise<void> {
    assertGranted(caller, '*', 'administrator');
    const page = { limit: mailsMax, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = await this.#door.list(page, caller.staffId);
    const texts = this.pages.textsFor(request);
    const body = html`<p>${texts.inboxWhy}</p>
      ${items.length === 0 ? html`<p>${texts.inboxEmpty}</p>` : mailTable(items, texts)}
      ${next !== null && html`<p><a href="/inbox?cursor=${next}">${texts.older}</a></p>`}`;
    this.pages.show({ request, reply }, { title: texts.inbox, body });
  }

  @Get(':id')
  @Allow('administrator')
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @AskedBy() caller: Caller,
    @Param('id') id: string,
  ): Promise<void> {
    const mail = await this.#mail(id, caller);
    const texts = this.pages.textsFor(request);
    this.pages.show({ request, reply }, { title: mail.subject, body: mailHtml(mail, texts) });
  }

  @Get(':id/attachments/:index')
  @Allow('administrator')
  async attachment(
    @Res() reply: FastifyReply,
    @AskedBy() caller: Caller,
    @Param('id') id: string,
    @Param('index') index: string,
  ): Promise<void> {
    const mail = await this.#mail(id, caller);
    const file = /^[0-9]{1,3}$/.test(index) ? mail.attachments[Number.parseInt(index, 10)] : undefined;
    if (!file) throw new RequestFault('http/not-found');
    const type = file.type === 'application/pdf' ? file.type : 'application/octet-stream';
    await reply
      .type(type)
      .header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .send(Buffer.from(file.bytes));
  }

  /** Where mail is sent by a mail server there is no mailbox to look into. */
  get #door(): InboxDoor {
    if (!this.inbox) throw new RequestFault('http/not-found');
    return this.inbox;
  }

  async #mail(id: string, caller: Caller): Promise<ShownMail> {
    assertGranted(caller, '*', 'administrator');
    const mail = await this.#door.find(id, caller.staffId);
    if (!mail) throw new RequestFault('http/not-found');
    return mail;
  }
}

function mailTable(mails: readonly ListedMail[], texts: PageTexts): Html {
  const rows = mails.map(
    (mail) =>
      html`<tr>
        <td><a href="/inbox/${encodeURIComponent(mail.id)}">${mail.subject}</a></td>
        <td>${mail.to}</td>
        <td>${time(mail.date)}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${texts.subject}</th>
        <th scope="col">${texts.to}</th>
        <th scope="col">${texts.date}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function mailHtml(mail: ShownMail, texts: PageTexts): Html {
  const files = mail.attachments.map(
    ({ name }, index) =>
      html`<li><a href="/inbox/${encodeURIComponent(mail.id)}/attachments/${index}">${name}</a></li>`,
  );
  return html`<dl>
      <dt>${texts.from}</dt>
      <dd>${mail.from}</dd>
      <dt>${texts.to}</dt>
      <dd>${mail.to}</dd>
      <dt>${texts.date}</dt>
      <dd>${time(mail.date)}</dd>
    </dl>
    ${
      files.length > 0 &&
      html`<h2>${texts.attachments}</h2>
        <ul>
          ${files}
        </ul>`
    }
    <pre>${mail.text}</pre>
    <p><a href="/inbox">${texts.back}</a></p>`;
}

const clockTime = new Intl.DateTimeFormat('vi-VN', {
  timeZone: fundZone,
  ...{ day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
});

function time(instant: string): Html {
  return html`<time datetime="${instant}">${clockTime.format(new Date(instant))}</time>`;
}
