import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff, type StoryDonor } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type Answer, type World } from '#testing/service-under-test.js';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { Bounces } from './bounces.js';
import { Postman } from './postman.js';

const number = 'LS-2025-000001';
const minute = 60_000;
let peer: SmtpPeer;
let world: World;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;

beforeAll(() => {
  process.env['MAIL_FROM'] = 'bien-lai@quy.example';
  process.env['BOUNCES_HOST'] = '127.0.0.1';
  process.env['BOUNCES_PORT'] = '0';
});

afterAll(() => {
  delete process.env['SMTP_URL'];
  delete process.env['MAIL_FROM'];
  delete process.env['BOUNCES_HOST'];
  delete process.env['BOUNCES_PORT'];
});

beforeEach(async () => {
  peer = await SmtpPeer.listen();
  process.env['SMTP_URL'] = peer.url;
  world = newWorld('2025-03-01T02:00:00Z');
  await start();
  await story.fundOpens();
});

afterEach(async () => {
  await receipts.close();
  await peer.close();
});

async function start(): Promise<void> {
  receipts = await ReceiptsUnderTest.open(world);
  story = new ReceiptStory(receipts);
}

/** Waits until so many events of the type stand in the receipt's stream. */
async function until(type: string, count = 1, of = number): Promise<readonly RecordedEvent[]> {
  return eventually(async () => {
    const found = (await receipts.events(`receipt-${of}`)).filter((event) => event.type === type);
    expect(found).toHaveLength(count);
    return found;
  });
}

const resend = (body: object, key?: string): Promise<Answer> =>
  receipts.send('POST', `/v1/receipts/${number}/resends`, staff('accountant'), body, key);

const wrote = async (email?: string) => {
  const donor = await story.donor('Hoàng Thị Thử', email);
  const source = await story.posted(donor.source);
  return { donor, source };
};

/** The donor's contact is another from now on, or none. */
async function corrected({ donorId, subjectId }: StoryDonor, contactRecordId?: string): Promise<void> {
  const contact = contactRecordId === undefined ? {} : { contactRecordId };
  await receipts.sayOfDonor('DonorContactCorrected.v1', { fundId, donorId, subjectId, ...contact } as never);
  await eventually(async () => expect(await receipts.rows('receipts.donor_contacts')).toHaveLength(1));
}

