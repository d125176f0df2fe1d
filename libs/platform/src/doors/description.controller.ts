import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { Public } from '../http/allow.js';
import { RequestFault } from '../http/request-fault.js';
import { gatewayName, type KnownKeys } from '../keys/key-pairs.js';
import { ApiDocument } from '../open-api/api-document.js';
import { CLOCK, KNOWN_KEYS } from '../tokens.js';
import { ServiceTokens, type Asked } from './service-token.js';

/** What the gateway signs that it asks. */
export const describing: Asked = { door: 'description', call: 'show' };

/** Tells the gateway which routes this process answers and how it refuses; nobody else asks for it. */
@ApiExcludeController()
@Public()
@Controller('internal/description')
export class DescriptionController {
  readonly #tokens: ServiceTokens;

  constructor(
    private readonly document: ApiDocument,
    @Inject(KNOWN_KEYS) known: KnownKeys,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#tokens = new ServiceTokens(known, clock);
  }

  /** `{ document, problems }`: OpenAPI 3.1 and every refusal by its code; throws `access/unauthenticated`. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asking = await this.#tokens.take(request.headers, describing);
    if (asking !== gatewayName) throw new RequestFault('access/unauthenticated');
    await reply.type('application/json; charset=utf-8').send(await this.document.text());
  }
}
