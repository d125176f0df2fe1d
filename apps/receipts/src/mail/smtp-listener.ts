import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

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

/** Listens for mail: no sign-in, no relaying, nothing but what `accepts` wants. Throws when the port is taken. */
export async function listenForMail(options: ListenerOptions): Promise<SmtpListener> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
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
