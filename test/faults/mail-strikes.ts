import { createTransport } from 'nodemailer';
import type { FailPointName } from '#platform/fail-points.js';
import { eventually, Hopeless } from '#testing/eventually.js';
import type { Fault } from './fault.js';
import type { Mortal } from './mortal.js';

/** The mail server puts two mails off and refuses a third for good, and the process dies as it records the first. */
export function whileMailIsPutOff(name: FailPointName): Fault<Mortal> {
  return {
    name: `kill -9 of the process at ${name}`,
    isAlone: true,
    strike: async (life) => {
      for (const reply of ['450 4.2.1 greylisted', '450 4.2.1 greylisted', '550 5.1.1 no such user'])
        life.peer.refuseNext('receiver', reply);
      await life.start(name);
      const played = life.play();
      await life.dies();
      await life.start();
      await played;
      const types = (await life.settled()).map(({ type }) => type);
      for (const type of ['ReceiptMailDeferred', 'ReceiptBounced'])
        if (!types.includes(type)) throw new Error(`there is no ${type}`);
    },
  };
}

/** A mail comes back, and the process dies as it records that; whoever sends it back has heard nothing and comes again. */
export function whileMailComesBack(name: FailPointName): Fault<Mortal> {
  return {
    name: `kill -9 of the process at ${name}`,
    isAlone: true,
    strike: async (life) => {
      await life.start(name);
      const played = life.play();
      const sender = await eventually(() => life.peer.mails[0]?.from ?? notYet(), { withinMs: 60_000 });
      const returned = eventually(() => sendBack(life, sender), { withinMs: 90_000, everyMs: 250 });
      await life.dies();
      await life.start();
      await Promise.all([played, returned]);
      const bounces = (await life.settled()).filter(({ type }) => type === 'ReceiptBounced');
      if (bounces.length !== 1) throw new Hopeless(`${String(bounces.length)} mails came back`);
    },
  };
}

function notYet(): never {
  throw new Error('no mail yet');
}

/** As a mail server does with a mail to somebody that it does not know; rejects unless that is taken. */
async function sendBack({ site }: Mortal, to: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: site.bouncesPort, secure: false });
  await transport.sendMail({ envelope: { from: '', to: [to] }, raw: report });
}

const report = [
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
  'Final-Recipient: rfc822; somebody@example.org',
  'Action: failed',
  'Status: 5.1.1',
  '',
  '--b--',
  '',
].join('\r\n');
