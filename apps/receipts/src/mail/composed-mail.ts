import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { mailText, type MailFacts } from './mail-text.js';

/** Everything that a mail is made of; each part is stored, so that it can be composed again to the same bytes. */
export interface MailParts extends MailFacts {
  /** Without angle brackets. */
  readonly messageId: string;
  /** When the mail was asked for (RFC 3339); its Date header. */
  readonly plannedAt: string;
  /** The donor's address; personal data. */
  readonly to: string;
  /** The fund's address, and where returned mails go. */
  readonly from: string;
  readonly returnPath: string;
  readonly pdf: Uint8Array;
}

/** A mail as it goes over the wire. */
export interface ComposedMail {
  readonly envelope: { readonly from: string; readonly to: string };
  /** RFC 5322 message, CRLF lines. */
  readonly bytes: Buffer;
}

/**
 * Composes the mail of a receipt. Equal parts give equal bytes: nothing in it comes from a clock or from chance. No part
 * can add a header: line breaks in it are never taken as such.
 */
export async function composeMail(parts: MailParts): Promise<ComposedMail> {
  const { subject, text } = mailText(parts);
  const composer = new MailComposer({
    from: { name: parts.fundName[parts.language], address: parts.from },
    to: { name: '', address: parts.to },
    subject,
    text,
    date: new Date(parts.plannedAt),
    messageId: `<${parts.messageId}>`,
    baseBoundary: createHash('sha256').update(parts.messageId).digest('hex').slice(0, 24),
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': parts.language },
    xMailer: false,
    newline: '\r\n',
    attachments: [
      {
        filename: `${parts.number}.pdf`,
        content: Buffer.from(parts.pdf),
        contentType: 'application/pdf',
      },
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { envelope: { from: parts.returnPath, to: parts.to }, bytes: await composer.compile().build() };
}
