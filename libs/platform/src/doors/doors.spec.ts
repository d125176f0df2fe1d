import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { DomainRefusal } from '#kernel/refusal.js';
import { systemClock } from '../clock.js';
import { httpAdapter } from '../http/adapter.js';
import { configureHttp } from '../http/configure-http.js';
import { keysWithin, type KnownKeys, type Signer } from '../keys/key-pairs.js';
import { CLOCK, KNOWN_KEYS } from '../tokens.js';
import { DoorsModule } from './doors.module.js';
import { remoteDoor } from './remote-door.js';
import { serviceHeader, signService } from './service-token.js';

interface Cellar {
  fetch(what: string): Promise<string>;
}

const CELLAR = Symbol('Cellar');
const door = { name: 'cellar', calls: { fetch: z.tuple([z.string()]) } };
const [gatewayKeys, receiptsKeys] = [keysWithin([]), keysWithin([])];
const gateway = gatewayKeys.signer;
const receipts: Signer = { ...receiptsKeys.signer, name: 'receipts' };
const publicKeys = new Map([
  ['gateway', gatewayKeys.known.of('gateway')],
  ['receipts', receiptsKeys.known.of('gateway')],
]);
const known: KnownKeys = { own: ['access'], of: (name) => publicKeys.get(name) ?? [] };

const cellar: Cellar = {
  fetch: async (what) => {
    if (what === 'wine') throw new DomainRefusal('cellar/locked');
    return `a jar of ${what}`;
  },
};

const providers = [
  { provide: CELLAR, useValue: cellar },
  { provide: CLOCK, useValue: systemClock },
  { provide: KNOWN_KEYS, useValue: known },
];

@Module({})
class CellarModule {}

@Module({
  imports: [
    { module: CellarModule, global: true, providers, exports: providers },
    DoorsModule.with([
      { ...door, token: CELLAR, askedBy: ['gateway'] },
      { ...door, name: 'attic', token: CELLAR, askedBy: ['receipts'] },
    ]),
  ],
})
class HouseModule {}

describe('the doors of a service', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    const options = { bodyParser: false, logger: ['error' as const] };
    app = await NestFactory.create<NestFastifyApplication>(HouseModule, httpAdapter(), options);
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const asked = (name: string, signer: Signer): Cellar =>
    remoteDoor<Cellar>({ ...door, name }, { url, signer, clock: systemClock });

  it('answer the services that they name, with refusals as they are', async () => {
    expect(await asked('cellar', gateway).fetch('honey')).toBe('a jar of honey');
    expect(await asked('attic', receipts).fetch('honey')).toBe('a jar of honey');
    await expect(asked('cellar', gateway).fetch('wine')).rejects.toMatchObject({ code: 'cellar/locked' });
  });

  it('stay shut for a service that they do not name, however well it is known', async () => {
    await expect(asked('cellar', receipts).fetch('honey')).rejects.toThrow('with 401');
    await expect(asked('attic', gateway).fetch('honey')).rejects.toThrow('with 401');
  });

  it('say by how much clocks may differ to a service whose own is wrong', async () => {
    const signer = gateway;
    const slow = remoteDoor<Cellar>(door, { url, signer, clock: { now: () => new Date(0) } });
    await expect(slow.fetch('honey')).rejects.toThrow(
      /^cellar answers fetch with 401: its clock shows 20\S+ where ours has signed at 1970-01-01T00:00:00.000Z; they may differ by 2 s$/,
    );
  });

  it('stay shut for who repeats what another has asked', async () => {
    const signed = { door: 'cellar', call: 'fetch', given: ['honey'] };
    const token = await signService(gateway, signed, new Date());
    const headers = { 'Content-Type': 'application/json', [serviceHeader]: token };
    const ask = async (body: string, name = 'cellar'): Promise<number> =>
      (await fetch(`${url}/internal/doors/${name}/fetch`, { method: 'POST', headers, body })).status;
    expect(await ask('["wine"]')).toBe(401);
    expect(await ask('["honey"]', 'attic')).toBe(401);
    expect(await ask('["honey"]')).toBe(200);
    expect(await ask('["honey"]')).toBe(401);
  });
});
