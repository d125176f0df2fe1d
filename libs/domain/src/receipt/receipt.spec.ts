import { describe, expect, it } from '@jest/globals';
import { InvariantViolation, isDomainRefusal } from '#kernel/refusal.js';
import {
  followsDonor,
  messageIdOf,
  receipt,
  type ReceiptCommand,
  type RequestResend,
} from './receipt.decide.js';
import type { ReceiptEvent } from './receipt.events.js';
import type { MailState } from './receipt.state.js';

const ref = { number: 'LS-2025-000123', fundId: 'fund-1', donationId: 'donation-1' };
const rendering = {
  sha256: 'ab',
  bytesRecordId: 'bytes-1',
  subjectId: 'subject-1',
  templateVersion: 0,
  language: 'vi',
} as const;
const post = { mailDomain: 'quy.example', now: '2025-03-01T02:00:00.000Z', letter: '' };
const first = messageIdOf(ref.number, 0, 'quy.example');
const second = messageIdOf(ref.number, 1, 'quy.example');
const render: ReceiptCommand = {
  type: 'RecordRendering',
  ref,
  rendering,
  contactRecordId: 'contact-1',
  post,
};
const { contactRecordId: _contact, ...renderUnaddressed } = render;
const resend: RequestResend = {
  type: 'RequestResend',
  to: { kind: 'as-before' },
  inForce: true,
  payerKnown: true,
  post,
  reasonRecordId: 'reason-1',
};
const sent: ReceiptCommand = { type: 'RecordSent', messageId: first };
const bounce: ReceiptCommand = { type: 'RecordBounce', messageId: first, status: '5.1.1' };
const defer: ReceiptCommand = {
  type: 'DeferMail',
  messageId: first,
  retryAt: '2025-03-01T02:05:00Z',
  status: '4.3.0',
};

const fold = (events: readonly ReceiptEvent[]) =>
  events.reduce((state, event) => receipt.evolve(state, event), receipt.initialState);

/** The events of the last command, after the ones before it. */
function last(...commands: readonly ReceiptCommand[]): readonly ReceiptEvent[] {
  let events: readonly ReceiptEvent[] = [];
  let made: readonly ReceiptEvent[] = [];
  for (const command of commands) {
    made = receipt.decide(fold(events), command);
    events = [...events, ...made];
  }
  return made;
}

function mailsOf(events: readonly ReceiptEvent[]): readonly MailState[] {
  const state = fold(events);
  return state.status === 'rendered' ? state.mails : [];
}

function codeOf(...commands: readonly ReceiptCommand[]): string {
  try {
    last(...commands);
  } catch (error) {
    if (isDomainRefusal(error)) return error.code;
    throw error;
  }
  throw new Error('was not refused');
}

describe('rendering a receipt', () => {
  it('happens once and plans the first mail', () => {
    const mail = {
      sequence: 0,
      messageId: 'LS-2025-000123.0@quy.example',
      contactRecordId: 'contact-1',
      plannedAt: post.now,
    };
    expect(last(render)).toEqual([{ type: 'ReceiptRendered', data: { ...ref, ...rendering, mail } }]);
    expect(last(render, render)).toEqual([]);
  });

  it('plans no mail where the donor left no address', () => {
    expect(last(renderUnaddressed)).toEqual([{ type: 'ReceiptRendered', data: { ...ref, ...rendering } }]);
  });

  it('follows when the PDF is first asked for, and that is noted once', () => {
    const request: ReceiptCommand = { type: 'RequestPdf', ref };
    expect(last(request)).toEqual([{ type: 'PdfRequested', data: ref }]);
    expect(last(request, request)).toEqual([]);
    expect(last(renderUnaddressed, request)).toEqual([]);
    expect(last(request, renderUnaddressed)).toHaveLength(1);
  });
});

describe('rendering that fails', () => {
  it('is noted as often as it happens, and may still succeed', () => {
    const failure: ReceiptCommand = { type: 'RecordRenderingFailure', ref, reason: 'TypeError' };
    const failed = [{ type: 'ReceiptRenderingFailed', data: { ...ref, reason: 'TypeError' } }];
    expect(last(failure, failure)).toEqual(failed);
    expect(last(failure, render)).toHaveLength(1);
    expect(last(render, failure)).toEqual([]);
  });
});

