import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { KeyUnusable } from '#event-store/handle-errors.js';
import type { Replay } from '#event-store/handle-parked.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '../http/allow.js';
import { AskedBy } from '../http/asked-by.js';
import { assertOperator } from '../http/caller.js';
import { Refuses } from '../http/problem-filter.js';
import type { Service } from '../service.js';
import { READ_DATABASE, SERVICES } from '../tokens.js';
import { ConsumerDesk, type HeldByGroup } from '../transport/consumer-desk.js';
import { operationsAnswers, ReleaseHeldBody, ReplayParkedBody } from './operations.http.js';
import type { ParkedRow } from './parked.projection.js';
import { ParkedStreams } from './parked-streams.js';

const parkedShownMax = 500;

/** Messages parked in one append have one time, and follow each other as at their source. */
const inOrderParked = `parked_at, string_to_array(source_position, '.')::bigint[], key`;

/**
 * Messages that wait: parked in a stream because their handling failed, or held because their stream could not be used.
 * It concerns every fund, so an administrator of one fund is refused.
 */
@ApiTags('operations')
@Allow('administrator')
@Refuses(operationsAnswers)
@Controller('v1/admin')
export class WaitingController {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(SERVICES) private readonly services: readonly Service[],
    private readonly consumers: ConsumerDesk,
    private readonly parkedStreams: ParkedStreams,
  ) {}

  @Get('parked')
  @ApiOperation({
    summary: 'Messages whose handling failed by our own bug, the oldest of each service first',
  })
  async parked(@AskedBy() caller: Caller): Promise<{ readonly items: readonly ParkedRow[] }> {
    assertOperator(caller);
    const writers = this.services.filter(({ streams }) => streams.length > 0);
    const lists = await Promise.all(
      writers.map(({ name }) =>
        this.database.query<ParkedRow[]>(
          `SELECT * FROM ${name}.parked ORDER BY ${inOrderParked} LIMIT ${String(parkedShownMax)}`,
        ),
      ),
    );
    return { items: lists.flat() };
  }

  @Post('parked/replays')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take parked messages of a stream up again, in order',
    description:
      '`replayed` went through. `failed` names the first message of each subject that fails still, with the reason; it and ' +
      'those behind it stay parked, `waiting` in all.',
  })
  async replay(@Body() { stream, subject }: ReplayParkedBody, @AskedBy() caller: Caller): Promise<Replay> {
    assertOperator(caller);
    const replay = await this.parkedStreams.replay(stream, subject);
    if (!replay) throw new DomainRefusal('operations/stream-unknown');
    return replay;
  }

  @Get('held')
  @ApiOperation({ summary: 'Keys whose messages wait because their stream could not be used' })
  async held(@AskedBy() caller: Caller): Promise<{ readonly items: readonly HeldByGroup[] }> {
    assertOperator(caller);
    return { items: await this.consumers.held() };
  }

  @Post('held/releases')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Feed the held messages of a key back, in order',
    description:
      'Refused where one still fails: those before it went through, it and those behind it stay held.',
  })
  async release(
    @Body() { group, key }: ReleaseHeldBody,
    @AskedBy() caller: Caller,
  ): Promise<{ readonly released: number }> {
    assertOperator(caller);
    const release = await this.consumers.release(group, key);
    if (!release) throw new DomainRefusal('operations/group-unknown');
    const { released, waiting, failure } = release;
    if (failure instanceof KeyUnusable)
      throw new DomainRefusal('operations/stream-unusable', { released, waiting });
    if (failure !== undefined) throw new DomainRefusal('operations/message-failing', { released, waiting });
    return { released };
  }
}
