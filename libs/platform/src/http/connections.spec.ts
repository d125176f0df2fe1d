import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '#testing/eventually.js';
import { httpAdapter } from './adapter.js';
import { endConnectionsOnClose } from './connections.js';

let asked: () => void;
let answer: () => void;

@Controller()
class SlowController {
  @Get('slow')
  async slow(): Promise<string> {
    const answered = new Promise<void>((resolve) => (answer = resolve));
    asked();
    await answered;
    return 'done';
  }

  @Get('quick')
  quick(): string {
    return 'done';
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

describe('closing an application', () => {
  let app: NestFastifyApplication;
  let client: Socket;
  let heard = '';

  beforeEach(async () => {
    app = await NestFactory.create<NestFastifyApplication>(SlowModule, httpAdapter(), { logger: false });
    endConnectionsOnClose(app);
    await app.listen(0, '127.0.0.1');
    const { port } = new URL(await app.getUrl());
    client = connect(Number.parseInt(port, 10), '127.0.0.1');
    heard = '';
    client.on('data', (part) => (heard += part.toString()));
    await once(client, 'connect');
  });
  afterEach(() => void client.destroy());

  const server = (): Server => app.getHttpServer();
  const ask = (path: string): boolean => client.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);

  it('waits for the answer under way and no longer', async () => {
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const ended = once(client, 'close');
    ask('/slow');
    await arrived;
    const closed = app.close();
    await eventually(() => expect(server().listening).toBe(false));
    answer();
    await Promise.all([closed, ended]);
    expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]+\r\n\r\ndone$/);
  }, 5_000);

  it('waits for nobody who has been answered', async () => {
    ask('/quick');
    await once(client, 'data');
    await app.close();
  }, 5_000);

  it('waits for nobody who never asked', async () => {
    await app.close();
  }, 5_000);
});
