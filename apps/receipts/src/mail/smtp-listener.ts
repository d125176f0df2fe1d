import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';

/** One mail as it came in. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

/** What listens for mail and who says what is taken. */
export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whether mail to this address is taken at all. */
  readonly accepts: (to: string) => boolean;
  /** The password of {@link smtpUser}, without which nothing is taken; nobody signs in when absent. */
  readonly secret?: string;
  /** Takes one mail; rejecting tells the sender to come again. */
  readonly take: (mail: ReceivedMail) => Promise<void>;
  /** The largest mail taken, in bytes. */
  readonly bytesMax: number;
}

/** Something that takes mail over SMTP. */
export interface SmtpListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Who signs in where a secret is asked for. */
export const smtpUser = 'mangnon';

/** Listens for mail: no relaying, nothing but what `accepts` wants from who may send. Throws when the port is taken. */
export async function listenForMail(options: ListenerOptions): Promise<SmtpListener> {
  const server = new SMTPServer({
    ...signingIn(options.secret),
    disableReverseLookup: true,
    size: options.bytesMax,
    maxClients: 20,
    socketTimeout: 60_000,
    closeTimeout: 2_000,
    logger: false,
    onRcptTo: ({ address }, _session, callback) =>
      callback(options.accepts(address) ? null : reply(550, '5.1.1 no such address')),
    onData: (stream, session, callback) => {
      taken(options, stream, session).then(
        () => callback(null),
        (error: unknown) => callback(error instanceof Refusal ? error : reply(451, '4.3.0 come again later')),
      );
    },
  });
  // A client that goes away in the middle is its own trouble.
  server.on('error', () => undefined);
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(options.port, options.host, listening);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

function signingIn(secret: string | undefined): SMTPServerOptions {
  if (secret === undefined) return { disabledCommands: ['AUTH', 'STARTTLS'] };
  return {
    disabledCommands: ['STARTTLS'],
    authMethods: ['PLAIN'],
    // It is spoken within one machine.
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) => {
      if (username === smtpUser && isSame(password, secret)) callback(null, { user: smtpUser });
      else callback(reply(535, '5.7.8 not one of ours'));
    },
  };
}

function isSame(given: string | null | undefined, secret: string): boolean {
  const [left, right] = [given ?? '', secret].map((text) => createHash('sha256').update(text).digest());
  return Boolean(left && right && timingSafeEqual(left, right));
}

class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

function reply(code: number, message: string): Refusal {
  return new Refusal(code, message);
}

async function taken(
  { bytesMax, take }: ListenerOptions,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    // What is too large is still read to its end, or the sender never hears the answer.
    if (size <= bytesMax) chunks.push(chunk);
  }
  if (size > bytesMax) throw reply(552, '5.3.4 the mail is too large');
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  await take({ from, to: envelope.rcptTo.map(({ address }) => address), bytes: Buffer.concat(chunks) });
}
