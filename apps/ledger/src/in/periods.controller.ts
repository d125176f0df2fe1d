import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OpenFund } from '#domain/fund/fund.state.js';
import type { PeriodCommand } from '#domain/fund/periods.decide.js';
import type { AskedReopening } from '#domain/fund/periods.policy.js';
import type { CommandContext } from '#event-store/handle.js';
import { dateInZone, localDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { roles, type Caller, type Role } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted, grantedOn } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { CLOCK } from '#platform/tokens.js';
import { streamOf } from '../fund-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { AccountingQuery } from '../read/accounting.query.js';
import { eventPlace } from './event-place.js';
import { asker } from './journal-desk.js';
import { BookReasonBody } from './journals.http.js';
import { ledgerAnswers } from './ledger.http.js';
import { Narrations } from './narrations.js';
import {
  ClosePeriodBody,
  periodItem,
  ReopeningBody,
  type PeriodAnswer,
  type PeriodsView,
  type ReopeningErasureAnswer,
  type ReopeningView,
} from './periods.http.js';
import { textReaders } from './text-readers.js';

/** Closing a fund's books, and opening them again by two persons. */
@ApiTags('periods')
@Controller('v1/funds/:id/periods')
@Refuses(ledgerAnswers)
export class PeriodsController {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    private readonly narrations: Narrations,
    @Inject(AccountingQuery) private readonly accounting: AccountingQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How far the books are closed, what waits, and all that happened. */
  @Get()
  @Allow(...roles)
  @ApiOperation({
    summary: 'How far the books are closed, and every closing and reopening, the newest first',
  })
  async list(
    @IdParam('id') fundId: string,
    @Query() query: PageQuery,
    @AskedBy() caller: Caller,
  ): Promise<PeriodsView> {
    assertGranted(caller, fundId, ...roles);
    const fund = await this.#opened(fundId);
    const { items, ...page } = await this.accounting.periods(fundId, query);
    const { reopening } = fund;
    const texts = await this.#texts(fundId, caller, [
      ...items.flatMap((row) => [row.reason_record_id, row.rejection_record_id]),
      reopening?.reasonRecordId ?? null,
    ]);
    return {
      ...{ fundId, closedThrough: fund.closedThrough },
      reopening: reopening && waiting(reopening, texts),
      items: items.map((row) => periodItem(row, texts)),
      ...page,
    };
  }

  /** Closes the books up to a day. */
  @Post('close')
  @HttpCode(200)
  @Allow('accountant')
  @ApiOperation({
    summary: 'Close the books up to a day; what comes later for it counts on the first open day',
  })
  close(
    @IdParam('id') fundId: string,
    @Body() { through }: ClosePeriodBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PeriodAnswer> {
    return this.#act(fundId, caller, 'accountant', context, async ({ about }) => ({
      type: 'ClosePeriod',
      through: localDate(through),
      today: dateInZone(this.clock.now().toISOString(), about.zone),
    }));
  }

  /** Asks to open the books again, under the id of the command. */
  @Post('reopenings')
  @Allow('accountant')
  @ApiOperation({ summary: 'Ask to open the books again from a day on' })
  ask(
    @IdParam('id') fundId: string,
    @Body() { from, reason }: ReopeningBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PeriodAnswer> {
    const { commandId: reopeningId } = context;
    return this.#act(fundId, caller, 'accountant', context, async () => ({
      type: 'AskReopening',
      reopeningId,
      from: localDate(from),
      ...asker(caller),
      reasonRecordId: await this.narrations.seal(reason, reopeningId, context),
    }));
  }

  /** A second person's yes. */
  @Post('reopenings/:reopeningId/approval')
  @HttpCode(200)
  @Allow('approver')
  @ApiOperation({ summary: 'Agree that the books are opened again' })
  approve(
    @IdParam('id') fundId: string,
    @IdParam('reopeningId') reopeningId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PeriodAnswer> {
    const command = { type: 'ApproveReopening', reopeningId, ...asker(caller) } as const;
    return this.#act(fundId, caller, 'approver', context, async () => command);
  }

  /** A second person's no. */
  @Post('reopenings/:reopeningId/rejection')
  @HttpCode(200)
  @Allow('approver')
  @ApiOperation({ summary: 'Say no to opening the books again' })
  reject(
    @IdParam('id') fundId: string,
    @IdParam('reopeningId') reopeningId: string,
    @Body() { reason }: BookReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PeriodAnswer> {
    return this.#act(fundId, caller, 'approver', context, async () => ({
      type: 'RejectReopening',
      reopeningId,
      by: caller.staffId,
      reasonRecordId: await this.narrations.seal(reason, reopeningId, context),
    }));
  }

  /** Taken back by the person who asked. */
  @Post('reopenings/:reopeningId/withdrawal')
  @HttpCode(200)
  @Allow('accountant')
  @ApiOperation({ summary: 'Take back your request to open the books again' })
  withdraw(
    @IdParam('id') fundId: string,
    @IdParam('reopeningId') reopeningId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<PeriodAnswer> {
    const command = { type: 'WithdrawReopening', reopeningId, by: caller.staffId } as const;
    return this.#act(fundId, caller, 'accountant', context, async () => command);
  }

  /** Destroys why it was asked and why somebody said no; what was decided stands. */
  @Post('reopenings/:reopeningId/erasure')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Destroy what was written about a request to open the books again' })
  async erase(
    @IdParam('id') fundId: string,
    @IdParam('reopeningId') reopeningId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ReopeningErasureAnswer> {
    assertGranted(caller, fundId, 'administrator');
    const stream = streamOf(fundId);
    const fund = await this.#opened(fundId);
    await this.#assertAsked(fund, fundId, reopeningId);
    const repeated = await this.funds.repeated(stream, context);
    const erasures = fund.textErasures?.[reopeningId] ?? 0;
    if (!repeated) await this.narrations.erase(reopeningId, erasures);
    const command = { type: 'EraseReopeningTexts', reopeningId, erasures, by: caller.staffId } as const;
    const { events } = repeated ?? (await this.funds.command(stream, command, context));
    return { fundId, reopeningId, ...(events.length > 0 && eventPlace(events)) };
  }

  /** State knows what is asked now, the read model what was asked before. */
  async #assertAsked({ reopening }: OpenFund, fundId: string, reopeningId: string): Promise<void> {
    if (reopening?.reopeningId === reopeningId) return;
    if (!(await this.accounting.isReopening(fundId, reopeningId)))
      throw new DomainRefusal('fund/reopening-unknown');
  }

  async #act(
    fundId: string,
    caller: Caller,
    role: Role,
    context: CommandContext,
    commandOf: (fund: OpenFund) => Promise<PeriodCommand>,
  ): Promise<PeriodAnswer> {
    assertGranted(caller, fundId, role);
    const fund = await this.#opened(fundId);
    const { events } = await this.funds.command(streamOf(fundId), await commandOf(fund), context);
    const { reopeningId = null } = (events[0]?.data ?? {}) as { readonly reopeningId?: string };
    return { fundId, reopeningId, ...eventPlace(events) };
  }

  async #opened(fundId: string): Promise<OpenFund> {
    const { state } = await this.funds.load(streamOf(fundId));
    if (state.status === 'none') throw new DomainRefusal('fund/unknown');
    return state;
  }

  /** Texts by record; none for who may not read them. */
  async #texts(
    fundId: string,
    caller: Caller,
    records: readonly (string | null)[],
  ): Promise<ReadonlyMap<string, string>> {
    const named = [...new Set(records)].filter((record) => record !== null);
    if (named.length === 0 || !grantedOn(caller, fundId, ...textReaders)) return new Map();
    return this.narrations.texts(named, { actor: `staff:${caller.staffId}`, purpose: 'reopenings shown' });
  }
}

function waiting(
  { reopeningId, from, requestedBy, reasonRecordId }: AskedReopening,
  texts: ReadonlyMap<string, string>,
): ReopeningView {
  return { reopeningId, from, requestedBy, reason: texts.get(reasonRecordId) ?? null };
}
