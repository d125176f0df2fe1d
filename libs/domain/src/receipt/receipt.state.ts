import type { PlannedMail, ReceiptEvent, ReceiptRef, ReceiptRendered } from './receipt.events.js';

/** How far a mail got. `pending` is still to be sent; a `sent` one may yet bounce; `replanned` gave way to another. */
export type MailOutcome = 'pending' | 'sent' | 'bounced' | 'withdrawn' | 'replanned';

/** One mail of a receipt. */
export interface MailState extends PlannedMail {
  readonly outcome: MailOutcome;
  /** Attempts that the mail server put off. */
  readonly attempts: number;
}

/** A receipt whose PDF exists. */
export interface RenderedReceipt {
  readonly status: 'rendered';
  readonly ref: ReceiptRef;
  readonly rendering: ReceiptRendered['data'];
  /** In the order of their sequence. */
  readonly mails: readonly MailState[];
}

/** What became of a receipt since it got its number. */
export type ReceiptState = { readonly status: 'none' } | { readonly status: 'requested' } | RenderedReceipt;

/** The state before the first event. */
export const noReceipt: ReceiptState = { status: 'none' };

/** Folds one event; never mutates. */
export function evolveReceipt(state: ReceiptState, event: ReceiptEvent): ReceiptState {
  switch (event.type) {
    case 'PdfRequested':
      return { status: 'requested' };
    case 'ReceiptRenderingFailed':
      return state;
    case 'ReceiptRendered':
      return rendered(event.data);
    case 'ResendRequested':
    case 'ReceiptMailDeferred':
    case 'ReceiptSent':
    case 'ReceiptBounced':
    case 'ReceiptMailWithdrawn':
    case 'ReceiptMailReplanned':
      return state.status === 'rendered' ? evolveMails(state, event) : state;
  }
}

function rendered(rendering: ReceiptRendered['data']): RenderedReceipt {
  const { number, fundId, donationId, mail } = rendering;
  return {
    status: 'rendered',
    ref: { number, fundId, donationId },
    rendering,
    mails: mail === undefined ? [] : [{ ...mail, outcome: 'pending', attempts: 0 }],
  };
}

function evolveMails(
  state: RenderedReceipt,
  event: Exclude<ReceiptEvent, { type: 'PdfRequested' | 'ReceiptRendered' | 'ReceiptRenderingFailed' }>,
): RenderedReceipt {
  switch (event.type) {
    case 'ResendRequested':
      return planned(state, event.data.mail);
    case 'ReceiptMailDeferred':
      return changed(state, event.data.messageId, { attempts: event.data.attempts });
    case 'ReceiptSent':
      return changed(state, event.data.messageId, { outcome: 'sent' });
    case 'ReceiptBounced':
      return changed(state, event.data.messageId, { outcome: 'bounced' });
    case 'ReceiptMailWithdrawn':
      return changed(state, event.data.messageId, { outcome: 'withdrawn' });
    case 'ReceiptMailReplanned': {
      const { messageId, mail } = event.data;
      const given = changed(state, messageId, { outcome: 'replanned' });
      return mail === undefined ? given : planned(given, mail);
    }
  }
}

function planned(state: RenderedReceipt, mail: PlannedMail): RenderedReceipt {
  return { ...state, mails: [...state.mails, { ...mail, outcome: 'pending', attempts: 0 }] };
}

function changed(state: RenderedReceipt, messageId: string, to: Partial<MailState>): RenderedReceipt {
  const mails = state.mails.map((mail) => (mail.messageId === messageId ? { ...mail, ...to } : mail));
  return { ...state, mails };
}
