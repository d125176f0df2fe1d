import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AddressObject, ParsedMail } from 'mailparser';
import type { InboxDoor, ListedMail, ShownMail } from '#contracts/inbox-door.js';
import { newId } from '#event-store/command-id.js';
import type { Actor } from '#kernel/domain-event.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { IssuedReceipts } from '../issued-receipts.js';
import { contactSubjectOf } from '../payer-subjects.js';
import { PersonalData } from '../personal-data.js';
import { subjectOfNobody } from '../streams.js';
import { BOUNCE_ADDRESSES, numberIn, type BounceAddresses } from './bounce-address.js';
import { listenForMail, smtpUser, type ReceivedMail, type SmtpListener } from './smtp-listener.js';

const bytesMax = 30 * 1_048_576;

/**
 * Where mail ends up while no mail server is set: a server of our own on the loopback, spoken to over SMTP like any
 * other. Mails are sealed in the vault; the table knows only their ids.
 */
@Injectable()
export class LocalMailbox implements InboxDoor, OnApplicationShutdown {
  readonly #secret = randomBytes(24).toString('base64url');
  #listener: SmtpListener | undefined;

  constructor(
    @Inject(SERVICE_DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BOUNCE_ADDRESSES) private readonly addresses: BounceAddresses,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly personalData: PersonalData,
  ) {}

  /** Begins to take mail; its URL, on a free port. Whoever has the URL may send, and no other process of the machine. */
  async open(): Promise<string> {
    this.#listener ??= await listenForMail({
      host: '127.0.0.1',
      port: 0,
      bytesMax,
      accepts: () => true,
      secret: this.#secret,
      take: (mail) => this.take(mail),
    });
    return `smtp://${smtpUser}:${this.#secret}@127.0.0.1:${String(this.#listener.port)}`;
  }

  /** Takes no more. */
  async onApplicationShutdown(): Promise<void> {
    await this.#listener?.close();
  }

  /** Mails newest first; those that were erased with their receiver are left out. The reads are logged under the staff. */
  async list(
    { cursor, limit }: { readonly cursor?: string; readonly limit: number },
    askedBy: string,
  ): Promise<{ readonly items: readonly ListedMail[]; readonly next: string | null }> {
    const { rows } = await this.database.query<{ readonly id: string; readonly arrival: string }>(
      `SELECT id, arrival FROM receipts.inbox_mails WHERE ($1::bigint IS NULL OR arrival < $1)
       ORDER BY arrival DESC LIMIT $2`,
      [/^\d{1,18}$/.test(cursor ?? '') ? cursor : null, limit + 1],
    );
    const page = rows.slice(0, limit);
    const mails = await Promise.all(page.map(({ id }) => this.opened(id, `staff:${askedBy}`)));
    return {
      items: mails.flatMap((mail, at) => (mail ? [listed(page[at]?.id ?? '', mail)] : [])),
      next: rows.length > limit ? (page.at(-1)?.arrival ?? null) : null,
    };
  }

  /** One mail whole; the read is logged under the staff. */
  async find(id: string, askedBy: string): Promise<ShownMail | undefined> {
    const { rowCount } = await this.database.query('SELECT FROM receipts.inbox_mails WHERE id::text = $1', [
      id,
    ]);
    // Other sealed bytes have ids too.
    if (rowCount !== 1) return undefined;
    const mail = await this.opened(id, `staff:${askedBy}`);
    return (
      mail && {
        ...listed(id, mail),
        text: mail.text ?? '',
        ...(mail.html === false ? {} : { html: mail.html }),
        attachments: mail.attachments.map(({ filename, contentType, content }) => ({
          name: filename ?? 'attachment',
          type: contentType,
          bytes: content,
        })),
      }
    );
  }

  private async opened(id: string, actor: Actor): Promise<ParsedMail | undefined> {
    const bytes = await this.personalData.mail(id, actor);
    if (!bytes) return undefined;
    const { simpleParser } = await import('mailparser');
    return simpleParser(Buffer.from(bytes), { skipTextToHtml: true, skipImageLinks: true });
  }

  /** Sealed first, listed then: what is listed can be opened. */
  private async take({ from, bytes }: ReceivedMail): Promise<void> {
    const id = newId();
    await this.personalData.sealMail(id, await this.subjectOf(from), bytes);
    await this.database.query('INSERT INTO receipts.inbox_mails (id, received_at) VALUES ($1, $2)', [
      id,
      this.clock.now(),
    ]);
  }

  /** Whose key seals a mail: that of the donor's contact, whom its return address tells. */
  private async subjectOf(returnPath: string): Promise<string> {
    const messageId = this.addresses.messageIdOf(returnPath);
    const number = messageId === undefined ? undefined : numberIn(messageId);
    if (number === undefined) return subjectOfNobody('local mailbox');
    const receipt = await this.issuedReceipts.find(number);
    return receipt ? contactSubjectOf(receipt.issued.data.donation.payer, number) : subjectOfNobody(number);
  }
}

function listed(id: string, mail: ParsedMail): ListedMail {
  return {
    id,
    from: mail.from?.text ?? '',
    to: textOf(mail.to),
    subject: mail.subject ?? '',
    date: (mail.date ?? new Date(0)).toISOString(),
  };
}

function textOf(addresses: AddressObject | AddressObject[] | undefined): string {
  return [addresses ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}
