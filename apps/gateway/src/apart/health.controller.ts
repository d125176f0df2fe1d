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

  /** 200 once every service has told its routes, otherwise 503 with the names of those that have not. */
  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): {
    readonly status: string;
    readonly unknown: readonly string[];
  } {
    const { unknown } = this.upstreams;
    void reply.status(unknown.length === 0 ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: unknown.length === 0 ? 'ok' : 'unready', unknown };
  }

  /** Metrics in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('Content-Type', register.contentType);
    return register.metrics();
  }
}
