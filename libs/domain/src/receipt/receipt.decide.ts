import type { Decider } from '#kernel/decider.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { PlannedMail, ReceiptEvent, ReceiptRef, ReceiptRendered } from './receipt.events.js';
import { evolveReceipt, noReceipt } from './receipt.state.js';
import type { MailState, ReceiptState, RenderedReceipt } from './receipt.state.js';

/** What a mail is planned with. */
export interface Post {
  /** The domain of our Message-IDs. */
  readonly mailDomain: string;
  /** RFC 3339. */
  readonly now: string;
  /** RFC 3339: the date that a first mail bears, so that one sent again after a restore has the same bytes. */
  readonly datedAt?: string;
  /** Tells resends of a restored store from those of before, which may be lost to it; empty where it never was. */
  readonly letter: string;
}

/** The PDF's bytes are sealed; a mail to `contactRecordId` follows. */
export interface RecordRendering {
  readonly type: 'RecordRendering';
  readonly ref: ReceiptRef;
  readonly rendering: Omit<ReceiptRendered['data'], keyof ReceiptRef | 'mail'>;
  readonly contactRecordId?: string;
  readonly post: Post;
}

/** A person wants the PDF mailed again. */
export interface RequestResend {
  readonly type: 'RequestResend';
  /** A corrected address, the one it went to before, or nowhere since the donor wants no mail any more. */
  readonly to:
    | { readonly kind: 'record'; readonly contactRecordId: string }
    | { readonly kind: 'as-before' }
    | { readonly kind: 'nowhere' };
  /** Whether the receipt is the one in force of its donation, as the register knows. */
  readonly inForce: boolean;
  /** Whether somebody known paid; nobody else gets mail. */
  readonly payerKnown: boolean;
  readonly post: Post;
  readonly reasonRecordId: string;
}

/** What the mail server or a returned mail tells of one mail. */
export type MailCommand =
  | { readonly type: 'RecordSent'; readonly messageId: string }
  | {
      readonly type: 'DeferMail';
      readonly messageId: string;
      readonly retryAt: string;
      readonly status: string;
    }
  | { readonly type: 'RecordBounce'; readonly messageId: string; readonly status: string }
  | { readonly type: 'WithdrawMail'; readonly messageId: string; readonly because: 'void' | 'no-address' };

/** What a receipt can be told. */
export type ReceiptCommand =
  | { readonly type: 'RequestPdf'; readonly ref: ReceiptRef }
  | { readonly type: 'RecordRenderingFailure'; readonly ref: ReceiptRef; readonly reason: string }
  | RecordRendering
  | RequestResend
  | MailCommand;

/** Why a person's command on a receipt is refused. */
export type ReceiptRefusal =
  'receipt/not-rendered' | 'receipt/void' | 'receipt/payer-unknown' | 'receipt/no-address';

/** One receipt's PDF and mails: rendered once, each mail sent until the server answers for good. */
export const receipt: Decider<ReceiptState, ReceiptCommand, ReceiptEvent> = {
  initialState: noReceipt,
  evolve: evolveReceipt,
  decide,
};

/** The Message-ID of a receipt's mail; one for all retries, another for each resend in each incarnation of the store. */
export function messageIdOf(number: string, sequence: number, mailDomain: string, letter = ''): string {
  return `${number}.${String(sequence)}${letter}@${mailDomain}`;
}

function decide(state: ReceiptState, command: ReceiptCommand): readonly ReceiptEvent[] {
  switch (command.type) {
    case 'RequestPdf':
      return state.status === 'none' ? [{ type: 'PdfRequested', data: command.ref }] : [];
    case 'RecordRendering':
      return state.status === 'rendered' ? [] : [rendered(command)];
    case 'RecordRenderingFailure': {
      const { ref, reason } = command;
      return state.status === 'rendered'
        ? []
        : [{ type: 'ReceiptRenderingFailed', data: { ...ref, reason } }];
    }
    case 'RequestResend':
      return [resend(state, command)];
    case 'RecordSent':
    case 'DeferMail':
    case 'RecordBounce':
    case 'WithdrawMail':
      return decideMail(state, command);
  }
}

