import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { Public } from '../http/allow.js';
import { RequestFault } from '../http/request-fault.js';
import { ApiDocument } from '../open-api/api-document.js';
import { CLOCK, CONTEXT_KEY } from '../tokens.js';
import { serviceAsking } from './service-token.js';

/** Name under which tokens for the description are signed. */
export const describing = 'description';

/** Tells the gateway which routes this process answers and how it refuses; nobody else asks for it. */
@ApiExcludeController()
@Public()
@Controller('internal/description')
export class DescriptionController {
  constructor(
    private readonly document: ApiDocument,
    @Inject(CONTEXT_KEY) private readonly key: Uint8Array,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `{ document, problems }`: OpenAPI 3.1 and every refusal by its code; throws `access/unauthenticated`. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asking = await serviceAsking(request.headers, describing, this.key, this.clock.now());
    if (asking !== 'gateway') throw new RequestFault('access/unauthenticated');
    await reply.type('application/json; charset=utf-8').send(await this.document.text());
  }
}
