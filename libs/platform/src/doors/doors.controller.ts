import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDomainRefusal } from '#kernel/refusal.js';
import type { Clock } from '../clock.js';
import { Public } from '../http/allow.js';
import { RequestFault } from '../http/request-fault.js';
import type { KnownKeys } from '../keys/key-pairs.js';
import { CLOCK, KNOWN_KEYS } from '../tokens.js';
import { DOORS, encodeOutcome, type CallOutcome, type Door } from './door.js';
import { ServiceTokens } from './service-token.js';

type Calls = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;

/** Lets other services ask this process's doors; nobody else, and only with a token signed for just this call seconds ago. */
@ApiExcludeController()
@Public()
@Controller('internal/doors')
export class DoorsController {
  readonly #tokens: ServiceTokens;

  constructor(
    @Inject(DOORS) private readonly doors: readonly Door[],
    @Inject(KNOWN_KEYS) known: KnownKeys,
    @Inject(CLOCK) clock: Clock,
    private readonly modules: ModuleRef,
  ) {
    this.#tokens = new ServiceTokens(known, clock);
  }

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
    const asking = door && (await this.#tokens.take(request.headers, { door: name, call, given }));
    if (asking === undefined || !door?.askedBy.includes(asking))
      throw new RequestFault('access/unauthenticated');
    const takes = Object.hasOwn(door.calls, call) ? door.calls[call] : undefined;
    if (!takes) throw new RequestFault('http/not-found');
    const parsed = takes.safeParse(given);
    if (!parsed.success) throw new RequestFault('http/invalid');
    const outcome = await this.#outcomeOf(door, call, parsed.data);
    await reply.type('application/json; charset=utf-8').send(encodeOutcome(outcome));
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
