import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Lets an application close once the requests under way are answered. Node alone would wait for a connection whose
 * answer was under way until its keep-alive ends, a minute later, and for one that never asked anything for ever.
 */
export function endConnectionsOnClose(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const underWay = new Map<Socket, number>();
  let closing = false;
  const endIfIdle = (socket: Socket): void => {
    if (closing && underWay.get(socket) === 0) socket.end();
  };
  fastify.server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
    endIfIdle(socket);
  });
  fastify.server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    answer.once('close', () => {
      const requests = underWay.get(socket);
      if (requests === undefined) return;
      underWay.set(socket, requests - 1);
      endIfIdle(socket);
    });
  });
  fastify.addHook('preClose', async () => {
    closing = true;
    for (const socket of underWay.keys()) endIfIdle(socket);
  });
}
