import type { FundEvent } from '#domain/fund/fund.events.js';
import type { JournalKind, JournalLine } from '#domain/journal/journal.events.js';
import { newId } from '#event-store/command-id.js';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { money, moneyJson, negated } from '#kernel/money.js';
import { vnd } from '#testing/fund-stories.js';
import type { BooksAsked } from './scheduled-accounting.js';
import { statementAccount } from './scheduled-bank.js';
import { checker, contextOf, fundOf, maker, type Request } from './scheduled-request.js';
import { nth, nthOpen, type SeenByPeople } from './scheduled-sight.js';

type Draft = Extract<BooksAsked, { readonly kind: 'draft' }>;
type OnJournal = Extract<BooksAsked, { readonly kind: `${string} journal` }>;
type OnFund = Exclude<BooksAsked, Draft | OnJournal>;
type Journaled = Extract<FundEvent, { readonly type: 'JournalPosted' }>;

/** Who writes journals, closes periods and counts cash, and the second person. */
export class ScheduledBookkeepers {
  constructor(
    private readonly today: () => LocalDate,
    private readonly seen: SeenByPeople,
  ) {}

  /** What one of them sends for this; undefined where there is nothing to ask it of. */
  requestOf(asked: BooksAsked): Request | undefined {
    switch (asked.kind) {
      case 'draft':
        return this.#draft(asked);
      case 'agree on journal':
      case 'reject journal':
      case 'withdraw journal':
        return this.#onJournal(asked);
      default:
        return this.#onFund(asked);
    }
  }

  #draft(asked: Draft): Request | undefined {
    const fundId = fundOf(asked.fund);
    const terms = asked.journal === 'reversal' ? this.#reversal(asked, fundId) : plainTerms(asked);
    if (!terms) return undefined;
    const context = contextOf(maker.by);
    return {
      ...{ to: 'journals', stream: `journal-${context.commandId}`, context },
      command: { type: 'DraftJournal', fundId, textRecordId: newId(), ...maker, ...terms },
    };
  }

  #reversal({ which }: Draft, fundId: string) {
    const entry = nth(
      this.seen
        .all<Journaled>('JournalPosted')
        .filter(({ stream, data }) => stream === `fund-${fundId}` && data.reversesEntryId === undefined),
      which,
    );
    if (!entry) return undefined;
    const { entryId, effectiveOn } = entry.data;
    const postings = entry.data.postings.map((line) => ({
      ...line,
      amount: moneyJson(negated(money(line.amount))),
    }));
    return { kind: 'reversal' as const, postings, reversesEntryId: entryId, effectiveOn };
  }

  #onJournal({ kind, which }: OnJournal): Request | undefined {
    const drafted = nthOpen(this.seen, 'JournalDrafted', which);
    if (!drafted) return undefined;
    const to = { to: 'journals', stream: drafted.stream } as const;
    switch (kind) {
      case 'agree on journal':
        return { ...to, command: { type: 'ApproveJournal', ...checker }, context: contextOf(checker.by) };
      case 'reject journal': {
        const command = { type: 'RejectJournal', by: checker.by, reasonRecordId: newId() } as const;
        return { ...to, command, context: contextOf(checker.by) };
      }
      case 'withdraw journal':
        return { ...to, command: { type: 'WithdrawJournal', by: maker.by }, context: contextOf(maker.by) };
    }
  }

  #onFund(asked: OnFund): Request {
    const stream = `fund-${fundOf(asked.fund)}`;
    const second = asked.kind === 'agree to reopen' || asked.kind === 'reject reopening';
    const context = contextOf(second ? checker.by : maker.by);
    const command = this.#fundCommand(asked, stream, context.commandId);
    return { to: 'funds', stream, command, context };
  }

  #fundCommand(
    asked: OnFund,
    stream: string,
    commandId: string,
  ): Extract<Request, { readonly to: 'funds' }>['command'] {
    const today = this.today();
    const reopeningId = this.#reopening(stream);
    const reasonRecordId = newId();
    switch (asked.kind) {
      case 'close period':
        return { type: 'ClosePeriod', through: localDate(asked.through), today };
      case 'ask to reopen': {
        const from = localDate(asked.from);
        return { type: 'AskReopening', reopeningId: commandId, from, ...maker, reasonRecordId };
      }
      case 'agree to reopen':
        return { type: 'ApproveReopening', reopeningId, ...checker };
      case 'reject reopening':
        return { type: 'RejectReopening', reopeningId, by: checker.by, reasonRecordId };
      case 'withdraw reopening':
        return { type: 'WithdrawReopening', reopeningId, by: maker.by };
      case 'count cash': {
        const denominations = [{ value: '100', pieces: asked.pieces }];
        return { type: 'CountCash', countId: commandId, denominations, today };
      }
    }
  }

  #reopening(stream: string): string {
    type Asked = Extract<FundEvent, { readonly type: 'ReopeningAsked' }>;
    const asked = this.seen.all<Asked>('ReopeningAsked').findLast((event) => event.stream === stream);
    return asked?.data.reopeningId ?? newId();
  }
}

/** Lines that a journal of a kind may have; every other one moves what a row of the statement moved. */
function plainTerms({ journal, amount, which }: Draft): {
  readonly kind: JournalKind;
  readonly postings: readonly JournalLine[];
  readonly effectiveOn: LocalDate;
} {
  const bank = which % 2 === 0 ? 'bank.vcb1' : statementAccount;
  const sum = which % 2 === 0 ? amount : ([15, 30, 5, 2][amount % 4] ?? 15);
  const [debit, credit] = {
    opening: ['cash', 'equity.opening'],
    transfer: ['cash', bank],
    interest: [bank, 'income.interest'],
    fee: ['expense.bank-fee', bank],
    manual: ['expense.management', 'cash'],
    reversal: ['cash', bank],
  }[journal] as [string, string];
  const purpose = 'unrestricted';
  return {
    kind: journal,
    postings: [
      { account: debit, purpose, amount: vnd(sum) },
      { account: credit, purpose, amount: vnd(-sum) },
    ],
    effectiveOn: localDate(which % 3 === 0 ? '2024-06-15' : '2024-12-31'),
  };
}
