import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import type { SeenByPerson } from '#domain/statement/confirmation.decide.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import type { StatementState } from '#domain/statement/statement.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import type { MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam, type MoneyBody } from '#platform/http/fields.js';
import { FileOf, TakesFile, type ReceivedFile } from '#platform/http/file-body.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { StatementQuery, type ListedStatement } from '../read/statement/statement.query.js';
import { fileAnswers } from '../statement/file-answers.js';
import { fileBytesMax } from '../statement/file-limits.js';
import { statementAnswers } from '../statement/statement-answers.js';
import { factAnswers } from './fact-refusals.js';
import { Importer } from './importer.js';
import { madeBy, placeOf, type RecordedPlace } from './opening.js';
import { nameReaders } from './roles.js';
import { assertUploaded, StatementDesk } from './statement-desk.js';
import { previewOf, statementView, type StatementPreview, type StatementView } from './statement-view.js';
import { ConfirmStatementBody, StatementListQuery, UploadStatementQuery } from './statements.http.js';
import { STREAMS, type Streams } from './streams.js';

/** What became of a statement, and where that stands. */
export interface StatementAnswer extends RecordedPlace {
  readonly statementId: string;
  readonly fundId: string;
  /** Such as `StatementConfirmed`. */
  readonly event: string;
}

/** A statement that was read, and what would be recorded. */
export interface UploadedAnswer extends StatementAnswer {
  readonly account: string;
  /** Name of the profile that the file was read by. */
  readonly profile: string;
  readonly preview: StatementPreview;
}

const types = [
  'text/csv',
  'application/gzip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
];
const tooLarge = (): Error => new DomainRefusal('statement/file-too-large', { bytesMax: fileBytesMax });

/** Bank statements: read and counted first, recorded once an accountant has confirmed what they add up to. */
@Controller('v1/statements')
@Refuses({ ...statementAnswers, ...fileAnswers, ...factAnswers })
export class StatementsController {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly desk: StatementDesk,
    private readonly statements: StatementQuery,
    private readonly importer: Importer,
  ) {}

  /**
   * Reads a statement and shows what it adds up to. Nothing of it goes into the books. The body is the file: CSV in UTF-8,
   * that gzipped, or XLSX, whatever media type it is sent as.
   */
  @Post()
  @Allow('accountant')
  @TakesFile({ types, bytesMax: fileBytesMax, tooLarge })
  async upload(
    @Query() query: UploadStatementQuery,
    @FileOf() file: ReceivedFile,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<UploadedAnswer> {
    assertGranted(caller, query.fundId, 'accountant');
    const { state, ...handled } = await this.desk.upload(query, file, caller.staffId, context);
    const { upload } = assertUploaded(state);
    const { account, profile } = upload;
    const answer = answerOf({ state, ...handled });
    return { ...answer, account, profile: profile.name, preview: previewOf(upload) };
  }

  /** Lists statements, what was uploaded last first. */
  @Get()
  @Allow(...nameReaders)
  async list(@Query() query: StatementListQuery, @AskedBy() caller: Caller): Promise<Page<ListedStatement>> {
    const { fundId, ...wanted } = query;
    return this.statements.list(fundsAsked(caller, fundId, nameReaders), wanted, query);
  }

  /** The statement as it stands now, and how far its rows are. */
  @Get(':id')
  @Allow(...nameReaders)
  async show(@IdParam('id') statementId: string, @AskedBy() caller: Caller): Promise<StatementView> {
    const state = await this.#load(statementId);
    assertGranted(caller, state.upload.fundId, ...nameReaders);
    const begun = state.status === 'confirmed' || state.status === 'imported';
    return statementView(state, begun ? await this.statements.progress(statementId) : undefined);
  }

  /** Confirms what the statement adds up to, naming the sums and doubts that were seen; its rows are recorded from now on. */
  @Post(':id/confirmation')
  @Allow('accountant')
  async confirm(
    @IdParam('id') statementId: string,
    @Body() body: ConfirmStatementBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StatementAnswer> {
    const state = await this.#load(statementId);
    assertGranted(caller, state.upload.fundId, 'accountant');
    const asked = { by: caller.staffId, seen: seenIn(body) };
    const handled = await this.desk.confirm(state, asked, context);
    this.importer.begin(statementId);
    return answerOf(handled);
  }

  /** Puts the statement aside before anything of it is recorded; the file is destroyed. */
  @Post(':id/discarding')
  @Allow('accountant')
  async discard(
    @IdParam('id') statementId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StatementAnswer> {
    const state = await this.#load(statementId);
    assertGranted(caller, state.upload.fundId, 'accountant');
    return answerOf(await this.desk.discard(statementId, caller.staffId, context));
  }

  async #load(statementId: string) {
    const { state } = await this.streams.statements.load(`statement-${statementId}`);
    return assertUploaded(state);
  }
}

function seenIn({ openingEntry, closingDifference, doubts = [] }: ConfirmStatementBody): SeenByPerson {
  return {
    doubts,
    ...(openingEntry && { openingEntry: sumOf(openingEntry) }),
    ...(closingDifference && { closingDifference: sumOf(closingDifference) }),
  };
}

function sumOf({ amount, currency }: MoneyBody): MoneyJson {
  return { amount, currency };
}

function answerOf(handled: Handled<StatementState, StatementEvent>): StatementAnswer {
  const { statementId, fundId } = assertUploaded(handled.state).upload;
  const event = madeBy(handled);
  return { statementId, fundId, event: event.type, ...placeOf(event) };
}