describe('a mail', () => {
  it('is sent once, whatever is told again', () => {
    expect(last(render, sent)).toEqual([
      {
        type: 'ReceiptSent',
        data: { ...ref, messageId: first, contactRecordId: 'contact-1', resend: false },
      },
    ]);
    expect(last(render, sent, sent)).toEqual([]);
    expect(last(render, sent, defer)).toEqual([]);
  });

  it('counts the attempts that the server put off', () => {
    expect(last(render, defer, defer)).toMatchObject([
      { type: 'ReceiptMailDeferred', data: { messageId: first, attempts: 2, status: '4.3.0' } },
    ]);
  });

  it('may bounce at once or after it was sent, and once only', () => {
    const bounced = [{ type: 'ReceiptBounced', data: { ...ref, messageId: first, status: '5.1.1' } }];
    expect(last(render, bounce)).toEqual(bounced);
    expect(last(render, sent, bounce)).toEqual(bounced);
    expect(last(render, sent, bounce, bounce)).toEqual([]);
    expect(last(render, bounce, sent)).toEqual([]);
  });

  it('is withdrawn while it is not sent', () => {
    const withdraw: ReceiptCommand = { type: 'WithdrawMail', messageId: first, because: 'void' };
    expect(last(render, withdraw)).toMatchObject([
      { type: 'ReceiptMailWithdrawn', data: { because: 'void' } },
    ]);
    expect(last(render, sent, withdraw)).toEqual([]);
  });

  it('that nobody planned is our own fault', () => {
    expect(() => last(sent)).toThrow(InvariantViolation);
    expect(() => last(renderUnaddressed, sent)).toThrow(InvariantViolation);
  });
});

describe('a mail sent again after a restore', () => {
  const later = { ...post, now: '2025-03-09T02:00:00.000Z', letter: 'B' };

  it('is the same first mail, which bears the date of its receipt and is due now', () => {
    const datedAt = '2025-03-01T02:00:00.000Z';
    const [before] = last({ ...render, post: { ...post, datedAt } });
    const [after] = last({ ...render, post: { ...later, datedAt } });
    const mail = { sequence: 0, messageId: first, contactRecordId: 'contact-1', plannedAt: datedAt };
    expect(before).toMatchObject({ data: { mail } });
    expect(before?.data).not.toHaveProperty('mail.readyAt');
    expect(after).toMatchObject({ data: { mail: { ...mail, readyAt: later.now } } });
  });

  it('is another where a person asked for it, since what was asked for before may be lost', () => {
    const messageId = `${ref.number}.1B@quy.example`;
    expect(last(render, sent, { ...resend, post: later })).toMatchObject([{ data: { mail: { messageId } } }]);
  });
});

