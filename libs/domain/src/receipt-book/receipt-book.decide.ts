import type { Decider } from '#kernel/decider.js';
import { dateInZone, yearOf } from '#kernel/dates.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type {
  Bilingual,
  ReceiptBookEvent,
  ReceiptFund,
  ReceiptVoided,
  ReceiptedDonation,
} from './receipt-book.events.js';
import { evolveReceiptBook, noReceiptBook } from './receipt-book.state.js';
import type { OpenReceiptBook, ReceiptBookState } from './receipt-book.state.js';
import { receiptNumber, seriesLetter } from './receipt-number.policy.js';
import { templateFault, type ReceiptTemplate } from './receipt-template.policy.js';

/** The store's incarnation (from 1, one more with each restore) when the message was recorded, and now. */
export interface Incarnations {
  readonly message: number;
  readonly store: number;
}

interface Certified {
  readonly entryId: string;
  /** When the entry was recorded (RFC 3339): gives the receipt its year. */
  readonly recordedAt: string;
  readonly incarnations: Incarnations;
  readonly donation: ReceiptedDonation;
}

/**
 * Voids the donation's receipt and issues one for what a refund has left of it, or a match has made of it: to the payer that
 * a person corrected, unless the match says anew who that is.
 */
interface ReplaceReceipt extends Certified {
  readonly type: 'ReplaceReceipt';
  readonly cause: 'refund' | 'match';
  readonly isPayerNew: boolean;
}

/** What messages tell a book; none of these is ever refused. */
export type ReceiptBookMessageCommand =
  | { readonly type: 'OpenReceiptBook'; readonly fund: ReceiptFund }
  | { readonly type: 'NamePurpose'; readonly purpose: string; readonly name: Bilingual }
  | ({ readonly type: 'IssueReceipt' } & Certified)
  | ReplaceReceipt
  | { readonly type: 'VoidReceipt'; readonly donationId: string; readonly cause: 'void' | 'refund' };

/** A person has a receipt issued anew, with the payer's identity corrected or not. */
export interface ReissueReceipt {
  readonly type: 'ReissueReceipt';
  /** The receipt to replace, as the register has it. */
  readonly replaces: {
    readonly number: string;
    readonly donationId: string;
    readonly year: string;
    /** Whether it is the one in force, as far as the register had seen. */
    readonly inForce: boolean;
  };
  /** `voiding` of the last {@link ReceiptVoided} that the register had seen when it was asked; 0 for none. */
  readonly voidingsSeen: number;
  readonly entryId: string;
  readonly donation: ReceiptedDonation;
  readonly storeIncarnation: number;
  readonly reasonRecordId: string;
}

/** What a book can be told. */
export type ReceiptBookCommand =
  | ReceiptBookMessageCommand
  | ReissueReceipt
  | { readonly type: 'ChangeTemplate'; readonly template: ReceiptTemplate };

/** Why a person's command on a book is refused. */
export type ReceiptBookRefusal =
  | 'receipt-book/not-found'
  | 'receipt-book/receipt-void'
  | 'receipt-book/receipt-changed'
  | 'receipt-book/register-behind'
  | 'receipt-book/template-invalid';

/** Numbers without gap: each posted donation one, each reissue one more. */
export const receiptBook: Decider<ReceiptBookState, ReceiptBookCommand, ReceiptBookEvent> = {
  initialState: noReceiptBook,
  evolve: evolveReceiptBook,
  decide,
};

function decide(state: ReceiptBookState, command: ReceiptBookCommand): readonly ReceiptBookEvent[] {
  if (command.type === 'OpenReceiptBook')
    return state.status === 'open' ? [] : [{ type: 'ReceiptBookOpened', data: command.fund }];
  if (state.status === 'open') return decideOpen(state, command);
  if (command.type === 'ReissueReceipt' || command.type === 'ChangeTemplate')
    throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/not-found');
  // A fund's opening comes first on its topic, so a book that is not open by now is our own fault.
  throw new InvariantViolation(`${command.type} before the receipt book opened`);
}

function decideOpen(
  book: OpenReceiptBook,
  command: Exclude<ReceiptBookCommand, { type: 'OpenReceiptBook' }>,
): readonly ReceiptBookEvent[] {
  switch (command.type) {
    case 'NamePurpose':
      return namePurpose(book, command.purpose, command.name);
    case 'IssueReceipt':
      return certify(book, command);
    case 'ReplaceReceipt':
      return replace(book, command);
    case 'VoidReceipt':
      return [voided(book, command.donationId, command.cause)];
    case 'ReissueReceipt':
      return reissue(book, command);
    case 'ChangeTemplate':
      return changeTemplate(book, command.template);
  }
}

function namePurpose(book: OpenReceiptBook, purpose: string, name: Bilingual): readonly ReceiptBookEvent[] {
  const known = book.purposes[purpose];
  if (known?.vi === name.vi && known.en === name.en) return [];
  return [{ type: 'ReceiptPurposeNamed', data: { fundId: book.fund.fundId, purpose, name } }];
}

