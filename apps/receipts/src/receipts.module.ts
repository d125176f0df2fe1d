import { Global, Module, type Provider } from '@nestjs/common';
import { inboxDoor } from '#contracts/inbox-door.js';
import { donationsContracts, donationsTopic } from '#contracts/donations.v1.js';
import { ledgerContracts, ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptBook } from '#domain/receipt-book/receipt-book.decide.js';
import { receiptBookStateVersion } from '#domain/receipt-book/receipt-book.state.js';
import { receipt } from '#domain/receipt/receipt.decide.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle } from '#event-store/handle.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE, INBOX_DOOR, SNAPSHOTS } from '#platform/tokens.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';
import { receiptsMigrations } from '../migrations/inbox.js';
import { readReceiptsConfig, RECEIPTS_CONFIG, type ReceiptsConfig } from './config.js';
import { DueRounds } from './due-rounds.js';
import { RECEIPT_BOOKS, RECEIPTS, type ReceiptBooks, type Receipts } from './handlers.js';
import { DonationsSubscription } from './in/donations.subscription.js';
import { LedgerSubscription } from './in/ledger.subscription.js';
import { Operations } from './in/operations.js';
import { PdfDesk } from './in/pdf-desk.js';
import { ReceiptCopiesController } from './in/receipt-copies.controller.js';
import { ReceiptRegisterController } from './in/receipt-register.controller.js';
import { ReceiptTemplateController } from './in/receipt-template.controller.js';
import { ReceiptsController } from './in/receipts.controller.js';
import { ReissueDesk } from './in/reissue-desk.js';
import { ResendDesk } from './in/resend-desk.js';
import { IssuedReceipts } from './issued-receipts.js';
import { BOUNCE_ADDRESSES, bounceAddresses, type BounceAddresses } from './mail/bounce-address.js';
import { Bounces } from './mail/bounces.js';
import { LocalMailbox } from './mail/local-mailbox.js';
import { MailDesk } from './mail/mail-desk.js';
import { MailPlans } from './mail/mail-plans.js';
import { MAIL_SERVER, smtpServer, type MailServer } from './mail/mail-server.js';
import { Postman } from './mail/postman.js';
import { receiptsPublisher } from './out/receipts.publisher.js';
import { PersonalData } from './personal-data.js';
import { donationReceipts } from './read/donation-receipts/donation-receipts.projection.js';
import { donorContacts } from './read/donor-contacts/donor-contacts.projection.js';
import { DonorContactsQuery } from './read/donor-contacts/donor-contacts.query.js';
import { receiptsDueDates } from './read/due-dates/due-dates.projection.js';
import { namedRecords } from './read/named-records/named-records.projection.js';
import { NamedRecordsQuery } from './read/named-records/named-records.query.js';
import { ReceiptRegisterQuery } from './read/receipt-register/receipt-register.query.js';
import { RegisterQuery } from './read/register/register.query.js';
import { register } from './read/register/register.projection.js';
import { EagerRendering } from './render/eager-rendering.js';
import { PdfPress } from './render/pdf-press.js';
import { RenderedReceipts } from './render/rendered-receipts.js';
import { Renderer } from './render/renderer.js';
import { UnhurriedRendering } from './render/unhurried-rendering.js';
import { receiptStreams } from './streams.js';

const options = handlingAs('receipts');

const handlers: readonly Provider[] = [
  {
    provide: RECEIPT_BOOKS,
    inject: [EVENT_STORE, SNAPSHOTS],
    useFactory: (store: EventStore, snapshots: SnapshotStore): ReceiptBooks =>
      handle(store, receiptBook, {
        ...options,
        snapshots: { store: snapshots, deciderVersion: receiptBookStateVersion },
      }),
  },
  {
    provide: RECEIPTS,
    inject: [EVENT_STORE],
    useFactory: (store: EventStore): Receipts => handle(store, receipt, options),
  },
];

const post: readonly Provider[] = [
  { provide: RECEIPTS_CONFIG, useFactory: () => readReceiptsConfig() },
  {
    provide: BOUNCE_ADDRESSES,
    inject: [RECEIPTS_CONFIG, PersonalData],
    useFactory: (config: ReceiptsConfig, personalData: PersonalData): BounceAddresses =>
      bounceAddresses(config.mailDomain, (text) => personalData.keyedHash(text)),
  },
  LocalMailbox,
  { provide: INBOX_DOOR, useExisting: LocalMailbox },
  {
    provide: MAIL_SERVER,
    inject: [RECEIPTS_CONFIG, LocalMailbox],
    useFactory: async (config: ReceiptsConfig, mailbox: LocalMailbox): Promise<MailServer> =>
      smtpServer(config.smtpUrl ?? (await mailbox.open())),
  },
  ...[MailPlans, MailDesk, Postman, DueRounds, Bounces],
];

/** Numbered receipts: issued, rendered, mailed, voided, reissued. */
@Global()
@Module({
  controllers: [
    ReceiptsController,
    ReceiptCopiesController,
    ReceiptTemplateController,
    ReceiptRegisterController,
    LedgerSubscription,
    DonationsSubscription,
  ],
  providers: [
    ...handlers,
    ...post,
    ...[RegisterQuery, ReceiptRegisterQuery, DonorContactsQuery, NamedRecordsQuery],
    ...[PersonalData, IssuedReceipts, PdfDesk, ResendDesk, ReissueDesk],
    { provide: PdfPress, useFactory: () => new PdfPress() },
    ...[Renderer, RenderedReceipts, EagerRendering, UnhurriedRendering, Operations],
  ],
  exports: [INBOX_DOOR],
})
export class ReceiptsModule {}

/** Receipts as both ways to run know them. */
export const receiptsService: Service = {
  name: 'receipts',
  module: ReceiptsModule,
  publishers: [receiptsPublisher],
  streams: [receiptStreams.all],
  knows: { [donationsTopic]: Object.keys(donationsContracts), [ledgerTopic]: Object.keys(ledgerContracts) },
  rooms: ['donors'],
  projections: [register, donationReceipts, donorContacts, namedRecords, receiptsDueDates],
  migrations: receiptsMigrations,
  checkConfig: () => void readReceiptsConfig(),
  doors: [{ ...inboxDoor, token: INBOX_DOOR, askedBy: ['gateway'] }],
};
