import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Appended, ExpectedRevision } from '#event-store/event-store.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { appendNext, newEvent } from '#testing/events.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff, type StoryDonor } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { SetClock } from '#testing/set-clock.js';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';

const number = 'LS-2025-000001';
const messageId = `${number}.0@quy.example`;

/**
 * A store at which the process comes to its end as it is about to record that a mail was sent, which it only does once
 * the mail server has answered: that append never arrives.
 */
class EndOfTheProcess extends InMemoryEventStore {
  reached = false;
  #armed = false;
  #clearAway: () => void = () => undefined;
  readonly #cleared = new Promise<void>((resolve) => (this.#clearAway = resolve));

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    if (this.#armed && events.some(({ type }) => type === 'ReceiptSent')) {
      this.reached = true;
      await this.#cleared;
    }
    return super.append(stream, events, expected);
  }

  /** The end comes with the next `ReceiptSent`. */
  arm(): void {
    this.#armed = true;
  }

  /** What the next process finds; whatever is left of this one gets nothing but errors. */
  async outlived(): Promise<InMemoryEventStore> {
    const next = await this.reopened();
    this.#clearAway();
    return next;
  }
}

let peer: SmtpPeer;
/** What outlives the process. */
let world: ReceiptsUnderTest['world'];
let receipts: ReceiptsUnderTest;

beforeAll(() => {
  process.env['MAIL_FROM'] = 'bien-lai@quy.example';
});

afterAll(() => {
  delete process.env['SMTP_URL'];
  delete process.env['MAIL_FROM'];
});

beforeEach(async () => {
  peer = await SmtpPeer.listen();
  process.env['SMTP_URL'] = peer.url;
});

afterEach(async () => {
  await receipts.close();
  await peer.close();
});

async function ofType(type: string): Promise<readonly RecordedEvent[]> {
  return (await receipts.events(`receipt-${number}`)).filter((event) => event.type === type);
}

const sent = (count: number): Promise<void> =>
  eventually(async () => expect(await ofType('ReceiptSent')).toHaveLength(count));

/** The service mails its first receipt and dies between the server's answer and its own record. */
async function interrupted(): Promise<StoryDonor> {
  const [clock, vault] = [new SetClock('2025-03-01T02:00:00Z'), new InMemoryVault()];
  const store = new EndOfTheProcess(clock);
  receipts = await ReceiptsUnderTest.open({ store, vault, clock });
  const story = new ReceiptStory(receipts);
  await story.fundOpens();
  store.arm();
  const donor = await story.donor('Hoàng Thị Thử', 'thu@example.org');
  await story.posted(donor.source);
  await eventually(() => expect(store.reached).toBe(true));
  expect(peer.mails).toHaveLength(1);
  expect(await ofType('ReceiptSent')).toEqual([]);
  world = { store: await store.outlived(), vault, clock };
  await receipts.close();
  return donor;
}

/** Digest of the PDF in each mail, in the order that they came in. */
async function pdfs(): Promise<readonly string[]> {
  const mails = await peer.read();
  return mails.map(({ attachments: [pdf] }) => createHash('sha256').update(pdf!.content).digest('hex'));
}

const messageIds = async () => (await peer.read()).map((mail) => mail.messageId);

describe('a process that dies between the mail server’s answer and its record', () => {
  it('leaves a mail that the next one sends again, byte for byte under the same Message-ID', async () => {
    await interrupted();
    world.clock.advance(3_600_000);
    receipts = await ReceiptsUnderTest.open(world);
    await sent(1);
    const [first, ...again] = peer.mails;
    expect(again).toEqual([first]);
    expect(await messageIds()).toEqual([`<${messageId}>`, `<${messageId}>`]);
    expect(await ofType('ReceiptSent')).toMatchObject([{ data: { messageId, resend: false } }]);
    const [rendered] = await ofType('ReceiptRendered');
    const { sha256 } = rendered!.data as { readonly sha256: string };
    expect(await pdfs()).toEqual([sha256, sha256]);
  });

  it('leaves a mail that is not sent again where the address was corrected meanwhile: another goes there', async () => {
    const { donorId, subjectId, contactSubjectId } = await interrupted();
    const contactRecordId = randomUUID();
    const room = world.vault.room('donors');
    await room.put({ recordId: contactRecordId, subjectId: contactSubjectId }, { email: 'moi@example.org' });
    const told = { fundId, donorId, subjectId, contactRecordId };
    await appendNext(world.store, `donor-${donorId}`, newEvent('DonorContactCorrected.v1', told));
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    receipts = await ReceiptsUnderTest.open(world);
    await eventually(async () => expect(await receipts.rows('receipts.donor_contacts')).toHaveLength(1));
    await eventually(async () => expect(await ofType('ReceiptMailDeferred')).toHaveLength(1));
    world.clock.advance(3_600_000);
    await sent(1);
    const [old, instead] = [messageId, `${number}.1@quy.example`];
    expect(await messageIds()).toEqual([`<${old}>`, `<${instead}>`]);
    expect(peer.mails.map(({ to }) => to)).toEqual([['thu@example.org'], ['moi@example.org']]);
    expect(new Set(await pdfs()).size).toBe(1);
    expect(await ofType('ReceiptMailReplanned')).toMatchObject([{ data: { messageId: old, instead } }]);
  });

  it('leaves nothing behind that a resend would repeat: that is a new mail with the same PDF', async () => {
    await interrupted();
    receipts = await ReceiptsUnderTest.open(world);
    await sent(1);
    const body = { reason: 'Chưa nhận được thư' };
    await receipts.send('POST', `/v1/receipts/${number}/resends`, staff('cashier'), body);
    await sent(2);
    expect(await messageIds()).toEqual([`<${messageId}>`, `<${messageId}>`, `<${number}.1@quy.example>`]);
    expect(new Set(await pdfs()).size).toBe(1);
    expect(peer.mails[2]?.bytes).not.toEqual(peer.mails[0]?.bytes);
  });
});
