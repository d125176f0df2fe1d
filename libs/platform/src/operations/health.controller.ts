import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModels } from '#read-models/read-models.js';
import { Public } from '../http/allow.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';

/** Whether a process may be sent work, and what keeps it from that. */
export interface Readiness {
  readonly status: 'ok' | 'unready';
  readonly store: 'ok' | 'unreachable';
  /** Names of the read models that are stopped. */
  readonly stopped: readonly string[];
}

/** Whether the process lives, may be sent work, and how it does; tells nothing of what it holds. */
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** The process answers. */
  @Get('health/live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 while the event store answers and no read model is stopped, otherwise 503 with what is wrong. */
  @Get('health/ready')
  @ApiServiceUnavailableResponse({ description: 'Not ready; the same answer says why' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const stopped = this.readModels
      .status()
      .filter(({ state }) => state === 'stopped')
      .map(({ name }) => name);
    const store = await this.store.head().then(
      () => 'ok' as const,
      () => 'unreachable' as const,
    );
    const ready = store === 'ok' && stopped.length === 0;
    void reply.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: ready ? 'ok' : 'unready', store, stopped };
  }

  /** Metrics in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('Content-Type', register.contentType);
    return register.metrics();
  }
}
