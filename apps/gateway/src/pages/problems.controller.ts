import { Get, Inject, Optional, Param, Req, Res } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#platform/http/allow.js';
import { refusalTable } from '#platform/http/refusal-table.js';
import type { RefusalAnswer } from '#platform/http/refusals.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { html } from './html.js';
import { Pages } from './pages.js';
import { PageController } from './sign-in.controller.js';

/** How services in other processes tell a refusal: a function from its code to its answer. */
export const OTHER_PROBLEMS = Symbol('OtherProblems');

/** What the `type` of a problem leads to: the refusal in words, in both languages. */
@PageController('problems')
export class ProblemsController {
  #table: ReadonlyMap<string, RefusalAnswer> | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly pages: Pages,
    @Optional()
    @Inject(OTHER_PROBLEMS)
    private readonly others: (code: string) => RefusalAnswer | undefined = () => undefined,
  ) {}

  @Get(':aggregate/:reason')
  @Public()
  show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('aggregate') aggregate: string,
    @Param('reason') reason: string,
  ): void {
    const code = `${aggregate}/${reason}`;
    this.#table ??= refusalTable(this.modules);
    const answer = this.#table.get(code) ?? this.others(code);
    if (!answer) throw new RequestFault('http/not-found');
    const body = html`<p lang="vi">${answer.vi}</p>
      <p lang="en">${answer.en}</p>
      <p><code>HTTP ${answer.status}</code></p>`;
    this.pages.show({ request, reply }, { title: code, body });
  }
}
