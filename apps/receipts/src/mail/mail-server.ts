import { createTransport } from 'nodemailer';
import type { ComposedMail } from './composed-mail.js';
import { smtpAnswerOf, type SmtpAnswer } from './smtp-answer.js';

/** Token of {@link MailServer}. */
export const MAIL_SERVER = Symbol('MailServer');

/** The mail server that donors' mails are handed to, over SMTP. */
export interface MailServer {
  /** Hands over one mail, whole and unchanged; answers instead of throwing. */
  send(mail: ComposedMail): Promise<SmtpAnswer>;
  close(): void;
}

const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 } as const;

/** Speaks to the server at `url` (`smtp:` or `smtps:`, with user and password if it wants them) a connection a mail. */
export function smtpServer(url: string): MailServer {
  const transport = createTransport({ url, ...limits });
  return {
    async send({ envelope, bytes }) {
      try {
        await transport.sendMail({ envelope: { from: envelope.from, to: [envelope.to] }, raw: bytes });
        return { kind: 'taken' };
      } catch (error) {
        return smtpAnswerOf(error);
      }
    },
    close: () => transport.close(),
  };
}
