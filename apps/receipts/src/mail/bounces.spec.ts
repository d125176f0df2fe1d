import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { bounceAddresses, numberIn } from './bounce-address.js';
import { failedDeliveryStatus } from './delivery-status.js';
import { smtpAnswerOf } from './smtp-answer.js';

const keyed = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest('base64url');
const addresses = bounceAddresses('quy.example', keyed('ours'));
const messageId = 'LS-2025B-000123.2@quy.example';

describe('the address that a mail comes back to', () => {
  it('leads to its Message-ID, in whatever case it comes back', () => {
    const address = addresses.addressOf(messageId);
    expect(address).toMatch(/^bounces\+ls-2025b-000123\.2\.[0-9a-f]{20}@quy\.example$/);
    expect(address.slice(0, address.indexOf('@')).length).toBeLessThanOrEqual(64);
    expect(addresses.messageIdOf(address)).toBe(messageId);
    expect(addresses.messageIdOf(address.toUpperCase())).toBe(messageId);
    expect(numberIn(messageId)).toBe('LS-2025B-000123');
  });

  it('leads also to a mail of a restored store', () => {
    const restored = 'LS-2025-000123.2B@quy.example';
    expect(addresses.messageIdOf(addresses.addressOf(restored))).toBe(restored);
    expect(numberIn(restored)).toBe('LS-2025-000123');
  });

  it('cannot be made up', () => {
    const forged = bounceAddresses('quy.example', keyed('theirs')).addressOf(messageId);
    expect(addresses.messageIdOf(forged)).toBeUndefined();
    const another = addresses.addressOf(messageId).replace('000123', '000124');
    expect(addresses.messageIdOf(another)).toBeUndefined();
    expect(addresses.messageIdOf('bounces+x@quy.example')).toBeUndefined();
    expect(
      addresses.messageIdOf(addresses.addressOf(messageId).replace('quy.example', 'evil.example')),
    ).toBeUndefined();
  });
});

describe("the mail server's answer", () => {
  const replied = (command: string, response: string) =>
    smtpAnswerOf({ code: 'EENVELOPE', command, response, responseCode: Number.parseInt(response, 10) });

  it('refuses for good only by what it says of the mail or its receiver', () => {
    expect(replied('RCPT TO', '550 5.1.1 no such user')).toEqual({ kind: 'refused', status: '5.1.1' });
    expect(replied('DATA', '552 too large')).toEqual({ kind: 'refused', status: '5.0.0' });
    expect(smtpAnswerOf({ code: 'EENVELOPE' })).toEqual({ kind: 'refused', status: '5.1.3' });
  });

  it('is "later" for what may pass and for what is our own trouble', () => {
    expect(replied('RCPT TO', '450 4.2.1 greylisted')).toEqual({ kind: 'later', status: '4.2.1' });
    expect(replied('MAIL FROM', '550 5.7.1 not your domain')).toEqual({ kind: 'later', status: '4.3.0' });
    expect(replied('AUTH PLAIN', '535 5.7.8 wrong password')).toEqual({ kind: 'later', status: '4.3.0' });
    expect(replied('DATA', '503 bad sequence')).toEqual({ kind: 'later', status: '4.3.0' });
    expect(smtpAnswerOf({ code: 'ECONNECTION' })).toEqual({ kind: 'later', status: '4.4.1' });
    expect(smtpAnswerOf(new Error('anything'))).toEqual({ kind: 'later', status: '4.4.1' });
  });
});

describe('a report of delivery', () => {
  const report = (perRecipient: string): Buffer =>
    Buffer.from(
      [
        'From: MAILER-DAEMON@mx.example',
        'To: bounces@quy.example',
        'Subject: Undelivered Mail Returned to Sender',
        'MIME-Version: 1.0',
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'I could not deliver your mail. Status: 5.9.9',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example',
        'Arrival-Date: Sat, 1 Mar 2025 09:00:00 +0700',
        '',
        perRecipient,
        '',
        '--b--',
        '',
      ].join('\r\n'),
    );

  it('tells the status of a failure', async () => {
    const failed = report(
      'Final-Recipient: rfc822; thu@example.org\r\nAction: failed\r\nStatus: 5.1.1 (no\r\n such user)',
    );
    expect(await failedDeliveryStatus(failed)).toBe('5.1.1');
    expect(await failedDeliveryStatus(report('Final-Recipient: rfc822; x@y\r\nAction: Failed'))).toBe(
      '5.0.0',
    );
  });

  it('is nothing when it tells of a delay or a success, or is none', async () => {
    expect(await failedDeliveryStatus(report('Action: delayed\r\nStatus: 4.4.1'))).toBeUndefined();
    expect(await failedDeliveryStatus(report('Action: delivered\r\nStatus: 2.0.0'))).toBeUndefined();
    expect(
      await failedDeliveryStatus(Buffer.from('Subject: On holiday\r\n\r\nAction: failed')),
    ).toBeUndefined();
  });
});
