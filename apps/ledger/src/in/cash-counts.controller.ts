import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CashCounted } from '#domain/fund/cash-count.events.js';
import type { CommandContext } from '#event-store/handle.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { roles, type Caller } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { PageQuery, type Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { CLOCK } from '#platform/tokens.js';
import { streamOf } from '../fund-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { AccountingQuery } from '../read/accounting.query.js';
import { CashCountBody, cashCountView, type CashCountView } from './cash-counts.http.js';
import { ledgerAnswers } from './ledger.http.js';

/** Counting the cash against the cash book. */
@ApiTags('cash counts')
@Controller('v1/funds/:id/cash-counts')
@Refuses(ledgerAnswers)
export class CashCountsController {
  constructor(
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(AccountingQuery) private readonly accounting: AccountingQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts the cash, under the id of the command. */
  @Post()
  @Allow('cashier', 'accountant')
  @ApiOperation({ summary: 'Count the cash in đồng; the answer sets it against the cash book as it stands' })
  async count(
    @IdParam('id') fundId: string,
    @Body() body: CashCountBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<CashCountView> {
    assertGranted(caller, fundId, 'cashier', 'accountant');
    const denominations = body.denominations.map(({ value, pieces }) => ({ value, pieces }));
    const today = dateInZone(this.clock.now().toISOString(), fundZone);
    const command = { type: 'CountCash', countId: context.commandId, denominations, today } as const;
    const { events } = await this.funds.command(streamOf(fundId), command, context);
    const event = events.find((one): one is RecordedEvent<CashCounted> => one.type === 'CashCounted');
    if (!event) throw new InvariantViolation('the cash was counted and no sheet made');
    return { fundId, ...event.data, countedBy: caller.staffId, recordedAt: event.recordedAt };
  }

  /** The sheets of a fund, the newest first. */
  @Get()
  @Allow(...roles)
  @ApiOperation({ summary: 'Cash count sheets, the newest first' })
  list(
    @IdParam('id') fundId: string,
    @Query() query: PageQuery,
    @AskedBy() caller: Caller,
  ): Promise<Page<CashCountView>> {
    assertGranted(caller, fundId, ...roles);
    return this.accounting.cashCounts(fundId, query, cashCountView);
  }
}