function rendered(command: RecordRendering): ReceiptEvent {
  const { ref, rendering, contactRecordId, post } = command;
  const data = { ...ref, ...rendering };
  if (contactRecordId === undefined) return { type: 'ReceiptRendered', data };
  return {
    type: 'ReceiptRendered',
    data: { ...data, mail: planned(ref.number, 0, post, contactRecordId) },
  };
}

function planned(number: string, sequence: number, post: Post, contactRecordId: string): PlannedMail {
  const { mailDomain, now, datedAt = now, letter } = post;
  const messageId = messageIdOf(number, sequence, mailDomain, sequence === 0 ? '' : letter);
  const planned = { sequence, messageId, contactRecordId, plannedAt: datedAt };
  return datedAt === now ? planned : { ...planned, readyAt: now };
}

function resend(state: ReceiptState, command: RequestResend): ReceiptEvent {
  const { ref, mails } = mailable(state, command);
  const last = mails.at(-1);
  const contactRecordId = addressOf(command, last);
  if (contactRecordId === undefined) throw new DomainRefusal<ReceiptRefusal>('receipt/no-address');
  // The first mail is number 0 even where none was sent, so that a resend is always told from it.
  const mail = planned(ref.number, (last?.sequence ?? 0) + 1, command.post, contactRecordId);
  return { type: 'ResendRequested', data: { ...ref, mail, reasonRecordId: command.reasonRecordId } };
}

function addressOf({ to }: RequestResend, last: MailState | undefined): string | undefined {
  switch (to.kind) {
    case 'record':
      return to.contactRecordId;
    case 'as-before':
      return last?.contactRecordId;
    case 'nowhere':
      return undefined;
  }
}

function mailable(state: ReceiptState, command: RequestResend): RenderedReceipt {
  if (!command.payerKnown) throw new DomainRefusal<ReceiptRefusal>('receipt/payer-unknown');
  if (!command.inForce) throw new DomainRefusal<ReceiptRefusal>('receipt/void');
  if (state.status !== 'rendered') throw new DomainRefusal<ReceiptRefusal>('receipt/not-rendered');
  return state;
}

function decideMail(state: ReceiptState, command: MailCommand): readonly ReceiptEvent[] {
  if (state.status !== 'rendered') throw new InvariantViolation(`${command.type} before the PDF`);
  const mail = state.mails.find(({ messageId }) => messageId === command.messageId);
  if (mail === undefined) throw new InvariantViolation(`no mail ${command.messageId}`);
  if (command.type === 'RecordBounce' && mail.outcome === 'sent') return [bounced(state, command)];
  return mail.outcome === 'pending' ? [settled(state, mail, command)] : [];
}

function bounced(
  state: RenderedReceipt,
  { messageId, status }: { readonly messageId: string; readonly status: string },
): ReceiptEvent {
  return { type: 'ReceiptBounced', data: { ...state.ref, messageId, status } };
}

function settled(state: RenderedReceipt, mail: MailState, command: MailCommand): ReceiptEvent {
  const { messageId, contactRecordId } = mail;
  switch (command.type) {
    case 'RecordSent': {
      const resend = mail.sequence > 0;
      return { type: 'ReceiptSent', data: { ...state.ref, messageId, contactRecordId, resend } };
    }
    case 'DeferMail': {
      const { retryAt, status } = command;
      const attempts = mail.attempts + 1;
      return { type: 'ReceiptMailDeferred', data: { ...state.ref, messageId, attempts, retryAt, status } };
    }
    case 'RecordBounce':
      return bounced(state, command);
    case 'WithdrawMail':
      return { type: 'ReceiptMailWithdrawn', data: { ...state.ref, messageId, because: command.because } };
  }
}