describe('a waiting mail whose donor has another address', () => {
  const to = (contactRecordId: string, messageId = first): ReceiptCommand => ({
    ...{ type: 'ReplanMail', messageId, contactRecordId, post },
  });
  const typed: RequestResend = { ...resend, to: { kind: 'typed', contactRecordId: 'typed-1' } };

  it('is given up for another, with a Message-ID of its own, that no person asked for', () => {
    const mail = { sequence: 1, messageId: second, contactRecordId: 'contact-2', plannedAt: post.now };
    const data = { ...ref, messageId: first, instead: second, mail: { ...mail, insteadOf: first } };
    expect(last(render, defer, to('contact-2'))).toEqual([{ type: 'ReceiptMailReplanned', data }]);
    const done = last(render, to('contact-2'), { type: 'RecordSent', messageId: second });
    expect(done).toMatchObject([{ type: 'ReceiptSent', data: { messageId: second, resend: false } }]);
    expect(last(render, to('contact-2'), defer)).toEqual([]);
    expect(last(render, to('contact-2'), to('contact-3'))).toEqual([]);
  });

  it('goes on as what it was, however often it is replanned', () => {
    const third = messageIdOf(ref.number, 2, 'quy.example');
    const again = [to('contact-3', second), { type: 'RecordSent', messageId: third }] as const;
    expect(last(render, to('contact-2'), ...again)).toMatchObject([{ data: { resend: false } }]);
    const fourth = messageIdOf(ref.number, 3, 'quy.example');
    const asked = [resend, to('contact-2', second), to('contact-3', third)] as const;
    const sentAgain: ReceiptCommand = { type: 'RecordSent', messageId: fourth };
    expect(last(render, sent, ...asked, sentAgain)).toMatchObject([{ data: { resend: true } }]);
  });

  it('is given up for the resend that goes there already, and never once it was sent', () => {
    const corrected: RequestResend = { ...resend, to: { kind: 'corrected', contactRecordId: 'contact-2' } };
    const data = { ...ref, messageId: first, instead: second };
    expect(last(render, corrected, to('contact-2'))).toEqual([{ type: 'ReceiptMailReplanned', data }]);
    expect(last(render, sent, to('contact-2'))).toEqual([]);
  });

  it('may have been sent in the very moment: that is recorded too, and so is its return', () => {
    expect(last(render, to('contact-2'), sent)).toMatchObject([
      { type: 'ReceiptSent', data: { messageId: first, contactRecordId: 'contact-1' } },
    ]);
    expect(last(render, to('contact-2'), sent, sent)).toEqual([]);
    expect(last(render, to('contact-2'), bounce)).toMatchObject([{ type: 'ReceiptBounced' }]);
    const withdraw: ReceiptCommand = { type: 'WithdrawMail', messageId: first, because: 'void' };
    expect(last(render, withdraw, sent)).toMatchObject([{ type: 'ReceiptSent' }]);
  });

  it('is told from one to an address that a person typed', () => {
    const [, ...others] = mailsOf([...last(render), ...last(render, typed), ...last(render, typed, resend)]);
    expect(others.map(followsDonor)).toEqual([false, false]);
    const before = mailsOf([...last(render), ...last(render, resend), ...last(render, to('contact-2'))]);
    expect(before.map(followsDonor)).toEqual([true, true, true]);
  });
});

describe('a resend asked for by a person', () => {
  it('is a new mail with a Message-ID of its own, to where it went before', () => {
    expect(last(render, sent, resend)).toEqual([
      {
        type: 'ResendRequested',
        data: {
          ...ref,
          mail: {
            ...{ sequence: 1, messageId: second, contactRecordId: 'contact-1', plannedAt: post.now },
            followsDonor: true,
          },
          reasonRecordId: 'reason-1',
        },
      },
    ]);
    expect(last(render, sent, resend, { type: 'RecordSent', messageId: second })).toMatchObject([
      { type: 'ReceiptSent', data: { messageId: second, resend: true } },
    ]);
  });

  it('goes to the corrected address, and so do the ones after it', () => {
    const corrected: RequestResend = {
      ...resend,
      to: { kind: 'corrected', contactRecordId: 'contact-2' },
    };
    expect(last(render, bounce, corrected)).toMatchObject([
      { data: { mail: { contactRecordId: 'contact-2' } } },
    ]);
    expect(last(render, corrected, resend)).toMatchObject([
      { data: { mail: { sequence: 2, contactRecordId: 'contact-2' } } },
    ]);
    expect(last(renderUnaddressed, corrected)).toMatchObject([{ data: { mail: { sequence: 1 } } }]);
  });

  it('is refused while there is no PDF, without an address, for a void receipt and for nobody known', () => {
    expect(codeOf(resend)).toBe('receipt/not-rendered');
    expect(codeOf(renderUnaddressed, resend)).toBe('receipt/no-address');
    expect(codeOf(render, { ...resend, to: { kind: 'nowhere' } })).toBe('receipt/no-address');
    expect(codeOf(render, { ...resend, inForce: false })).toBe('receipt/void');
    expect(codeOf(render, { ...resend, payerKnown: false })).toBe('receipt/payer-unknown');
  });
});
