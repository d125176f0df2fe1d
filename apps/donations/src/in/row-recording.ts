import { Inject, Injectable } from '@nestjs/common';
import type { RecordDonation } from '#domain/donation/recording.policy.js';
import type { ImportedRows, StatementUploaded } from '#domain/statement/statement.events.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { moneyJson } from '#kernel/money.js';
import type { Appeal } from '../read/campaign/campaign.query.js';
import { KnownRowsQuery } from '../read/statement/known-rows.query.js';
import type { Destination } from '../statement/named-appeals.js';
import type { Recordable } from '../statement/statement-walk.js';
import type { FundToday } from './facts.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** What the rows of one statement are recorded with. */
export interface Recording {
  readonly upload: StatementUploaded['data'];
  readonly fund: FundToday;
  readonly destinationOf: (row: Recordable['row']) => Destination<Appeal>;
  /** Ids of rows whose money the books have already. */
  readonly otherHalves: ReadonlySet<string>;
  /** Who confirmed it, and the event that every row follows from. */
  readonly context: Omit<CommandContext, 'commandId'>;
}

/** Rows that are known to be new, with what they are sealed under. */
export interface SealedRows {
  readonly recorded: ImportedRows;
  readonly fresh: readonly { readonly row: Recordable; readonly memoRecordId: string | undefined }[];
}

const nothing: ImportedRows = { donations: 0, debits: 0, unexplained: 0, known: 0 };
const counts = { donation: 'donations', debit: 'debits', unexplained: 'unexplained' } as const;

/** Records rows of a statement, some hundreds at a time: as donations of nobody in particular, and as bank items. */
@Injectable()
export class RowRecording {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly known: KnownRowsQuery,
    private readonly personal: PersonalData,
  ) {}

  /** Leaves out what is recorded already and seals what the bank wrote of the rest. */
  async seal({ upload, otherHalves }: Recording, rows: readonly Recordable[]): Promise<SealedRows> {
    const batch = rows.map((row) =>
      row.kind === 'donation' && otherHalves.has(row.id) ? { ...row, kind: 'unexplained' as const } : row,
    );
    const known = await this.known.recorded(batch);
    const recorded = batch
      .filter(({ id }) => known.has(id))
      .reduce(
        (sum, row) => counted(sum, row, known.get(row.id)?.statementId === upload.statementId),
        nothing,
      );
    const fresh = batch.filter(({ id }) => !known.has(id)).map((row) => ({ row, ...memoOf(row) }));
    await this.personal.sealMemos(
      fresh.flatMap(({ row, memoRecordId, memo }) =>
        memoRecordId === undefined ? [] : [{ recordId: memoRecordId, subjectId: row.id, memo }],
      ),
    );
    return { recorded, fresh };
  }

  /** Records what was sealed, all at once and in order; a row that is recorded already is counted where it belongs. */
  async record(recording: Recording, { recorded, fresh }: SealedRows): Promise<ImportedRows> {
    const own = await Promise.all(
      fresh.map(({ row, memoRecordId }) => this.#recordOne(recording, row, memoRecordId)),
    );
    return fresh.reduce((sum, { row }, index) => counted(sum, row, own[index] === true), recorded);
  }

  /** Whether it is this statement that the row was recorded from. */
  async #recordOne(
    recording: Recording,
    row: Recordable,
    memoRecordId: string | undefined,
  ): Promise<boolean> {
    const { statementId } = recording.upload;
    const context = { ...recording.context, commandId: uuidV5(row.id, 'statement row') };
    const memo = memoRecordId === undefined ? {} : { memoRecordId };
    if (row.kind === 'donation') {
      const command = { ...donationOf(recording, row), ...memo };
      const { events } = await this.streams.donations.command(`donation-${row.id}`, command, context);
      const [first] = events;
      return first?.type === 'DonationRecorded' && first.data.readFrom?.statementId === statementId;
    }
    const command = { type: 'RecordBankItem' as const, ...itemOf(recording, row, row.kind), ...memo };
    const { events } = await this.streams.bankItems.command(`bank-item-${row.id}`, command, context);
    const [first] = events;
    return first?.type === 'BankItemRecorded' && first.data.statementId === statementId;
  }
}

/** The sums, with what was recorded of a batch added. */
export function added(one: ImportedRows, other: ImportedRows): ImportedRows {
  return {
    donations: one.donations + other.donations,
    debits: one.debits + other.debits,
    unexplained: one.unexplained + other.unexplained,
    known: one.known + other.known,
  };
}

function counted(sum: ImportedRows, { kind }: Recordable, own: boolean): ImportedRows {
  const name = own ? counts[kind] : 'known';
  return { ...sum, [name]: sum[name] + 1 };
}

function memoOf({ id, row: { details, reference, counterparty }, besideMovement }: Recordable) {
  const memo = { text: details, reference, counterparty };
  const isWritten = Object.values(memo).some((text) => text !== '');
  return { memo, memoRecordId: isWritten && !besideMovement ? uuidV5(id, 'memo') : undefined };
}

function donationOf(
  { upload, fund, destinationOf }: Recording,
  { id, row, amount }: Recordable,
): RecordDonation {
  const { account, currency, statementId } = upload;
  const { today, fundId, openedOn } = fund;
  return {
    type: 'RecordDonation',
    ...{ donationId: id, fund: { fundId, openedOn }, today, method: 'bank', account, items: [] },
    // A memo is only a claim.
    donor: { kind: 'unidentified' },
    amount: moneyJson({ minor: amount, currency }),
    ...purposeOf(destinationOf(row)),
    ...{ receivedOn: row.date, language: 'vi', readFrom: { statementId, line: row.line } },
  };
}

function purposeOf(destination: Destination<Appeal>): Pick<RecordDonation, 'purpose' | 'campaign'> {
  if (destination === 'nowhere-named') return { purpose: 'unrestricted' };
  // No purpose of any fund: its money stands in suspense until somebody decides.
  if (destination === 'misdirected') return { purpose: 'suspense' };
  const { campaignId, purpose, receivingAccount, opensOn, closesOn } = destination.appeal;
  return { campaign: { campaignId, purpose, receivingAccount, opensOn, closesOn } };
}

function itemOf({ upload }: Recording, { id, row, amount }: Recordable, kind: 'debit' | 'unexplained') {
  const { fundId, account, currency, statementId } = upload;
  return {
    ...{ bankItemId: id, fundId, account, kind, bookedOn: row.date, statementId, line: row.line },
    amount: moneyJson({ minor: amount, currency }),
  };
}
