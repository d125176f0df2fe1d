import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JournalCommand } from '#domain/journal/journal.decide.js';
import { journal } from '#domain/journal/journal.decide.js';
import type { JournalEvent } from '#domain/journal/journal.events.js';
import type { JournalState, WrittenJournal } from '#domain/journal/journal.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { roles, type Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted, grantedOn } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { AccountingQuery } from '../read/accounting.query.js';
import { eventPlace } from './event-place.js';
import { asker, JournalDesk } from './journal-desk.js';
import { journalAnswers } from './journal-refusals.js';
import {
  BookReasonBody,
  JournalBody,
  journalListItem,
  JournalsQuery,
  journalView,
  type JournalAnswer,
  type JournalListItem,
  type JournalView,
} from './journals.http.js';
import { Narrations } from './narrations.js';
import { textReaders } from './text-readers.js';

/** Journals: entries that people write. */
@ApiTags('journals')
@Controller('v1/journals')
@Refuses(journalAnswers)
export class JournalsController {
  constructor(
    private readonly desk: JournalDesk,
    private readonly narrations: Narrations,
    @Inject(AccountingQuery) private readonly accounting: AccountingQuery,
  ) {}

  /** Writes a journal under the id of the command. */
  @Post()
  @Allow('accountant')
  @ApiOperation({
    summary: 'Write a journal; transfers, interest and fees are posted at once up to a ceiling, others wait',
  })
  async draft(
    @Body() body: JournalBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<JournalView> {
    assertGranted(caller, body.fundId, 'accountant');
    const { commandId } = context;
    const drafted = await this.desk.draft(body, caller, context, () =>
      this.narrations.seal(body.text, commandId, context),
    );
    return this.#shown(commandId, asMade(drafted), caller);
  }

  /** A fund's journals, the newest first. */
  @Get()
  @Allow(...roles)
  @ApiOperation({ summary: 'Journals of a fund, the newest first' })
  list(@Query() query: JournalsQuery, @AskedBy() caller: Caller): Promise<Page<JournalListItem>> {
    assertGranted(caller, query.fund, ...roles);
    return this.accounting.journals(query.fund, query, journalListItem);
  }

  /** One journal as its own events say. */
  @Get(':id')
  @Allow(...roles)
  @ApiOperation({ summary: 'A journal, from its own events: there at once' })
  async get(@IdParam('id') journalId: string, @AskedBy() caller: Caller): Promise<JournalView> {
    const written = await this.desk.written(journalId);
    assertGranted(caller, written.draft.fundId, ...roles);
    return this.#shown(journalId, written, caller);
  }

  /** A second person's yes; the fund is asked next. */
  @Post(':id/approval')
  @HttpCode(200)
  @Allow('approver')
  @ApiOperation({ summary: 'Agree to a journal that somebody else wrote' })
  approve(
    @IdParam('id') journalId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<JournalAnswer> {
    return this.#act(journalId, caller, 'approver', context, async () => ({
      type: 'ApproveJournal',
      ...asker(caller),
    }));
  }

  /** A second person's no. */
  @Post(':id/rejection')
  @HttpCode(200)
  @Allow('approver')
  @ApiOperation({ summary: 'Say no to a journal that somebody else wrote' })
  reject(
    @IdParam('id') journalId: string,
    @Body() { reason }: BookReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<JournalAnswer> {
    return this.#act(journalId, caller, 'approver', context, async () => ({
      type: 'RejectJournal',
      by: caller.staffId,
      reasonRecordId: await this.narrations.seal(reason, journalId, context),
    }));
  }

  /** Taken back by the person who wrote it, before anyone agreed. */
  @Post(':id/withdrawal')
  @HttpCode(200)
  @Allow('accountant')
  @ApiOperation({ summary: 'Take back a journal that you wrote' })
  withdraw(
    @IdParam('id') journalId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<JournalAnswer> {
    return this.#act(journalId, caller, 'accountant', context, async () => ({
      type: 'WithdrawJournal',
      by: caller.staffId,
    }));
  }

  /** Destroys the narration, and why somebody said no; the lines stand. */
  @Post(':id/erasure')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Destroy what was written about a journal in free text' })
  async erase(
    @IdParam('id') journalId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly journalId: string; readonly fundId: string; readonly revision: number }> {
    const { fundId } = (await this.desk.written(journalId)).draft;
    assertGranted(caller, fundId, 'administrator');
    const destroy = (erasures: number) => this.narrations.erase(journalId, erasures);
    const { revision } = await this.desk.eraseTexts(journalId, caller, context, destroy);
    return { journalId, fundId, revision };
  }

  async #act(
    journalId: string,
    caller: Caller,
    role: 'accountant' | 'approver',
    context: CommandContext,
    commandOf: () => Promise<JournalCommand>,
  ): Promise<JournalAnswer> {
    const { draft } = await this.desk.written(journalId);
    const { fundId } = draft;
    assertGranted(caller, fundId, role);
    const { events } = await this.desk.act(journalId, await commandOf(), context);
    return { journalId, fundId, ...eventPlace(events) };
  }

  async #shown(journalId: string, written: WrittenJournal, caller: Caller): Promise<JournalView> {
    const { draft, reasonRecordId } = written;
    const records = [draft.textRecordId, ...(reasonRecordId === undefined ? [] : [reasonRecordId])];
    const mayRead = grantedOn(caller, draft.fundId, ...textReaders);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'journal shown' } as const;
    const texts = mayRead ? await this.narrations.texts(records, reading) : new Map<string, string>();
    return journalView(journalId, written, texts);
  }
}

/** The journal as the command's own events made it: a repeat is told what the first time was told. */
function asMade({ events }: Handled<JournalState, JournalEvent>): WrittenJournal {
  const made = events.reduce<JournalState>(
    (state, { type, data }) => journal.evolve(state, { type, data } as JournalEvent),
    journal.initialState,
  );
  if (made.status === 'none') throw new InvariantViolation('a journal was written and is not there');
  return made;
}
