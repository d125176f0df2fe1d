import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import type { ReadModels } from '#read-models/read-models.js';
import { Public } from '../http/allow.js';
import { READ_MODELS } from '../tokens.js';
import { ConsumerDesk } from '../transport/consumer-desk.js';
import { FiguresDesk } from './figures.js';
import { showFigures } from './metrics.js';

/** How the process does, for those who watch over it; tells nothing of what it holds. */
@Public()
@Controller()
export class MetricsController {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly consumers: ConsumerDesk,
    private readonly figures: FiguresDesk,
  ) {}

  /** Metrics in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const models = this.readModels.status().filter(({ state }) => state === 'stopped');
    showFigures(await this.figures.figures(), models.length + this.consumers.stopped().size);
    void reply.header('Content-Type', register.contentType);
    return register.metrics();
  }
}