function changeTemplate(book: OpenReceiptBook, template: ReceiptTemplate): readonly ReceiptBookEvent[] {
  const field = templateFault(template);
  if (field !== undefined)
    throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/template-invalid', { field });
  const version = book.templateVersion + 1;
  return [{ type: 'ReceiptTemplateChanged', data: { fundId: book.fund.fundId, version, template } }];
}

function voided(
  book: OpenReceiptBook,
  donationId: string,
  cause: ReceiptVoided['data']['cause'],
  reason: { readonly reasonRecordId?: string } = {},
): ReceiptBookEvent {
  const { fundId } = book.fund;
  return {
    type: 'ReceiptVoided',
    data: { fundId, donationId, cause, voiding: book.voidings + 1, ...reason },
  };
}

function replace(book: OpenReceiptBook, command: ReplaceReceipt): readonly ReceiptBookEvent[] {
  const { donation, cause, isPayerNew } = command;
  const payer = (isPayerNew ? undefined : book.payers[donation.donationId]) ?? donation.payer;
  const corrected = { ...command, donation: { ...donation, payer } };
  const again = certify(book, corrected, isPayerNew ? { payerMatched: true } : {});
  return [voided(book, donation.donationId, cause), ...again];
}

/** The next number; `again` where the donation had a receipt before, with what is more to say of that. */
function certify(
  book: OpenReceiptBook,
  command: Certified,
  again?: Pick<Issue, 'payerMatched'>,
): readonly ReceiptBookEvent[] {
  const { message, store } = command.incarnations;
  const year = yearOf(dateInZone(command.recordedAt, book.fund.zone));
  const now = Math.max(message, store);
  const noticed = noticeRestore(book, year, message === now ? now : 0);
  const issued = issue(noticed.book, year, now, {
    entryId: command.entryId,
    donation: named(book, command.donation),
    reissue: again !== undefined,
    ...again,
  });
  return [...noticed.events, ...issued];
}

/** A message recorded after the restore shows that the time before it is past: later years need no letter. */
function noticeRestore(
  book: OpenReceiptBook,
  throughYear: string,
  incarnation: number,
): { readonly book: OpenReceiptBook; readonly events: readonly ReceiptBookEvent[] } {
  if (incarnation <= book.restore.incarnation) return { book, events: [] };
  const restore = { incarnation, throughYear };
  const event: ReceiptBookEvent = {
    type: 'RestoreNoticed',
    data: { fundId: book.fund.fundId, ...restore },
  };
  return { book: { ...book, restore }, events: [event] };
}

type Issue = Omit<
  Extract<ReceiptBookEvent, { type: 'ReceiptIssued' }>['data'],
  'fundId' | 'number' | 'year' | 'letter' | 'sequence'
>;

function issue(
  book: OpenReceiptBook,
  year: string,
  incarnation: number,
  content: Issue,
): readonly ReceiptBookEvent[] {
  const { fundId, code } = book.fund;
  const running = book.series[year];
  const goesOn = running !== undefined && running.incarnation >= incarnation;
  const letter = goesOn ? running.letter : letterOf(book, year, incarnation);
  const sequence = goesOn ? running.last + 1 : 1;
  const number = receiptNumber(code, year, letter, sequence);
  const issued: ReceiptBookEvent = {
    type: 'ReceiptIssued',
    data: { fundId, number, year, letter, sequence, ...content },
  };
  if (goesOn) return [issued];
  return [{ type: 'ReceiptSeriesOpened', data: { fundId, year, letter, incarnation } }, issued];
}

/** What was mailed of this year before the restore may be lost to us, so its plain series is never opened again. */
function letterOf(book: OpenReceiptBook, year: string, incarnation: number): string {
  const { restore, series } = book;
  const untouched = restore.incarnation === incarnation && year > restore.throughYear;
  return untouched && series[year] === undefined ? '' : seriesLetter(incarnation);
}

function named(book: OpenReceiptBook, donation: ReceiptedDonation): ReceiptedDonation {
  const purposeName = book.purposes[donation.purpose];
  return purposeName === undefined ? donation : { ...donation, purposeName };
}

function reissue(book: OpenReceiptBook, command: ReissueReceipt): readonly ReceiptBookEvent[] {
  const { replaces, donation, entryId, reasonRecordId } = command;
  if (replaces.donationId !== donation.donationId)
    throw new InvariantViolation(`receipt ${replaces.number} belongs to another donation`);
  assertStillInForce(book, command);
  return [
    voided(book, donation.donationId, 'reissue', { reasonRecordId }),
    ...issue(book, replaces.year, command.storeIncarnation, {
      entryId,
      donation: named(book, donation),
      reissue: true,
      replaces: replaces.number,
      reasonRecordId,
    }),
  ];
}

/** The book does not know which receipts are void, only which became so lately: enough to catch up with the register. */
function assertStillInForce(book: OpenReceiptBook, command: ReissueReceipt): void {
  if (!command.replaces.inForce) throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/receipt-void');
  const unseen = book.voidings - command.voidingsSeen;
  if (unseen > book.recentVoidings.length)
    throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/register-behind');
  const sinceSeen = book.recentVoidings.slice(book.recentVoidings.length - unseen);
  if (sinceSeen.includes(command.donation.donationId))
    throw new DomainRefusal<ReceiptBookRefusal>('receipt-book/receipt-changed');
}
