import { z } from 'zod';

/** A mail in the local mailbox, as a list shows it. */
export interface ListedMail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly date: string;
}

/** A file in a mail. */
export interface MailAttachment {
  readonly name: string;
  /** Media type, such as `application/pdf`. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A mail whole. */
export interface ShownMail extends ListedMail {
  readonly text: string;
  readonly html?: string;
  readonly attachments: readonly MailAttachment[];
}

/** The local mailbox, where mail ends up while no mail server is set. Shown to administrators of every fund alone. */
export interface InboxDoor {
  /**
   * Mails, newest first, `limit` at most, after the opaque cursor of the page before; `askedBy` is the staff id that the
   * reads are logged under.
   */
  list(
    page: { readonly cursor?: string; readonly limit: number },
    askedBy: string,
  ): Promise<{ readonly items: readonly ListedMail[]; readonly next: string | null }>;
  /** The mail, or undefined when there is none; `askedBy` is the staff id that the read is logged under. */
  find(id: string, askedBy: string): Promise<ShownMail | undefined>;
}

/** The inbox door between processes: its name, and what each call takes. */
export const inboxDoor = {
  name: 'inbox',
  calls: {
    list: z.tuple([
      z.strictObject({ cursor: z.string().max(2_000).optional(), limit: z.int().min(1).max(1_000) }),
      z.uuid(),
    ]),
    find: z.tuple([z.string().max(200), z.uuid()]),
  },
} as const;
