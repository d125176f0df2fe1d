import type { BankItemEvent, Classification } from '#domain/bank-item/bank-item.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import { newId } from '#event-store/command-id.js';
import type { LocalDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { minus, money, moneyJson } from '#kernel/money.js';
import { schoolPurpose, vnd } from '#testing/fund-stories.js';
import type { StatementAsked } from './scheduled-accounting.js';
import { fileOf, otherAccount, statementAccount, type ScheduledFile } from './scheduled-bank.js';
import { isOwnTransferTo, otherHalvesIn, type OwnTransfer } from './scheduled-transfers.js';
import { checker, contextOf, fundOf, maker, openedOn, type Request } from './scheduled-request.js';
import { nth, nthOpen, type SeenByPeople } from './scheduled-sight.js';

type Upload = Extract<StatementAsked, { readonly kind: 'upload' }>;
type Confirm = Extract<StatementAsked, { readonly kind: 'confirm' }>;
type Classify = Extract<StatementAsked, { readonly kind: 'classify' }>;
type OnItem = Extract<StatementAsked, { readonly kind: `${string} item` }>;
type Uploaded = Extract<StatementEvent, { readonly type: 'StatementUploaded' }>;
type Found = Extract<BankItemEvent, { readonly type: 'BankItemRecorded' }>;
type Journaled = Extract<FundEvent, { readonly type: 'JournalPosted' }>;

/** Who sends in bank statements and says what their rows were, and the second person. */
export class ScheduledBankClerks {
  constructor(
    private readonly today: () => LocalDate,
    private readonly seen: SeenByPeople,
  ) {}

  /** What one of them sends for this; undefined where there is nothing to ask it of. */
  requestOf(asked: StatementAsked): Request | undefined {
    switch (asked.kind) {
      case 'upload':
        return this.#upload(asked);
      case 'confirm':
        return this.#confirm(asked);
      case 'discard': {
        const upload = this.#uploaded(asked.which);
        const command = { type: 'DiscardStatement', by: maker.by } as const;
        return upload && { to: 'statements', stream: upload.stream, command, context: contextOf(maker.by) };
      }
      case 'classify':
        return this.#classify(asked);
      default:
        return this.#onItem(asked);
    }
  }

  #upload({ fund, from, rows, isOther = false }: Upload): Request {
    const fundId = fundOf(fund);
    const account = isOther ? otherAccount : statementAccount;
    const context = contextOf(maker.by);
    const { totals } = fileOf(fundId, account, from, rows);
    const none = { donations: 0, debits: 0, unexplained: 0, known: 0, misdirected: 0, campaigns: [] };
    return {
      ...{ to: 'statements', stream: `statement-${context.commandId}`, context },
      command: {
        ...{ type: 'UploadStatement', statementId: context.commandId, by: maker.by, today: this.today() },
        ...{ fund: { fundId, openedOn }, account, currency: 'VND', totals },
        // Which rows the file has stands where its name is kept.
        file: { fileRecordId: newId(), digest: `${String(from)} ${String(rows)}`, bytes: 1 },
        profile: {
          ...{
            name: 'made up',
            dateFormat: 'yyyy-mm-dd',
            decimal: '.',
            thousands: '',
            order: 'oldest-first',
          },
          columns: { date: 'a', details: 'b', balance: 'c', amount: 'd' },
          footers: [],
        },
        foreseen: { ...none, bookBalance: totals.opening },
      },
    };
  }

  /** As the desk does: how much the books have, how many rows are new, whether another file is under way. */
  #confirm(asked: Confirm): Request | undefined {
    const uploaded = this.#uploaded(asked.which);
    if (!uploaded) return undefined;
    const { stream, data } = uploaded;
    const { fundId, totals, account } = data;
    const known = this.seen.streams();
    const fresh = fileIn(data).rows.filter(
      ({ id }) => !known.has(`donation-${id}`) && !known.has(`bank-item-${id}`),
    );
    const underWay = this.#underWay(fundId, account).find((other) => other !== stream);
    const bookBalance = moneyJson(minus(money(totals.opening), money(vnd(asked.lacking))));
    const otherHalves = otherHalvesIn(
      fresh,
      this.seen.of(`fund-${fundId}`) as readonly RecordedEvent<FundEvent>[],
      account,
    );
    const found = { bookBalance, newRows: fresh.length, doubts: [], otherHalves };
    return {
      ...{ to: 'statements', stream, context: contextOf(maker.by) },
      command: {
        ...{ type: 'ConfirmStatement', by: maker.by },
        found: { ...found, ...(underWay === undefined ? {} : { underWay }) },
        seen: { doubts: [], ...(asked.openingEntry && { openingEntry: vnd(asked.lacking) }) },
      },
    };
  }

  /** Streams of the statements of an account that are confirmed and not imported. */
  #underWay(fundId: string, account: string): readonly string[] {
    type Confirmed = Extract<StatementEvent, { readonly type: 'StatementConfirmed' }>;
    const ended = new Set(this.seen.all('StatementImported').map(({ stream }) => stream));
    return this.seen
      .all<Confirmed>('StatementConfirmed')
      .filter(({ stream, data }) => data.fundId === fundId && data.account === account && !ended.has(stream))
      .map(({ stream }) => stream);
  }

  #uploaded(which: number): RecordedEvent<Uploaded> | undefined {
    return nthOpen<Uploaded>(this.seen, 'StatementUploaded', which);
  }

  #classify(asked: Classify): Request | undefined {
    const item = this.#item(asked.which);
    if (!item) return undefined;
    const context = contextOf(maker.by);
    return {
      ...{ to: 'bankItems', stream: item.stream, context },
      command: {
        ...{ type: 'ClassifyBankItem', classificationId: context.commandId, ...maker },
        classification: this.#classificationOf(asked, item),
      },
    };
  }

  #classificationOf(
    { as, forSchools }: Classify,
    { data: { fundId, account } }: RecordedEvent<Found>,
  ): Classification {
    const purpose = forSchools ? schoolPurpose : 'unrestricted';
    switch (as) {
      case 'bank-fee':
        return { as, purpose };
      case 'cash-withdrawn':
        return { as };
      case 'own-transfer':
        return { as, account: account === statementAccount && !forSchools ? otherAccount : 'bank.vcb1' };
      case 'posted':
        return { as, entryId: this.#ownEntry(fundId, account) };
      case 'donation':
        return { as, purpose, language: 'vi' };
      case 'other':
        return { as, account: 'expense.other', purpose };
    }
  }

  /** The last entry of a person that moved something on the account, or what an own transfer brought there. */
  #ownEntry(fundId: string, account: string): string {
    const events = this.seen.of(`fund-${fundId}`) as readonly RecordedEvent<FundEvent>[];
    const entry = events.findLast(
      (event): event is RecordedEvent<Journaled> | OwnTransfer =>
        isOwnTransferTo(event, account) ||
        (event.type === 'JournalPosted' &&
          event.data.postings.some((posting) => posting.account === account)),
    );
    return entry?.data.entryId ?? 'journal.none';
  }

  #onItem({ kind, which }: OnItem): Request | undefined {
    const item = this.#item(which);
    if (!item) return undefined;
    const said = this.seen.of(item.stream).findLast(({ data }) => 'classificationId' in data);
    const { classificationId = newId() } = (said?.data ?? {}) as { readonly classificationId?: string };
    const named = { classificationId };
    const reasonRecordId = newId();
    const to = { to: 'bankItems', stream: item.stream } as const;
    switch (kind) {
      case 'agree on item': {
        const command = { type: 'ApproveClassification', ...named, ...checker } as const;
        return { ...to, command, context: contextOf(checker.by) };
      }
      case 'reject item': {
        const command = { type: 'RejectClassification', ...named, by: checker.by, reasonRecordId } as const;
        return { ...to, command, context: contextOf(checker.by) };
      }
      case 'undo item': {
        const command = { type: 'UndoClassification', ...named, by: maker.by, reasonRecordId } as const;
        return { ...to, command, context: contextOf(maker.by) };
      }
    }
  }

  #item(which: number): RecordedEvent<Found> | undefined {
    return nth(this.seen.all<Found>('BankItemRecorded'), which);
  }
}

/** The rows of an uploaded file. */
export function fileIn({ fundId, account, file }: Uploaded['data']): ScheduledFile {
  const [from = '0', rows = '1'] = file.digest.split(' ');
  return fileOf(fundId, account, parseInt(from, 10), parseInt(rows, 10));
}