describe('the mail of a receipt', () => {
  it('goes to the donor with the PDF, and returns to an address of its own', async () => {
    await wrote('thu@example.org');
    await until('ReceiptSent');
    const [rendered] = await until('ReceiptRendered');
    const { stream, revision, id: eventId } = rendered!;
    const due = {
      key: `${number}.0@quy.example`,
      rule: 'mail',
      dueAt: '',
      payload: {},
      stream,
      revision,
      eventId,
    };
    await receipts.app.get(Postman).send(due);
    expect(peer.mails).toMatchObject([{ to: ['thu@example.org'] }]);
    expect(peer.mails[0]?.from).toMatch(/^bounces\+ls-2025-000001\.0\.[0-9a-f]{20}@quy\.example$/);
    const [mail] = await peer.read();
    const pdf = await receipts.send('GET', `/v1/receipts/${number}/pdf`, staff('auditor'));
    expect(mail?.attachments[0]?.content).toEqual(pdf.bytes);
    expect(mail?.from?.value).toEqual([
      { name: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', address: 'bien-lai@quy.example' },
    ]);
  });

  it('is tried again under the same Message-ID with the same bytes when the answer got lost', async () => {
    peer.breakLines = 1;
    await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    world.clock.advance(2 * minute);
    await until('ReceiptSent');
    expect(peer.mails).toHaveLength(2);
    expect(peer.mails[1]?.bytes).toEqual(peer.mails[0]?.bytes);
    expect(peer.mails[1]?.from).toBe(peer.mails[0]?.from);
  });

  it('waits out a mail server that is down, also across a restart', async () => {
    const down = peer;
    const { port } = down;
    await down.close();
    await wrote('thu@example.org');
    const [deferred] = await until('ReceiptMailDeferred');
    expect(deferred?.data).toMatchObject({
      attempts: 1,
      retryAt: '2025-03-01T02:01:00.000Z',
      status: '4.4.1',
    });
    await receipts.close();
    world.clock.advance(2 * minute);
    await start();
    await until('ReceiptMailDeferred', 2);
    const upAgain = await SmtpPeer.listen(port);
    world.clock.advance(3 * minute);
    await until('ReceiptSent');
    expect(upAgain.mails).toHaveLength(1);
    await upAgain.close();
  });

  it('is withdrawn before its next attempt once the donor wants no mail any more', async () => {
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    const { donor } = await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    await corrected(donor);
    world.clock.advance(2 * minute);
    const [withdrawn] = await until('ReceiptMailWithdrawn');
    expect(withdrawn?.data).toMatchObject({ because: 'no-address' });
    expect(peer.mails).toEqual([]);
  });

  it('gives way to another with the same PDF where the address was corrected before its next attempt', async () => {
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    const { donor } = await wrote('cu@example.org');
    await until('ReceiptMailDeferred');
    await corrected(donor, await story.contact(donor.contactSubjectId, 'moi@example.org'));
    world.clock.advance(2 * minute);
    const [replanned] = await until('ReceiptMailReplanned');
    const [old, instead] = [`${number}.0@quy.example`, `${number}.1@quy.example`];
    expect(replanned?.data).toMatchObject({ messageId: old, instead });
    const [sent] = await until('ReceiptSent');
    expect(sent?.data).toMatchObject({ messageId: instead, resend: false });
    expect(peer.mails).toMatchObject([{ to: ['moi@example.org'] }]);
    const [mail] = await peer.read();
    const pdf = await receipts.send('GET', `/v1/receipts/${number}/pdf`, staff('auditor'));
    expect([mail?.messageId, mail?.attachments[0]?.content]).toEqual([`<${instead}>`, pdf.bytes]);
    await receipts.caughtUp();
    const view = await receipts.send('GET', `/v1/receipts/${number}`, staff('viewer'));
    expect(view.json).toMatchObject({ mail: { state: 'sent', status: null } });
  });

  it('stays the same mail where the address did not change with the contact', async () => {
    peer.breakLines = 1;
    const { donor } = await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    await corrected(donor, await story.contact(donor.contactSubjectId, 'thu@example.org'));
    world.clock.advance(2 * minute);
    await until('ReceiptSent');
    expect(peer.mails[1]).toEqual(peer.mails[0]);
    expect(peer.mails).toHaveLength(2);
  });

  it('is put off while the server says "later" or does not want us as sender', async () => {
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    peer.refuseNext('sender', '550 5.7.1 not your domain');
    await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    world.clock.advance(2 * minute);
    const deferred = await until('ReceiptMailDeferred', 2);
    expect(deferred.map(({ data }) => (data as { status: string }).status)).toEqual(['4.2.1', '4.3.0']);
    world.clock.advance(5 * minute);
    await until('ReceiptSent');
  });

  it('is given up after five days', async () => {
    peer.refuseNext('data', '451 4.3.0 not now');
    peer.refuseNext('data', '451 4.3.0 not now');
    await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    world.clock.advance(6 * 24 * 60 * minute);
    const [bounced] = await until('ReceiptBounced');
    expect(bounced?.data).toMatchObject({ status: '4.4.7' });
  });

  it('that the server refuses for good has bounced and is not tried again', async () => {
    peer.refuseNext('receiver', '550 5.1.1 no such user');
    await wrote('nobody@example.org');
    const [bounced] = await until('ReceiptBounced');
    expect(bounced?.data).toMatchObject({ messageId: `${number}.0@quy.example`, status: '5.1.1' });
    await receipts.caughtUp();
    const view = await receipts.send('GET', '/v1/receipts?mail=bounced', staff('viewer'));
    expect(view.json).toMatchObject({ items: [{ number, mail: { state: 'bounced', status: '5.1.1' } }] });
  });

  it('is not sent of a receipt that became void, nor to an address that was erased', async () => {
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    const { source } = await wrote('thu@example.org');
    await until('ReceiptMailDeferred');
    await story.voided(source);
    peer.refuseNext('receiver', '450 4.2.1 greylisted');
    const { donor } = await wrote('khac@example.org');
    await until('ReceiptMailDeferred', 1, 'LS-2025-000002');
    await world.vault.room('donors').erase(donor.subjectId);
    world.clock.advance(2 * minute);
    const [ofVoid] = await until('ReceiptMailWithdrawn');
    const [ofErased] = await until('ReceiptMailWithdrawn', 1, 'LS-2025-000002');
    expect([ofVoid?.data, ofErased?.data]).toMatchObject([{ because: 'void' }, { because: 'no-address' }]);
    expect(peer.mails).toEqual([]);
    const pdf = await receipts.send('GET', '/v1/receipts/LS-2025-000002/pdf', staff('accountant'));
    expect([pdf.status, pdf.json]).toMatchObject([410, { code: 'receipt/erased' }]);
  });
});

describe('a resend asked for by a person', () => {
  it('is a new mail with the same PDF, once for one Idempotency-Key', async () => {
    await wrote('thu@example.org');
    await until('ReceiptSent');
    const first = await resend({ reason: 'Không nhận được thư' }, 'again-1');
    expect([first.status, first.json]).toEqual([202, { number, messageId: `${number}.1@quy.example` }]);
    expect(await resend({ reason: 'Không nhận được thư' }, 'again-1')).toEqual(first);
    expect((await resend({ reason: 'Lý do khác' }, 'again-1')).status).toBe(422);
    await until('ReceiptSent', 2);
    const [mail, again] = await peer.read();
    expect(peer.mails).toHaveLength(2);
    expect(again?.messageId).not.toBe(mail?.messageId);
    expect(again?.attachments[0]?.content).toEqual(mail?.attachments[0]?.content);
    const requested = (await receipts.events(`receipt-${number}`)).find(
      ({ type }) => type === 'ResendRequested',
    );
    expect(JSON.stringify(requested)).not.toContain('Không nhận');
  });

  it("goes to the donor's corrected address, or to the one given with it", async () => {
    const { donor } = await wrote('cu@example.org');
    await until('ReceiptSent');
    const contactRecordId = await story.contact(donor.contactSubjectId, 'moi@example.org');
    const { donorId, subjectId } = donor;
    await receipts.sayOfDonor('DonorContactCorrected.v1', {
      fundId,
      donorId,
      subjectId,
      contactRecordId,
    } as never);
    await eventually(async () => {
      expect((await resend({ reason: 'Đổi địa chỉ' })).status).toBe(202);
      await until('ReceiptSent', peer.mails.length + 1);
      expect(peer.mails.at(-1)?.to).toEqual(['moi@example.org']);
    });
    const before = peer.mails.length;
    await resend({ reason: 'Gửi kế toán', email: 'ke-toan@example.org' });
    await until('ReceiptSent', before + 1);
    expect(peer.mails.at(-1)?.to).toEqual(['ke-toan@example.org']);
  });

  it('goes where staff named the payer’s address at a reissue, though another was corrected before', async () => {
    const { donor } = await wrote('cu@example.org');
    await until('ReceiptSent');
    await corrected(donor, await story.contact(donor.contactSubjectId, 'sua@example.org'));
    world.clock.advance(minute);
    const body = { reason: 'Sai tên', payer: { name: 'Hoàng Thị Thử', email: 'moi@example.org' } };
    const path = `/v1/receipts/${number}/reissues`;
    expect((await receipts.send('POST', path, staff('accountant'), body)).status).toBe(201);
    await until('ReceiptSent', 1, 'LS-2025-000002');
    expect(peer.mails.at(-1)?.to).toEqual(['moi@example.org']);
    world.clock.advance(minute);
    const later = await story.contact(donor.contactSubjectId, 'sau@example.org');
    const { donorId, subjectId } = donor;
    const said = { fundId, donorId, subjectId, contactRecordId: later };
    await receipts.sayOfDonor('DonorContactCorrected.v1', said);
    const again = '/v1/receipts/LS-2025-000002/resends';
    await eventually(async () => {
      await receipts.send('POST', again, staff('accountant'), { reason: 'Gửi lại' });
      await eventually(() => expect(peer.mails.at(-1)?.to).toEqual(['sau@example.org']));
    });
  });

  it('that waits follows the donor’s address too, but not one that staff typed', async () => {
    const { donor } = await wrote('cu@example.org');
    await until('ReceiptSent');
    for (const email of [undefined, 'ke-toan@example.org']) {
      peer.refuseNext('receiver', '450 4.2.1 greylisted');
      await resend({ reason: 'Gửi lại', ...(email && { email }) });
      await until('ReceiptMailDeferred', email ? 2 : 1);
    }
    await corrected(donor, await story.contact(donor.contactSubjectId, 'moi@example.org'));
    world.clock.advance(2 * minute);
    await until('ReceiptSent', 3);
    expect(peer.mails.flatMap(({ to }) => to).sort()).toEqual([
      'cu@example.org',
      'ke-toan@example.org',
      'moi@example.org',
    ]);
    const [, ...again] = await until('ReceiptSent', 3);
    expect(again.map(({ data }) => data)).toMatchObject([{ resend: true }, { resend: true }]);
  });

  it('is refused without an address, of nobody known, and for who may not', async () => {
    await wrote();
    await until('ReceiptRendered');
    expect((await resend({ reason: 'Xin gửi' })).json).toMatchObject({ code: 'receipt/no-address' });
    const forbidden = await receipts.send('POST', `/v1/receipts/${number}/resends`, staff('viewer'), {
      reason: 'x',
    });
    expect(forbidden.status).toBe(403);
    const broken = await resend({ reason: 'x', email: 'a@example.org\r\nBcc: b@example.org' });
    expect(broken.status).toBe(400);
    await story.posted({ kind: 'anonymous' });
    const path = '/v1/receipts/LS-2025-000002/resends';
    await eventually(async () => {
      const refused = await receipts.send('POST', path, staff('cashier'), {
        reason: 'x',
        email: 'a@example.org',
      });
      expect(refused.json).toMatchObject({ code: 'receipt/payer-unknown' });
    });
  });
});

describe('a mail that comes back', () => {
  const report = (status: string) =>
    [
      'From: MAILER-DAEMON@mx.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      `Final-Recipient: rfc822; thu@example.org\r\nAction: failed\r\nStatus: ${status}`,
      '',
      '--b--',
      '',
    ].join('\r\n');

  const comesBack = async (to: string, status = '5.2.2') => {
    const port = receipts.app.get(Bounces).port;
    const transport = createTransport({ host: '127.0.0.1', port: port!, secure: false });
    await transport.sendMail({ envelope: { from: '', to: [to] }, raw: report(status) });
  };

  it('is recorded with its status, and a made-up one is not taken', async () => {
    await wrote('day@example.org');
    await until('ReceiptSent');
    const [mail] = peer.mails;
    await expect(
      comesBack(mail!.from.replace(/\.[0-9a-f]{20}@/, '.00000000000000000000@')),
    ).rejects.toMatchObject({
      responseCode: 550,
    });
    await comesBack(mail!.from);
    await comesBack(mail!.from);
    const [bounced] = await until('ReceiptBounced');
    expect(bounced?.data).toMatchObject({ messageId: `${number}.0@quy.example`, status: '5.2.2' });
    const [sent] = await until('ReceiptSent');
    expect(bounced).toMatchObject({
      correlationId: sent?.correlationId,
      cause: { kind: 'event', eventId: sent?.id },
    });
  });
});
