import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '../clock.js';
import { Public } from '../http/allow.js';
import { RequestFault } from '../http/request-fault.js';
import { CLOCK, CONTEXT_KEY } from '../tokens.js';
import { DOORS, encodeOutcome, type CallOutcome, type Door } from './door.js';
import { serviceAsking } from './service-token.js';

type Calls = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;

/** Lets other services ask this process's doors; nobody else, and only with a token that is seconds old. */
@ApiExcludeController()
@Public()
@Controller('internal/doors')
export class DoorsController {
  constructor(
    @Inject(DOORS) private readonly doors: readonly Door[],
    @Inject(CONTEXT_KEY) private readonly key: Uint8Array,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly modules: ModuleRef,
  ) {}

  /** The outcome of one call; throws `access/unauthenticated`, `http/not-found`, `http/invalid`. */
  @Post(':door/:call')
  @HttpCode(200)
  async ask(
    @Param('door') name: string,
    @Param('call') call: string,
    @Body() given: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const door = this.doors.find((one) => one.name === name);
    await this.#assertMayAsk(door, request);
    const takes = door && Object.hasOwn(door.calls, call) ? door.calls[call] : undefined;
    if (!door || !takes) throw new RequestFault('http/not-found');
    const parsed = takes.safeParse(given);
    if (!parsed.success) throw new RequestFault('http/invalid');
    const outcome = await this.#outcomeOf(door, call, parsed.data);
    await reply.type('application/json; charset=utf-8').send(encodeOutcome(outcome));
  }

  async #assertMayAsk(door: Door | undefined, request: FastifyRequest): Promise<void> {
    const { key, clock } = this;
    const asking = door && (await serviceAsking(request.headers, door.name, key, clock.now()));
    if (asking === undefined || !door?.askedBy.includes(asking))
      throw new RequestFault('access/unauthenticated');
  }

  async #outcomeOf({ token }: Door, call: string, given: readonly unknown[]): Promise<CallOutcome> {
    const provider: Calls = this.modules.get<Calls>(token, { strict: false });
    try {
      return { answer: await provider[call]?.(...given) };
    } catch (error) {
      if (!isDomainRefusal(error)) throw error;
      return { refused: { code: error.code, details: error.details } };
    }
  }
}
