import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How often it asks who is ready, in milliseconds. */
const everyMs = 200;

/**
 * Stands in front of several processes of a service, as a cluster's own does: each connection goes to one of those that said
 * at its last look that they are ready, and stays with it.
 */
export class Balancer {
  readonly #ready = new Set<number>();
  readonly #ports = new Set<number>();
  readonly #sockets = new Set<Socket>();
  readonly #stopping = new AbortController();
  readonly #looking: Promise<void>;
  #next = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.#carry(socket));
    this.#looking = this.#lookOn();
  }

  static async open(): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Takes a process in, as soon as it is seen to be ready. */
  add(port: number): void {
    this.#ports.add(port);
  }

  /** Resolves once it has looked at everybody that it has now. */
  async looked(): Promise<void> {
    await this.#look();
  }

  remove(port: number): void {
    this.#ports.delete(port);
    this.#ready.delete(port);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #carry(from: Socket): void {
    const ready = [...this.#ready];
    const port = ready[(this.#next += 1) % Math.max(1, ready.length)];
    if (port === undefined) {
      from.destroy();
      return;
    }
    const to = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroySoon();
      });
      one.pipe(other);
    }
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look();
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    for (const port of this.#ports) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.status === 200 && this.#ports.has(port)) this.#ready.add(port);
      else this.#ready.delete(port);
    }
  }
}
