import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail that a peer got, as it came over the wire. */
export interface PeerMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

/** A mail server of some donor's provider: it takes mail, or answers as it is told to. */
export class SmtpPeer {
  readonly mails: PeerMail[] = [];
  /** So many mails from now on are taken, but the line breaks before the sender hears of it. */
  breakLines = 0;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();
  readonly #refusals: { readonly at: 'sender' | 'receiver' | 'data'; readonly reply: string }[] = [];

  private constructor() {
    const refuse = (at: 'sender' | 'receiver' | 'data', done: (error?: Error | null) => void): void => {
      done(this.#refusal(at));
    };
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      logger: false,
      onMailFrom: (_address, _session, done) => refuse('sender', done),
      onRcptTo: (_address, _session, done) => refuse('receiver', done),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const refusal = this.#refusal('data');
          if (refusal) {
            done(refusal);
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          const to = rcptTo.map(({ address }) => address);
          this.mails.push({ from: mailFrom ? mailFrom.address : '', to, bytes: Buffer.concat(chunks) });
          if (this.breakLines === 0) {
            done();
            return;
          }
          this.breakLines -= 1;
          this.#sockets.forEach((socket) => socket.destroy());
        });
      },
    });
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens on a free port of the loopback, or on this one. */
  static async listen(port = 0): Promise<SmtpPeer> {
    const peer = new SmtpPeer();
    await new Promise<void>((listening) => peer.#server.listen(port, '127.0.0.1', listening));
    return peer;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  /** The next mail is refused at this point with a reply such as `550 5.1.1 no such user`. */
  refuseNext(at: 'sender' | 'receiver' | 'data', reply: string): void {
    this.#refusals.push({ at, reply });
  }

  /** The mails read by a mail program. */
  read(): Promise<readonly ParsedMail[]> {
    return Promise.all(this.mails.map(({ bytes }) => simpleParser(bytes)));
  }

  close(): Promise<void> {
    return new Promise((closed) => this.#server.close(closed));
  }

  #refusal(at: 'sender' | 'receiver' | 'data'): Error | undefined {
    if (this.#refusals[0]?.at !== at) return undefined;
    const { reply } = this.#refusals.shift() ?? { reply: '' };
    return Object.assign(new Error(reply.slice(4)), { responseCode: Number.parseInt(reply, 10) });
  }
}
