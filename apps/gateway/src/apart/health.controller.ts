import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { Public } from '#platform/http/allow.js';
import { Upstreams } from './upstreams.js';

/** Whether the gateway lives, may be sent work, and how it does. */
@Public()
@Controller()
export class GatewayHealthController {
  constructor(@Inject(Upstreams) private readonly upstreams: Upstreams) {}

  /** The process answers. */
  @Get('health/live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * 200 once access has told its routes, without which nobody can be let in, otherwise 503; `unknown` names the services
   * that have not told theirs: what belongs to them is answered with 503 meanwhile.
   */
  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): {
    readonly status: 'ok' | 'unready';
    readonly unknown: readonly string[];
  } {
    const { unknown } = this.upstreams;
    const isReady = !unknown.includes('access');
    void reply.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: isReady ? 'ok' : 'unready', unknown };
  }

  /** Metrics in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('Content-Type', register.contentType);
    return register.metrics();
  }
}
