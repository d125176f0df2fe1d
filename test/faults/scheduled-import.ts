import type { DonationEntry } from '#apps/donations/src/in/donation-entry.js';
import { ItemDonations, type SaidDonation } from '#apps/donations/src/in/item-donations.js';
import type { PersonalData } from '#apps/donations/src/in/personal-data.js';
import { RowRecording, type Recording } from '#apps/donations/src/in/row-recording.js';
import type { Streams } from '#apps/donations/src/in/streams.js';
import type { KnownRowsQuery } from '#apps/donations/src/read/statement/known-rows.query.js';
import type { BankItemEvent } from '#domain/bank-item/bank-item.events.js';
import type { RecordDonation } from '#domain/donation/recording.policy.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { LocalDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { fileIn } from './scheduled-bank-clerks.js';
import { openedOn } from './scheduled-request.js';
import { nth, type SeenByPeople } from './scheduled-sight.js';

type Confirmed = RecordedEvent<Extract<StatementEvent, { readonly type: 'StatementConfirmed' }>>;
type Classified = RecordedEvent<Extract<BankItemEvent, { readonly type: 'BankItemClassified' }>>;

const nothing = { donations: 0, debits: 0, unexplained: 0, known: 0 };

/** Nobody has a vault here: the donations of items are of nobody in particular. */
class ItemDonationsUnsealed extends ItemDonations {
  constructor(
    streams: Streams,
    private readonly today: () => LocalDate,
  ) {
    super(streams, {} as DonationEntry);
  }

  override commandOf({ item, classificationId, classification }: SaidDonation): Promise<RecordDonation> {
    return Promise.resolve({
      ...{ type: 'RecordDonation', donationId: classificationId, today: this.today(), method: 'bank' },
      ...{ fund: { fundId: item.fundId, openedOn }, account: item.account, amount: item.amount, items: [] },
      ...{ donor: { kind: 'unidentified' }, receivedOn: item.bookedOn, language: classification.language },
      ...(classification.purpose === undefined ? {} : { purpose: classification.purpose }),
      bankItemId: item.bankItemId,
    });
  }
}

/** What one process of the donations service does by itself: imports confirmed statements, enters items that are donations. */
export class ScheduledImport {
  readonly #recording: RowRecording;
  readonly #items: ItemDonations;

  constructor(
    private readonly streams: Streams,
    private readonly seen: SeenByPeople,
    private readonly today: () => LocalDate,
  ) {
    this.#recording = new RowRecording(streams, {} as KnownRowsQuery, {} as PersonalData);
    this.#items = new ItemDonationsUnsealed(streams, today);
  }

  /** Records the first rows of a statement under way, and that it is imported where these are all; none where none is. */
  async import(which: number, rowsMax: number): Promise<void> {
    const confirmed = nth(this.underWay(), which);
    if (!confirmed) return;
    const { state } = await this.streams.statements.load(confirmed.stream);
    if (state.status !== 'confirmed') return;
    const { upload, confirmedBy, otherHalves = [] } = state;
    const halves = new Set(otherHalves.map(({ rowId }) => rowId));
    const { rows } = fileIn(upload);
    const { id: afterEventId, correlationId } = confirmed;
    const recording: Recording = {
      upload,
      fund: {
        fundId: upload.fundId,
        openedOn,
        zone: 'Asia/Ho_Chi_Minh',
        today: this.today(),
      } as Recording['fund'],
      destinationOf: () => 'nowhere-named',
      otherHalves: halves,
      context: { actor: `staff:${confirmedBy}`, correlationId, afterEventId },
    };
    const fresh = rows.slice(0, rowsMax).map((row) => ({
      row: row.kind === 'donation' && halves.has(row.id) ? { ...row, kind: 'unexplained' as const } : row,
      memoRecordId: undefined,
    }));
    const imported = await this.#recording.record(recording, { recorded: nothing, fresh });
    if (rows.length > rowsMax) return;
    const commandId = uuidV5(afterEventId, 'imported');
    const context = { actor: 'service:donations', commandId, correlationId, afterEventId } as const;
    await this.streams.statements.command(confirmed.stream, { type: 'CompleteImport', ...imported }, context);
  }

  /** Enters every item that is a donation and is not entered yet. */
  async enterItems(): Promise<void> {
    for (const { stream, id, data } of this.seen.all<Classified>('BankItemClassified'))
      if (data.classification.as === 'donation') await this.#items.record(stream, id);
  }

  /** What people confirmed and is not imported yet. */
  underWay(): readonly Confirmed[] {
    const ended = new Set(this.seen.all('StatementImported').map(({ stream }) => stream));
    return this.seen.all<Confirmed>('StatementConfirmed').filter(({ stream }) => !ended.has(stream));
  }
}
