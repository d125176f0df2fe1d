import { Inject, Injectable } from '@nestjs/common';
import { journalFault } from '#domain/fund/journals.decide.js';
import { unrestricted } from '#domain/fund/postings.policy.js';
import type { DraftJournal, JournalCommand } from '#domain/journal/journal.decide.js';
import type { JournalEvent, JournalLine, JournalTerms } from '#domain/journal/journal.events.js';
import type { JournalState, WrittenJournal } from '#domain/journal/journal.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { dateInZone, localDate } from '#kernel/dates.js';
import { money, moneyJson, negated } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK } from '#platform/tokens.js';
import { streamOf } from '../fund-streams.js';
import { FUNDS, type Funds } from '../funds.js';
import { journalStreamOf } from '../journal-streams.js';
import { JOURNALS, type Journals } from '../journals.js';
import { BooksQuery } from '../read/books.query.js';
import { entryView } from './books.http.js';
import type { JournalFormRefusal } from './journal-refusals.js';
import type { JournalBody } from './journals.http.js';
import { present } from './plain.js';

/** Who asks, as the domain looks whether two persons are two. */
export function asker({ staffId, enabledBy }: Caller): {
  readonly by: string;
  readonly enabledBy?: readonly string[];
} {
  return { by: staffId, ...(enabledBy && { enabledBy }) };
}

/** Journals on their way: holds a draft against its fund's books before it is written, so that its author hears at once. */
@Injectable()
export class JournalDesk {
  constructor(
    @Inject(JOURNALS) private readonly journals: Journals,
    @Inject(FUNDS) private readonly funds: Funds,
    @Inject(BooksQuery) private readonly books: BooksQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A journal that somebody wrote; throws `journal/unknown`. */
  async written(journalId: string): Promise<WrittenJournal> {
    const { state } = await this.journals.load(journalStreamOf(journalId));
    if (state.status === 'none') throw new DomainRefusal('journal/unknown');
    return state;
  }

  /** Writes a journal under the id of the command; `seal` seals its text. Throws what the books would refuse it with. */
  async draft(
    body: JournalBody,
    caller: Caller,
    context: CommandContext,
    seal: () => Promise<string>,
  ): Promise<Handled<JournalState, JournalEvent>> {
    const stream = journalStreamOf(context.commandId);
    const repeated = await this.journals.repeated(stream, context);
    if (repeated) return repeated;
    const terms = await this.#termsOf(body);
    await this.#assertTaken(terms);
    const command: DraftJournal = {
      type: 'DraftJournal',
      ...terms,
      ...asker(caller),
      textRecordId: await seal(),
    };
    return this.journals.command(stream, command, context);
  }

  /** Has the texts of a journal destroyed, then says so, once per command; `destroy` is told how often that was done before. */
  async eraseTexts(
    journalId: string,
    { staffId: by }: Caller,
    context: CommandContext,
    destroy: (erasures: number) => Promise<void>,
  ): Promise<Handled<JournalState, JournalEvent>> {
    const repeated = await this.journals.repeated(journalStreamOf(journalId), context);
    if (repeated) return repeated;
    const { erasures = 0 } = await this.written(journalId);
    await destroy(erasures);
    return this.act(journalId, { type: 'EraseJournalTexts', erasures, by }, context);
  }

  /** Hands a command over to a journal. */
  act(
    journalId: string,
    command: JournalCommand,
    context: CommandContext,
  ): Promise<Handled<JournalState, JournalEvent>> {
    return this.journals.command(journalStreamOf(journalId), command, context);
  }

  async #termsOf({ fundId, kind, effectiveOn, postings, reverses }: JournalBody): Promise<JournalTerms> {
    const isReversal = kind === 'reversal';
    if (isReversal !== (reverses !== undefined) || isReversal === (postings !== undefined))
      throw new DomainRefusal<JournalFormRefusal>('journal/reversal-malformed');
    const lines =
      reverses === undefined ? linesOf(postings) : await this.#mirrorOf(reverses, { fundId, effectiveOn });
    return {
      ...{ fundId, kind, postings: lines },
      ...present({ reversesEntryId: reverses }),
      effectiveOn: localDate(effectiveOn),
    };
  }

  async #mirrorOf(
    entryId: string,
    { fundId, effectiveOn }: Pick<JournalBody, 'fundId' | 'effectiveOn'>,
  ): Promise<readonly JournalLine[]> {
    const row = await this.books.entry(entryId);
    if (row?.fund_id !== fundId) throw new DomainRefusal('ledger/entry-unknown');
    const reversible = ['journal', 'opening'].includes(row.kind) && row.reverses_entry_id === null;
    if (!reversible) throw new DomainRefusal<JournalFormRefusal>('journal/entry-not-reversible');
    if (effectiveOn < row.effective_on)
      throw new DomainRefusal<JournalFormRefusal>('journal/reversal-before-entry', {
        effectiveOn: row.effective_on,
      });
    return entryView(row).postings.map((line) => ({
      ...line,
      amount: moneyJson(negated(money(line.amount))),
    }));
  }

  async #assertTaken(terms: JournalTerms): Promise<void> {
    const { state } = await this.funds.load(streamOf(terms.fundId));
    if (state.status === 'none') throw new DomainRefusal('fund/unknown');
    const today = dateInZone(this.clock.now().toISOString(), state.about.zone);
    const fault = journalFault(state, terms, today);
    if (!fault) return;
    const { code, shortBy } = fault;
    throw new DomainRefusal(code, shortBy ? { shortBy: shortBy.amount, currency: shortBy.currency } : {});
  }
}

function linesOf(postings: JournalBody['postings'] = []): readonly JournalLine[] {
  return postings.map(({ account, purpose = unrestricted, amount }) => ({
    account,
    purpose,
    amount: { amount: amount.amount, currency: amount.currency },
  }));
}
