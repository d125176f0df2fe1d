import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { comparePositions, parsePosition } from '#kernel/position.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertOperator } from '#platform/http/caller.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { signContext } from '#platform/http/signed-context.js';
import type { Signer } from '#platform/keys/key-pairs.js';
import {
  operationsAnswers,
  ReleaseHeldBody,
  ReplayParkedBody,
} from '#platform/operations/operations.http.js';
import type { FiguresView, StatusView, WaitingView } from '#platform/operations/status-view.js';
import { CLOCK, SIGNER } from '#platform/tokens.js';
import { askAll, askService, type Answered, type Question } from './asked-services.js';
import { Upstreams } from './upstreams.js';

/** What operators see and mend, over all services: each is asked, and the answers are put together. */
@ApiTags('operations')
@Allow('administrator')
@Refuses(operationsAnswers)
@Controller('v1/admin')
export class GatheredOperationsController {
  constructor(
    @Inject(Upstreams) private readonly upstreams: Upstreams,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Where the store, the consumers and the read models of every service stand' })
  async status(@AskedBy() caller: Caller, @Req() request: FastifyRequest): Promise<StatusView> {
    const { answers, silent } = await this.#ofAll(caller, this.#asking(caller, request, 'GET', 'status'));
    const views = answers.map(({ body }) => body as StatusView);
    const heads = views.flatMap(({ head }) => head ?? []);
    return {
      head: heads.toSorted((a, b) => comparePositions(parsePosition(a), parsePosition(b))).at(-1) ?? null,
      projections: views.flatMap(({ projections }) => projections),
      stopped: Object.assign(
        Object.fromEntries(silent.map((name) => [name, 'does not answer'])),
        Object.fromEntries([...this.upstreams.refused].map(([name, why]) => [`gateway: ${name}`, why])),
        ...views.map(({ stopped }) => stopped),
      ) as StatusView['stopped'],
      figures: together(views.flatMap(({ figures }: Partial<StatusView>) => figures ?? [])),
    };
  }

  @Post('rebuilds/:name')
  @ApiOperation({ summary: 'Build a read model anew beside the live one; its progress stands in the status' })
  async rebuild(
    @Param('name') name: string,
    @AskedBy() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    assertOperator(caller);
    const [service = ''] = name.split('.', 1);
    const question = this.#asking(caller, request, 'POST', `rebuilds/${encodeURIComponent(name)}`);
    await this.#one(service, 'operations/projection-unknown', question, reply);
  }

  @Get('parked')
  @ApiOperation({
    summary: 'Messages whose handling failed by our own bug, the oldest of each service first',
  })
  async parked(
    @AskedBy() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: readonly unknown[] }> {
    return this.#items(caller, this.#asking(caller, request, 'GET', 'parked'));
  }

  @Post('parked/replays')
  @ApiOperation({ summary: 'Take parked messages of a stream up again, in order' })
  async replay(
    @Body() body: ReplayParkedBody,
    @AskedBy() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const question = this.#asking(caller, request, 'POST', 'parked/replays', body);
    const { answers, silent } = await this.#ofAll(caller, question);
    const known = answers.filter((answer) => codeOf(answer) !== 'operations/stream-unknown');
    const taken = known.find(({ status }) => status < 400) ?? known[0];
    if (!taken && silent.length > 0) throw away(silent);
    if (!taken) throw new DomainRefusal('operations/stream-unknown');
    await pass(taken, reply);
  }

  @Get('held')
  @ApiOperation({ summary: 'Keys whose messages wait because their stream could not be used' })
  async held(
    @AskedBy() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: readonly unknown[] }> {
    return this.#items(caller, this.#asking(caller, request, 'GET', 'held'));
  }

  @Post('held/releases')
  @ApiOperation({ summary: 'Feed the held messages of a key back, in order' })
  async release(
    @Body() body: ReleaseHeldBody,
    @AskedBy() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    assertOperator(caller);
    const question = this.#asking(caller, request, 'POST', 'held/releases', body);
    await this.#one(body.group, 'operations/group-unknown', question, reply);
  }

  #asking(
    caller: Caller,
    { headers }: FastifyRequest,
    method: Question['method'],
    path: string,
    body?: object,
  ): Question {
    return {
      method,
      path: `/v1/admin/${path}`,
      contextFor: (service) => signContext(caller, this.signer, service, this.clock.now()),
      language: headers['accept-language'],
      ...(body && { body }),
    };
  }

  #ofAll(caller: Caller, question: Question): ReturnType<typeof askAll> {
    assertOperator(caller);
    return askAll(this.upstreams, question);
  }

  async #items(caller: Caller, question: Question): Promise<{ items: readonly unknown[] }> {
    const { answers, silent } = await this.#ofAll(caller, question);
    // A list that lacks some would be taken for the whole.
    if (silent.length > 0) throw away(silent);
    return { items: answers.flatMap(({ body }) => (body as { items: readonly unknown[] }).items) };
  }

  async #one(service: string, unknown: Unknown, question: Question, reply: FastifyReply): Promise<void> {
    const upstream = this.upstreams.all.find(({ name }) => name === service);
    if (!upstream) throw new DomainRefusal(unknown);
    await pass(await askService(upstream, question), reply);
  }
}

type Unknown = 'operations/projection-unknown' | 'operations/group-unknown';

/** Figures of all services as if they were one; a service of an older release tells none. */
function together(figures: readonly FiguresView[]): FiguresView {
  const waiting = (what: 'parked' | 'held'): readonly WaitingView[] | null => {
    const lists = figures.map((one) => one[what]);
    return lists.includes(null) ? null : lists.flatMap((list) => list ?? []);
  };
  return {
    consumers: figures.flatMap(({ consumers }) => consumers),
    publishers: figures.flatMap(({ publishers }) => publishers),
    withoutReceipt: figures.flatMap(({ withoutReceipt }) => withoutReceipt),
    parked: waiting('parked'),
    held: waiting('held'),
    appends: figures.flatMap(({ appends }) => appends),
  };
}

async function pass({ status, body }: Answered, reply: FastifyReply): Promise<void> {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  await reply.status(status).type(`${type}; charset=utf-8`).send(body);
}

function codeOf({ body }: Answered): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}

function away(silent: readonly string[]): RequestFault {
  return new RequestFault('http/busy', {
    headers: { 'Retry-After': '5' },
    details: { services: silent.join(', ') },
  });
}
