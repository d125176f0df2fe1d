import type { JournalKind } from '#domain/journal/journal.events.js';
import type { WrittenJournal } from '#domain/journal/journal.state.js';
import type { MoneyJson } from '#kernel/money.js';
import {
  IsChoice,
  IsDay,
  IsId,
  IsListOf,
  IsMoney,
  IsPattern,
  IsText,
  type MoneyBody,
} from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import type { EventPlace } from './event-place.js';
import type { JournalRow } from '../read/journals/journals.projection.js';

const kinds: readonly JournalKind[] = ['opening', 'transfer', 'interest', 'fee', 'manual', 'reversal'];

/** A line of a journal. */
export class JournalLineBody {
  @IsPattern(/[a-z][a-z-]{0,30}(?:\.[A-Za-z0-9][A-Za-z0-9._-]{0,63})?/, {
    description: 'an account of the chart, such as cash or bank.<account>',
  })
  readonly account!: string;

  @IsText({ optional: true, max: 40, description: 'the id of a purpose; unrestricted when absent' })
  readonly purpose?: string;

  @IsMoney({ signed: true, description: 'a debit, or below zero a credit' })
  readonly amount!: MoneyBody;
}

/** Writes a journal. */
export class JournalBody {
  @IsId()
  readonly fundId!: string;

  @IsChoice(kinds, {
    description: 'transfer, interest and fee are facts of the bank; the others need a second person',
  })
  readonly kind!: JournalKind;

  @IsDay({ description: 'the accounting date' })
  readonly effectiveOn!: string;

  @IsText({ max: 1_000, multiline: true, description: 'what it is about, naming no person; sealed' })
  readonly text!: string;

  @IsListOf(() => JournalLineBody, {
    optional: true,
    max: 200,
    description: 'sum to zero per purpose and currency; none for a reversal',
  })
  readonly postings?: readonly JournalLineBody[];

  @IsText({
    optional: true,
    max: 100,
    description: 'of a reversal alone: the entry, whose mirror it is',
  })
  readonly reverses?: string;
}

/** Says why, in words that are sealed. */
export class BookReasonBody {
  @IsText({ max: 500, multiline: true })
  readonly reason!: string;
}

/** Which fund's journals to list. */
export class JournalsQuery extends PageQuery {
  @IsId()
  readonly fund!: string;
}

/** A line as the API tells it. */
export interface JournalLineView {
  readonly account: string;
  readonly purpose: string;
  readonly amount: MoneyJson;
}

/** A journal in a list. */
export interface JournalListItem {
  readonly journalId: string;
  readonly fundId: string;
  readonly kind: string;
  readonly status: string;
  readonly effectiveOn: string;
  readonly draftedBy: string;
  readonly decidedBy: string | null;
  readonly reversesEntryId: string | null;
  /** The entry that it became. */
  readonly entryId: string | null;
  /** Why its fund refused it. */
  readonly refusalCode: string | null;
  readonly postings: readonly JournalLineView[];
  readonly recordedAt: string;
}

/** A journal as its own events say. */
export interface JournalView extends Omit<JournalListItem, 'recordedAt'> {
  /** How much money was missing when its fund refused it, where money was. */
  readonly shortBy: MoneyJson | null;
  /** What it is about; null for who may not read names. */
  readonly text: string | null;
  /** Why somebody said no; null for who may not read names. */
  readonly reason: string | null;
}

/** What somebody's decision on a journal made happen; what its fund answers is told by the journal itself. */
export interface JournalAnswer extends EventPlace {
  readonly journalId: string;
  readonly fundId: string;
}

/** A journal of a list. */
export function journalListItem(row: JournalRow): JournalListItem {
  return {
    journalId: row.journal_id,
    fundId: row.fund_id,
    kind: row.kind,
    status: row.status,
    effectiveOn: row.effective_on,
    draftedBy: row.drafted_by,
    decidedBy: row.decided_by,
    reversesEntryId: row.reverses_entry_id,
    entryId: row.entry_id,
    refusalCode: row.refusal_code,
    postings: JSON.parse(row.lines) as readonly JournalLineView[],
    recordedAt: row.recorded_at,
  };
}

/** A journal with its texts as far as they were opened, by record. */
export function journalView(
  journalId: string,
  journal: WrittenJournal,
  texts: ReadonlyMap<string, string>,
): JournalView {
  const { status, draft, decidedBy = null, entryId = null, reasonRecordId = '', refusal } = journal;
  const { fundId, kind, effectiveOn, draftedBy, reversesEntryId = null, postings } = draft;
  return {
    ...{ journalId, fundId, kind, status, effectiveOn, draftedBy, decidedBy, reversesEntryId, entryId },
    ...refusalView(refusal),
    postings,
    text: texts.get(draft.textRecordId) ?? null,
    reason: texts.get(reasonRecordId) ?? null,
  };
}

function refusalView(refusal: WrittenJournal['refusal']): Pick<JournalView, 'refusalCode' | 'shortBy'> {
  return { refusalCode: refusal?.code ?? null, shortBy: refusal?.shortBy ?? null };
}
