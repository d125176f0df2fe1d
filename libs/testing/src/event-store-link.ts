import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and its server that a test can spoil. */
export interface Link {
  /** The server's url, through the link. */
  readonly url: string;
  /** From now on the server's answers get lost, while what it is asked still arrives. */
  loseAnswers(): void;
  /** Cuts every connection; new ones work as if nothing had been. */
  cut(): void;
  /** Passes nothing on in either way, as a server that was stopped in the middle of everything. */
  freeze(): void;
  /** Goes on, with what came meanwhile. */
  thaw(): void;
  /** Cuts every connection and refuses new ones, as a server that was stopped. */
  refuse(): Promise<void>;
  /** Takes connections again, on the same port. */
  accept(): Promise<void>;
  /** New connections go to the server of this url from now on, which is the old one started again at another port. */
  leadTo(url: string): void;
  close(): Promise<void>;
}

/** Opens a link to the server of a url, such as PostgreSQL’s. */
export async function openLink(url: string): Promise<Link> {
  const sockets = new Set<Socket>();
  const state = { deaf: false, frozen: false, to: new URL(url) };
  // What passes is passed on at once, as between two who are connected directly.
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: Number(state.to.port), host: state.to.hostname, noDelay: true });
    const end = (): void => {
      for (const socket of [client, upstream]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (!state.deaf) client.write(chunk);
    });
    if (state.frozen) for (const socket of [client, upstream]) socket.pause();
  });
  const listen = (on: number) => new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  await listen(0);
  const linked = new URL(url);
  linked.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    state.deaf = false;
    for (const socket of sockets) socket.destroy();
  };
  const refuse = async (): Promise<void> => {
    const refusing = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await refusing;
  };
  return {
    url: linked.href,
    loseAnswers: () => {
      state.deaf = true;
    },
    freeze: () => {
      state.frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      state.frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    refuse,
    accept: () => listen(Number(linked.port)),
    leadTo: (elsewhere) => {
      state.to = new URL(elsewhere);
    },
    close: refuse,
  };
}
