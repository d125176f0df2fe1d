import type { ReceiptCommand } from '#domain/receipt/receipt.decide.js';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import { builtInTemplate } from '#domain/receipt-book/receipt-template.policy.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { vnd } from './amounts.js';
import { record } from './donations-story.js';
import type { Recorder } from './recorder.js';

/** Another template, a reissue, everything that can happen to a receipt's PDF and mails, and numbers after a restore. */
export async function receiptsStory(recorder: Recorder): Promise<void> {
  const book = `receipt-book-${recorder.id('fund')}`;
  const template = { ...builtInTemplate, budgetCode: '1234567', logoText: 'TD' };
  await recorder.does('lan', recorder.handlers.books, book, { type: 'ChangeTemplate', template });
  const { data: issued } = await lastIssued(recorder);
  await recorder.does('lan', recorder.handlers.books, book, {
    type: 'ReissueReceipt',
    replaces: {
      number: issued.number,
      donationId: issued.donation.donationId,
      year: issued.year,
      inForce: true,
    },
    voidingsSeen: await voidings(recorder),
    entryId: issued.entryId,
    donation: { ...issued.donation },
    storeIncarnation: 1,
    reasonRecordId: recorder.id('why anew'),
  });
  await pdfAndMails(recorder, (await lastIssued(recorder)).data);
  await recorder.parks(await lastIssued(recorder));
  await recorder.restore();
  recorder.wait(1);
  await record(recorder, 'after the restore', { amount: vnd(30_000) });
  const erase = { type: 'EraseTexts', erasures: 0 } as const;
  await recorder.does('lan', recorder.handlers.donations, `donation-${recorder.id('early')}`, erase);
}

async function issuedReceipts(recorder: Recorder): Promise<readonly RecordedEvent<ReceiptIssued>[]> {
  const events = await recorder.events();
  return events.filter(({ type }) => type === 'ReceiptIssued') as RecordedEvent<ReceiptIssued>[];
}

async function lastIssued(recorder: Recorder): Promise<RecordedEvent<ReceiptIssued>> {
  const event = (await issuedReceipts(recorder)).at(-1);
  if (!event) throw new Error('no receipt was issued');
  return event;
}

async function voidings(recorder: Recorder): Promise<number> {
  return (await recorder.events()).filter(({ type }) => type === 'ReceiptVoided').length;
}

async function pdfAndMails(recorder: Recorder, issued: ReceiptIssued['data']): Promise<void> {
  const { number, fundId } = issued;
  const ref = { number, fundId, donationId: issued.donation.donationId };
  const post = { mailDomain: 'quy.example', now: recorder.now, letter: '' };
  const mail = (sequence: number) => `${number}.${String(sequence)}@quy.example`;
  const resend = { type: 'RequestResend', inForce: true, payerKnown: true, post } as const;
  const commands: readonly ReceiptCommand[] = [
    { type: 'RequestPdf', ref },
    { type: 'RecordRenderingFailure', ref, reason: 'Error' },
    {
      type: 'RecordRendering',
      ref,
      rendering: {
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        bytesRecordId: recorder.id('bytes'),
        subjectId: recorder.id('subject'),
        templateVersion: 1,
        language: 'vi',
      },
      contactRecordId: recorder.id('contact 2'),
      post,
    },
    { type: 'DeferMail', messageId: mail(0), retryAt: '2025-01-03T00:00:00.000Z', status: '4.2.1' },
    { type: 'RecordSent', messageId: mail(0) },
    { type: 'RecordBounce', messageId: mail(0), status: '5.1.1' },
    {
      ...resend,
      to: { kind: 'corrected', contactRecordId: recorder.id('contact 3') },
      reasonRecordId: recorder.id('why again'),
    },
    { type: 'WithdrawMail', messageId: mail(1), because: 'no-address' },
    { ...resend, to: { kind: 'as-before' }, reasonRecordId: recorder.id('why once more') },
    { type: 'RecordSent', messageId: mail(2) },
    {
      ...resend,
      to: { kind: 'corrected', contactRecordId: recorder.id('contact 3') },
      reasonRecordId: recorder.id('why a last time'),
    },
    { type: 'ReplanMail', messageId: mail(3), contactRecordId: recorder.id('contact 4'), post },
    { type: 'RecordSent', messageId: mail(4) },
  ];
  for (const command of commands)
    await recorder.does('minh', recorder.handlers.receipts, `receipt-${number}`, command);
}
