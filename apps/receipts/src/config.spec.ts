import { describe, expect, it } from '@jest/globals';
import { readReceiptsConfig } from './config.js';

describe('how receipts are mailed', () => {
  it('is to the local mailbox where nothing is said', () => {
    expect(readReceiptsConfig({ SMTP_URL: '' })).toEqual({
      smtpUrl: undefined,
      mailFrom: 'bien-lai@mangnon.localhost',
      mailDomain: 'mangnon.localhost',
      bounces: undefined,
    });
  });

  it('is by the mail server that is named, from an address of ours', () => {
    const config = readReceiptsConfig({
      SMTP_URL: 'smtps://user:secret@mail.example:465',
      MAIL_FROM: 'bien-lai@Quy.Example',
      BOUNCES_PORT: '2525',
    });
    expect(config).toEqual({
      smtpUrl: 'smtps://user:secret@mail.example:465',
      mailFrom: 'bien-lai@Quy.Example',
      mailDomain: 'quy.example',
      bounces: { host: '0.0.0.0', port: 2525 },
    });
  });

  it('tells every fault at once', () => {
    const faulty = { SMTP_URL: 'http://mail.example', MAIL_FROM: 'nobody', BOUNCES_PORT: '99999' };
    expect(() => readReceiptsConfig(faulty)).toThrow(/SMTP_URL .*\nMAIL_FROM .*\nBOUNCES_PORT /);
    expect(() => readReceiptsConfig({ SMTP_URL: 'smtp://mail.example' })).toThrow('MAIL_FROM is needed');
  });
});
