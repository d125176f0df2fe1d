import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { EventStore } from '#event-store/event-store.js';
import { formatPosition } from '#kernel/position.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { ReadModels } from '#read-models/read-models.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '../http/allow.js';
import { AskedBy } from '../http/asked-by.js';
import { assertOperator } from '../http/caller.js';
import { Refuses } from '../http/problem-filter.js';
import type { Service } from '../service.js';
import { EVENT_STORE, READ_MODELS, SERVICES } from '../tokens.js';
import { ConsumerDesk } from '../transport/consumer-desk.js';
import { operationsAnswers } from './operations.http.js';
import { FiguresDesk } from './figures.js';
import { appendsOf } from './measured-store.js';
import { figuresView, projectionView, type StatusView } from './status-view.js';

/**
 * Where consumers and read models stand, and rebuilding them. It concerns every fund, so an administrator of one fund is
 * refused.
 */
@ApiTags('operations')
@Allow('administrator')
@Refuses(operationsAnswers)
@Controller('v1/admin')
export class OperationsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(SERVICES) private readonly services: readonly Service[],
    private readonly consumers: ConsumerDesk,
    private readonly figures: FiguresDesk,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Where the store, the consumers and the read models stand' })
  async status(@AskedBy() caller: Caller): Promise<StatusView> {
    assertOperator(caller);
    const head = await this.store.head();
    return {
      head: head ? formatPosition(head.position) : null,
      projections: this.readModels.status().map(projectionView),
      stopped: Object.fromEntries(this.consumers.stopped()),
      figures: figuresView(await this.figures.figures(), await appendsOf(this.#process)),
    };
  }

  get #process(): string {
    const [only, ...others] = this.services;
    return only && others.length === 0 ? only.name : 'mangnon';
  }

  @Post('rebuilds/:name')
  @HttpCode(202)
  @ApiOperation({ summary: 'Build a read model anew beside the live one; its progress stands in the status' })
  rebuild(@Param('name') name: string, @AskedBy() caller: Caller): { readonly name: string } {
    assertOperator(caller);
    const known = this.readModels.status().find((projection) => projection.name === name);
    if (!known) throw new DomainRefusal('operations/projection-unknown');
    if (known.rebuild) throw new DomainRefusal('operations/rebuild-under-way');
    // How it ends stands in the status; nobody waits for it here.
    this.readModels.rebuild(name).catch(() => undefined);
    return { name };
  }
}
