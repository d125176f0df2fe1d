import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { unaccentedWords } from '#kernel/words.js';
import type { Projection } from '#read-models/projection.js';
import { receiptStreams } from '../../streams.js';

/** A receipt as lists show it, but for whether it is void: that is of its donation. */
export type RegisterRow = {
  readonly number: string;
  readonly fund_id: string;
  readonly donation_id: string;
  readonly year: string;
  /** Year and letter. */
  readonly series: string;
  readonly sequence: number;
  readonly entry_id: string;
  /** Where its `ReceiptIssued` stands in the book's stream. */
  readonly book_revision: number;
  readonly issued_at: string;
  /** The position of that event. */
  readonly incarnation: number;
  readonly position_number: string;
  readonly reissue: boolean;
  readonly payer: string;
  /** Where the vault keeps the payer's name as this receipt has it; null where nobody is named. */
  readonly payer_record_id: string | null;
  readonly method: string;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly purpose: string;
  /** Unaccented words of public names in it: organisations and things, never persons. */
  readonly words: readonly string[];
  /** `none`, `failed` or `rendered`. */
  readonly pdf: string;
  readonly sha256: string | null;
  readonly rendered_at: string | null;
  /** When it was issued, while its PDF is still to be drawn and no mail waits for that; null otherwise. */
  readonly unhurried_since: string | null;
  /** Of its last mail: `none`, `pending`, `sent`, `bounced` or `withdrawn`. */
  readonly mail: string;
  readonly message_id: string | null;
  readonly sent_at: string | null;
  /** RFC 3463, of the last refusal. */
  readonly mail_status: string | null;
};

type Input = RecordedEvent<ReceiptBookEvent | ReceiptEvent>;

/** Every number that was ever given, in force or void. */
export const register: Projection<RegisterRow> = {
  name: 'receipts.register',
  // 2: a mail that waited may give way to another. 3: the position. 4: where the payer's name is kept. 5: what is
  // drawn when there is time.
  version: 5,
  key: 'number',
  columns: {
    number: 'text',
    fund_id: 'uuid',
    donation_id: 'uuid',
    year: 'text',
    series: 'text',
    sequence: 'integer',
    entry_id: 'text',
    book_revision: 'integer',
    issued_at: 'timestamptz',
    incarnation: 'integer',
    position_number: 'bigint',
    reissue: 'boolean',
    payer: 'text',
    payer_record_id: 'uuid',
    method: 'text',
    amount: 'numeric',
    currency: 'text',
    purpose: 'text',
    words: 'text[]',
    pdf: 'text',
    sha256: 'text',
    rendered_at: 'timestamptz',
    unhurried_since: 'timestamptz',
    mail: 'text',
    message_id: 'text',
    sent_at: 'timestamptz',
    mail_status: 'text',
  },
  indexes: [
    { columns: ['fund_id', 'issued_at', 'book_revision', 'number'] },
    { columns: ['fund_id', 'book_revision'] },
    { columns: ['issued_at', 'book_revision', 'number'] },
    { columns: ['donation_id'] },
    { columns: ['payer_record_id'] },
    { columns: ['unhurried_since'] },
    { columns: ['number'], serves: 'prefix' },
    { columns: ['words'], serves: 'members' },
  ],
  streams: [receiptStreams.all],
  keysOf: (event) => numbersIn(event as Input),
  project: (row, event) => folded(row, event as Input),
};

function numbersIn({ data }: Input): readonly string[] {
  return 'number' in data ? [data.number] : [];
}

function folded(row: RegisterRow | undefined, event: Input): RegisterRow | undefined {
  if (event.type === 'ReceiptIssued') return issued(event);
  return row && after(row, event);
}

function issued(event: RecordedEvent<ReceiptIssued>): RegisterRow {
  const { data, revision, recordedAt, position } = event;
  const { payer, items, amount, method, purpose } = data.donation;
  const organisation = payer.kind === 'named' ? (payer.organisation ?? '') : '';
  return {
    number: data.number,
    fund_id: data.fundId,
    donation_id: data.donation.donationId,
    year: data.year,
    series: data.year + data.letter,
    sequence: data.sequence,
    entry_id: data.entryId,
    book_revision: revision,
    issued_at: recordedAt,
    incarnation: position.incarnation,
    position_number: String(position.number),
    reissue: data.reissue,
    payer: payer.kind,
    payer_record_id: payer.kind === 'named' ? payer.identityRecordId : null,
    method,
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    purpose,
    words: unaccentedWords([organisation, ...items.map(({ name }) => name)].join(' ')),
    pdf: 'none',
    sha256: null,
    rendered_at: null,
    unhurried_since: unhurriedSince(event),
    ...{ mail: 'none', message_id: null, sent_at: null, mail_status: null },
  };
}

/** A known payer's receipt is drawn, at leisure where there is no address for a mail. */
function unhurriedSince({ data, recordedAt }: RecordedEvent<ReceiptIssued>): string | null {
  const { payer } = data.donation;
  return payer.kind === 'named' && payer.contactRecordId === undefined ? recordedAt : null;
}

function after(row: RegisterRow, event: Input): RegisterRow {
  switch (event.type) {
    case 'ReceiptRenderingFailed':
      // From here on it is tried again by its due date.
      return row.pdf === 'rendered' ? row : { ...row, pdf: 'failed', unhurried_since: null };
    case 'ReceiptRendered': {
      const { sha256, mail } = event.data;
      const drawn = { pdf: 'rendered', sha256, rendered_at: event.recordedAt, unhurried_since: null };
      const rendered = { ...row, ...drawn };
      return mail ? { ...rendered, mail: 'pending', message_id: mail.messageId } : rendered;
    }
    case 'ResendRequested':
      return { ...row, mail: 'pending', message_id: event.data.mail.messageId, mail_status: null };
    case 'ReceiptMailDeferred':
      return ofLastMail(row, event.data.messageId, { mail_status: event.data.status });
    case 'ReceiptSent':
      return ofLastMail(row, event.data.messageId, {
        mail: 'sent',
        sent_at: event.recordedAt,
        mail_status: null,
      });
    case 'ReceiptBounced':
      return ofLastMail(row, event.data.messageId, { mail: 'bounced', mail_status: event.data.status });
    case 'ReceiptMailWithdrawn':
      return ofLastMail(row, event.data.messageId, { mail: 'withdrawn' });
    case 'ReceiptMailReplanned': {
      const { messageId, mail } = event.data;
      if (mail === undefined) return ofLastMail(row, messageId, { mail: 'withdrawn' });
      return { ...row, mail: 'pending', message_id: mail.messageId, mail_status: null };
    }
    default:
      return row;
  }
}

/** What becomes of an earlier mail is not what lists show. */
function ofLastMail(row: RegisterRow, messageId: string, change: Partial<RegisterRow>): RegisterRow {
  return row.message_id === messageId ? { ...row, ...change } : row;
}
