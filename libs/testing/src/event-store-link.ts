import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and its server that a test can spoil. */
export interface Link {
  /** The server's url, through the link. */
  readonly url: string;
  /** From now on the server's answers get lost, while what it is asked still arrives. */
  loseAnswers(): void;
  /** Cuts every connection; new ones work as if nothing had been. */
  cut(): void;
  close(): Promise<void>;
}

/** Opens a link to the server of a PostgreSQL url. */
export async function openLink(url: string): Promise<Link> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const state = { deaf: false };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
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
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const linked = new URL(url);
  linked.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    state.deaf = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: linked.href,
    loseAnswers: () => {
      state.deaf = true;
    },
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
