import { describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { composeMail, type MailParts } from './composed-mail.js';

const parts: MailParts = {
  number: 'LS-2025-000123',
  fundName: { vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', en: 'Lạng Sơn Child Protection Fund' },
  language: 'vi',
  messageId: 'LS-2025-000123.0@quy.example',
  plannedAt: '2025-03-01T02:00:00Z',
  to: 'thu@example.org',
  from: 'bien-lai@quy.example',
  returnPath: 'bounces+ls-2025-000123.0.0123456789abcdef0123@quy.example',
  pdf: new TextEncoder().encode('%PDF-1.3 made up'),
};

const headersOf = (bytes: Buffer): string => bytes.toString('latin1').split('\r\n\r\n')[0] ?? '';

describe('the mail of a receipt', () => {
  it('reads as it was meant, in Vietnamese first', async () => {
    const { bytes, envelope } = await composeMail(parts);
    const mail = await simpleParser(bytes);
    expect(envelope).toEqual({ from: parts.returnPath, to: parts.to });
    expect(mail.messageId).toBe('<LS-2025-000123.0@quy.example>');
    expect(mail.date).toEqual(new Date('2025-03-01T02:00:00Z'));
    expect(mail.subject).toBe('Biên lai số LS-2025-000123 - Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn');
    expect(mail.from?.value).toEqual([{ name: parts.fundName.vi, address: parts.from }]);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    const text = mail.text ?? '';
    expect(text.indexOf('trân trọng cảm ơn')).toBeLessThan(text.indexOf('thanks you for your donation'));
    expect(mail.attachments).toMatchObject([
      { filename: 'LS-2025-000123.pdf', contentType: 'application/pdf', content: Buffer.from(parts.pdf) },
    ]);
  });

  it('reads in English first for who gave in English, and names what it replaces', async () => {
    const { bytes } = await composeMail({ ...parts, language: 'en', replaces: 'LS-2024-000001' });
    const mail = await simpleParser(bytes);
    expect(mail.subject).toBe('Receipt LS-2025-000123 - Lạng Sơn Child Protection Fund');
    const text = mail.text ?? '';
    expect(text.indexOf('It replaces receipt LS-2024-000001.')).toBeLessThan(
      text.indexOf('thay thế biên lai số LS-2024-000001'),
    );
  });

  it('has the same bytes for the same parts', async () => {
    const first = await composeMail(parts);
    expect((await composeMail({ ...parts })).bytes).toEqual(first.bytes);
    const resent = await composeMail({ ...parts, messageId: 'LS-2025-000123.1@quy.example' });
    expect(resent.bytes).not.toEqual(first.bytes);
  });

  it.each([
    ['the address', { to: 'thu@example.org\r\nBcc: spy@evil.example' }],
    ['the fund', { fundName: { vi: 'Quỹ\r\nBcc: spy@evil.example', en: 'Fund\r\nBcc: spy@evil.example' } }],
    ['the number', { number: 'LS\r\nBcc: spy@evil.example' }],
    ['the Message-ID', { messageId: 'x@y>\r\nBcc: <spy@evil.example' }],
  ])('gets no further header through %s', async (_what, change) => {
    const { bytes } = await composeMail({ ...parts, ...change });
    expect(headersOf(bytes)).not.toMatch(/^bcc:/im);
    const mail = await simpleParser(bytes);
    expect(mail.bcc).toBeUndefined();
  });
});
