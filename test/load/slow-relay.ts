import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a server on this machine and passes on what it answers so much later. */
export class SlowRelay {
  /** How long each answer is held back, in milliseconds. */
  delayMs = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {}

  /** Listens on a free port of the loopback. */
  static async before(port: number): Promise<SlowRelay> {
    const server = createServer();
    const relay = new SlowRelay(server, port);
    server.on('connection', (socket) => relay.#pass(socket));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return relay;
  }

  get address(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every line. */
  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((closed) => this.server.close(() => closed()));
  }

  #pass(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (part: Buffer) => setTimeout(() => near.write(part), this.delayMs));
  }
}
