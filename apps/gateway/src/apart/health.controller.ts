import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Gauge, register } from 'prom-client';
import { Public } from '#platform/http/allow.js';
import { Upstreams } from './upstreams.js';

const unknownServices = new Gauge({
  name: 'mangnon_gateway_unknown_services',
  help: 'Services behind the gateway that have not told their routes, and so are answered for with 503',
});

const refusedServices = new Gauge({
  name: 'mangnon_gateway_refused_services',
  help: 'Services behind the gateway that describe what is not their own, and so are known by what they told before',
});

/** One that is new beside others can wait for a service that is late; one that is alone is needed for the rest. */
const patientMs = 30_000;

/** Whether the gateway lives, may be sent work, and how it does. */
@Public()
@Controller()
export class GatewayHealthController {
  readonly #began = performance.now();

  constructor(@Inject(Upstreams) private readonly upstreams: Upstreams) {}

  /** The process answers. */
  @Get('health/live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * 200 once every service has told its routes, or, half a minute after its start, access alone, without which nobody can be let
   * in; otherwise 503. `unknown` names the services that have not told theirs: what belongs to them is answered with 503. `refused` says
   * which told what is not their own.
   */
  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply): {
    readonly status: 'ok' | 'unready';
    readonly unknown: readonly string[];
    readonly refused: Readonly<Record<string, string>>;
  } {
    const { unknown, refused } = this.upstreams;
    const isPatient = performance.now() - this.#began < patientMs;
    const isReady = isPatient ? unknown.length === 0 : !unknown.includes('access');
    void reply.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: isReady ? 'ok' : 'unready', unknown, refused: Object.fromEntries(refused) };
  }

  /** Metrics in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    unknownServices.set(this.upstreams.unknown.length);
    refusedServices.set(this.upstreams.refused.size);
    void reply.header('Content-Type', register.contentType);
    return register.metrics();
  }
}
