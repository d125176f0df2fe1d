import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ReadModels } from '#read-models/read-models.js';
import { clockSkewMsMax, type Clock } from '../clock.js';
import { Public } from '../http/allow.js';
import { CLOCK, READ_MODELS, STORE_TIME } from '../tokens.js';
import { ConsumerDesk } from '../transport/consumer-desk.js';
import { ServingTables } from './serving-tables.js';

/** Whether a process may be sent work, and what keeps it from that. */
export interface Readiness {
  readonly status: 'ok' | 'unready';
  /** `clock-off`: this process's clock is more than a second off the store's. */
  readonly store: 'ok' | 'unreachable' | 'clock-off';
  /** Read models and consumers that cannot go on. */
  readonly stopped: readonly string[];
  /** Read models that have nothing whole to show yet: built for the first time, or behind what was recorded before. */
  readonly behind: readonly string[];
}

/** Whether the process lives and may be sent work; tells nothing of what it holds. */
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(STORE_TIME) private readonly storeTime: () => Promise<Date>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly consumers: ConsumerDesk,
    private readonly tables: ServingTables,
  ) {}

  /** The process answers. */
  @Get('health/live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * 200 while the event store answers, our clocks agree, nothing is stopped and every read model has a table to show (the
   * old one while another is built beside it), otherwise 503 with what is wrong.
   */
  @Get('health/ready')
  @ApiServiceUnavailableResponse({ description: 'Not ready; the same answer says why' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const models = this.readModels.status().filter(({ state }) => state === 'stopped');
    const stopped = [...models.map(({ name }) => name), ...this.consumers.stopped().keys()];
    const behind = this.tables.behind();
    const store = await this.#store();
    const ready = store === 'ok' && stopped.length === 0 && behind.length === 0;
    void reply.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: ready ? 'ok' : 'unready', store, stopped, behind };
  }

  async #store(): Promise<Readiness['store']> {
    try {
      const skewMs = (await this.storeTime()).getTime() - this.clock.now().getTime();
      return Math.abs(skewMs) > clockSkewMsMax ? 'clock-off' : 'ok';
    } catch {
      return 'unreachable';
    }
  }
}
