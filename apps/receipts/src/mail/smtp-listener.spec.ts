import { afterEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { listenForMail, smtpUser, type ReceivedMail, type SmtpListener } from './smtp-listener.js';

const mail = { envelope: { from: 'a@example.org', to: ['b@example.org'] }, raw: 'Subject: x\r\n\r\n' };

describe('listening for mail', () => {
  let listener: SmtpListener;
  let taken: ReceivedMail[];

  afterEach(() => listener.close());

  async function listen(secret?: string): Promise<void> {
    taken = [];
    listener = await listenForMail({
      ...{ host: '127.0.0.1', port: 0, bytesMax: 1_000, accepts: (to) => to === 'b@example.org' },
      ...(secret !== undefined && { secret }),
      take: async (received) => void taken.push(received),
    });
  }

  function send(credentials = '', more: object = {}): Promise<unknown> {
    const url = `smtp://${credentials}127.0.0.1:${String(listener.port)}`;
    return createTransport({ url }).sendMail({ ...mail, ...more });
  }

  it('with a secret takes nothing from who does not have it', async () => {
    await listen('secret');
    await expect(send()).rejects.toMatchObject({ responseCode: 530 });
    for (const credentials of [`${smtpUser}:guess@`, 'somebody:secret@'])
      await expect(send(credentials)).rejects.toMatchObject({ responseCode: 535 });
    await send(`${smtpUser}:secret@`);
    expect(taken).toMatchObject([{ from: 'a@example.org', to: ['b@example.org'] }]);
  });

  it('without one takes what is for it, and not more than fits', async () => {
    await listen();
    await send();
    expect(taken).toHaveLength(1);
    const other = { envelope: { from: 'a@example.org', to: ['c@example.org'] } };
    await expect(send('', other)).rejects.toMatchObject({ responseCode: 550 });
    await expect(send('', { raw: 'x'.repeat(2_000) })).rejects.toMatchObject({ responseCode: 552 });
    expect(taken).toHaveLength(1);
  });
});
