import { Injectable, Inject } from '@nestjs/common';
import { doubtsOf, type FoundNow, type SeenByPerson } from '#domain/statement/confirmation.decide.js';
import { statement, type UploadStatement } from '#domain/statement/statement.decide.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import type { StatementState, UploadedStatement } from '#domain/statement/statement.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { ReceivedFile } from '#platform/http/file-body.js';
import { builtInProfiles, profileOf } from '../statement/profiles.js';
import { StatementFiles } from '../statement/statement-files.js';
import { Facts } from './facts.js';
import { once } from './opening.js';
import { PersonalData } from './personal-data.js';
import { StatementForecast } from './statement-forecast.js';
import type { UploadStatementQuery } from './statements.http.js';
import { OpenStatements } from './open-statements.js';
import { STREAMS, type Streams } from './streams.js';

type HandledStatement = Handled<StatementState, StatementEvent>;

/** Statements on their way in: read and counted, then confirmed or put aside. The rows are recorded later. */
@Injectable()
export class StatementDesk {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
    private readonly files: StatementFiles,
    private readonly forecast: StatementForecast,
    private readonly open: OpenStatements,
  ) {}

  /** Reads the file to its end, counts it and keeps it, once per command. Throws the refusals of a file and of a statement. */
  upload(
    query: UploadStatementQuery,
    file: ReceivedFile,
    by: string,
    context: CommandContext,
  ): Promise<HandledStatement> {
    return once(this.streams.statements, `statement-${context.commandId}`, context, async () => {
      const command = await this.#counted(query, file, by, context);
      // Nothing is sealed of what would be refused.
      statement.decide(statement.initialState, command);
      await this.files.keep(command.statementId, command.file.fileRecordId, file);
      return command;
    });
  }

  /**
   * Confirms what it adds up to, against the books as they stand now: whatever is doubtful then has to be among what was
   * seen. Throws the refusals of a statement, and `http/busy` where others are being read.
   */
  confirm(
    state: Exclude<StatementState, { readonly status: 'none' }>,
    { by, seen }: { readonly by: string; readonly seen: SeenByPerson },
    context: CommandContext,
  ): Promise<HandledStatement> {
    const { upload } = state;
    const stream = `statement-${upload.statementId}`;
    const { fundId, account } = upload;
    return this.open.oneAtATime({ fundId, accounts: [account] }, () =>
      once(this.streams.statements, stream, context, async () => ({
        type: 'ConfirmStatement' as const,
        ...{ found: await this.#standing(state), seen, by },
      })),
    );
  }

  /** Puts it aside; the file goes when that is due, at once. Throws the refusals of a statement. */
  discard(statementId: string, by: string, context: CommandContext): Promise<HandledStatement> {
    const stream = `statement-${statementId}`;
    return this.streams.statements.command(stream, { type: 'DiscardStatement', by }, context);
  }

  async #counted(
    query: UploadStatementQuery,
    file: ReceivedFile,
    by: string,
    context: CommandContext,
  ): Promise<UploadStatement> {
    const { fundId, account, currency = 'VND' } = query;
    const { today, openedOn } = await this.facts.fund(fundId);
    const profiles = query.profile === undefined ? builtInProfiles : [profileOf(query.profile)];
    const digest = this.files.keyed(file.digest);
    const { profile, rowsDigest, ...counted } = await this.files.oneOfFew(async () => {
      const read = await this.files.read(file.bytes, profiles, currency);
      const { profile: found, rows } = read;
      return { profile: found, ...(await this.forecast.of({ fundId, account, currency }, rows, digest)) };
    });
    const fileRecordId = PersonalData.recordIdOf(context, 'file');
    return {
      type: 'UploadStatement',
      ...{ statementId: context.commandId, fund: { fundId, openedOn }, account, currency },
      file: { fileRecordId, digest, bytes: file.bytes.length, rowsDigest },
      ...{ profile, ...counted, today, by },
    };
  }

  /** What the confirmation of an upload rests on; of one that is past that, the decider looks at nothing. */
  async #standing(state: Exclude<StatementState, { readonly status: 'none' }>): Promise<FoundNow> {
    const { upload } = state;
    const nothing = { doubts: [], otherHalves: [], bookBalance: upload.foreseen.bookBalance, newRows: 1 };
    if (state.status !== 'uploaded') return nothing;
    const underWay = await this.open.underWay(upload);
    return underWay === undefined ? this.#foreseenNow(state) : { ...nothing, underWay };
  }

  async #foreseenNow({ upload }: UploadedStatement): Promise<FoundNow> {
    const reading = { actor: 'service:donations', purpose: 'statement confirmed' } as const;
    const { foreseen } = await this.files.oneOfFew(async () => {
      const { rows } = await this.files.reread(upload, reading);
      return this.forecast.of(upload, rows, upload.file.digest);
    });
    const { donations, debits, unexplained, bookBalance, laterOpening, closingDifference } = foreseen;
    return {
      ...{ bookBalance, newRows: donations + debits + unexplained },
      ...{ doubts: doubtsOf(foreseen), otherHalves: foreseen.otherHalves ?? [] },
      ...(laterOpening && { laterOpening }),
      ...(closingDifference && { closingDifference }),
    };
  }
}

/** The statement, wherever it stands; throws `statement/unknown`. */
export function assertUploaded(state: StatementState): Exclude<StatementState, { readonly status: 'none' }> {
  if (state.status === 'none') throw new DomainRefusal('statement/unknown');
  return state;
}
