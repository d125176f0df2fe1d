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
  /** An address typed for it, the donor's corrected one, the one it went to before, or nowhere since none is wanted. */
  readonly to:
    | { readonly kind: 'typed' | 'corrected'; readonly contactRecordId: string }
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
  | { readonly type: 'WithdrawMail'; readonly messageId: string; readonly because: 'void' | 'no-address' }
  | ReplanMail;

/** A waiting mail is to go to the donor's corrected contact instead, as another mail. */
export interface ReplanMail {
  readonly type: 'ReplanMail';
  readonly messageId: string;
  readonly contactRecordId: string;
  readonly post: Post;
}

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

/** Whether a mail goes to the donor's own contact, and so to the corrected one, rather than to an address that staff typed. */
export function followsDonor({ sequence, followsDonor: follows, insteadOf }: PlannedMail): boolean {
  return sequence === 0 || follows === true || insteadOf !== undefined;
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
    case 'ReplanMail':
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
  const to = addresseeOf(command, last);
  if (to === undefined) throw new DomainRefusal<ReceiptRefusal>('receipt/no-address');
  const { contactRecordId, ...following } = to;
  const mail = { ...planned(ref.number, sequenceAfter(mails), command.post, contactRecordId), ...following };
  return { type: 'ResendRequested', data: { ...ref, mail, reasonRecordId: command.reasonRecordId } };
}

/** The first mail is number 0 even where none was sent, so that a resend is always told from it. */
function sequenceAfter(mails: readonly MailState[]): number {
  return (mails.at(-1)?.sequence ?? 0) + 1;
}

function addresseeOf(
  { to }: RequestResend,
  last: MailState | undefined,
): Pick<PlannedMail, 'contactRecordId' | 'followsDonor'> | undefined {
  switch (to.kind) {
    case 'typed':
      return { contactRecordId: to.contactRecordId };
    case 'corrected':
      return { contactRecordId: to.contactRecordId, followsDonor: true };
    case 'as-before': {
      if (last === undefined) return undefined;
      const { contactRecordId } = last;
      return followsDonor(last) ? { contactRecordId, followsDonor: true } : { contactRecordId };
    }
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
  return takesAnswer(mail, command.type) ? [settled(state, mail, command)] : [];
}

/** The mail server's answer to an attempt that was under way when the mail was given up is recorded all the same. */
function takesAnswer({ outcome }: MailState, command: MailCommand['type']): boolean {
  const wasGivenUp = outcome === 'withdrawn' || outcome === 'replanned';
  switch (command) {
    case 'RecordSent':
      return outcome === 'pending' || wasGivenUp;
    case 'RecordBounce':
      return outcome === 'pending' || outcome === 'sent' || wasGivenUp;
    case 'DeferMail':
    case 'WithdrawMail':
    case 'ReplanMail':
      return outcome === 'pending';
  }
}

function settled(state: RenderedReceipt, mail: MailState, command: MailCommand): ReceiptEvent {
  const { messageId, contactRecordId } = mail;
  switch (command.type) {
    case 'RecordSent': {
      const resend = isResend(state, mail);
      return { type: 'ReceiptSent', data: { ...state.ref, messageId, contactRecordId, resend } };
    }
    case 'DeferMail': {
      const { retryAt, status } = command;
      const attempts = mail.attempts + 1;
      return { type: 'ReceiptMailDeferred', data: { ...state.ref, messageId, attempts, retryAt, status } };
    }
    case 'RecordBounce':
      return { type: 'ReceiptBounced', data: { ...state.ref, messageId, status: command.status } };
    case 'WithdrawMail':
      return { type: 'ReceiptMailWithdrawn', data: { ...state.ref, messageId, because: command.because } };
    case 'ReplanMail':
      return replanned(state, command);
  }
}

/** What took the place of a first mail is none. */
function isResend(state: RenderedReceipt, { sequence, insteadOf }: MailState): boolean {
  const before = insteadOf && state.mails.find(({ messageId }) => messageId === insteadOf);
  return before ? isResend(state, before) : sequence > 0;
}

/** One mail to the corrected address is enough: where a resend goes there already, no other is planned. */
function replanned({ ref, mails }: RenderedReceipt, command: ReplanMail): ReceiptEvent {
  const { messageId, contactRecordId, post } = command;
  const already = mails.find(
    (mail) =>
      mail.contactRecordId === contactRecordId && (mail.outcome === 'pending' || mail.outcome === 'sent'),
  );
  if (already)
    return { type: 'ReceiptMailReplanned', data: { ...ref, messageId, instead: already.messageId } };
  const mail = {
    ...planned(ref.number, sequenceAfter(mails), post, contactRecordId),
    insteadOf: messageId,
  };
  return { type: 'ReceiptMailReplanned', data: { ...ref, messageId, instead: mail.messageId, mail } };
}
