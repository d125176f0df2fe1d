import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#platform/clock.js';
import { keysWithin } from '#platform/keys/key-pairs.js';
import { eventually } from '#testing/eventually.js';
import { Upstreams, type Upstream } from './upstreams.js';

type Paths = Readonly<Record<string, object>>;
const answered = { get: { security: [{ bearer: [] }] } };

describe('what services tell of their routes', () => {
  const told = new Map<string, Paths>();
  const troubles: string[] = [];
  const servers: Server[] = [];
  let upstreams: Upstreams;

  async function serviceNamed(name: string): Promise<Upstream> {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ document: { paths: told.get(name) }, problems: {} }));
    });
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  beforeEach(async () => {
    told.set('donations', { '/v1/donations/{id}': answered, '/v1/admin/status': answered });
    told.set('receipts', { '/v1/receipts': answered, '/v1/donations/{id}': answered });
    upstreams = new Upstreams({
      upstreams: [await serviceNamed('receipts'), await serviceNamed('donations')],
      signer: keysWithin([]).signer,
      clock: systemClock,
      onTrouble: (where, cause) => troubles.push(`${where}: ${String(cause)}`),
    });
    upstreams.start();
  });
  afterEach(async () => {
    await upstreams.stop();
    for (const server of servers.splice(0)) server.close();
    troubles.splice(0);
  });
  const placeOf = (path: string): string | undefined => upstreams.find('GET', path)?.upstream.name;

  it('is refused as a whole where it is another’s, said once, and taken again once it is mended', async () => {
    await eventually(() => {
      expect(upstreams.refused.get('receipts')).toBe('describes what is not its own: /v1/donations/{id}');
      expect(upstreams.unknown).toEqual(['receipts']);
    });
    expect([placeOf('/v1/donations/1'), placeOf('/v1/receipts')]).toEqual(['donations', undefined]);
    expect(troubles).toEqual([
      'routes of receipts: Error: receipts describes what is not its own: /v1/donations/{id}',
    ]);
    told.set('receipts', { '/v1/receipts': answered });
    await eventually(() => expect(placeOf('/v1/receipts')).toBe('receipts'));
    expect([upstreams.refused.size, upstreams.unknown]).toEqual([0, []]);
  });

  it('hands on nothing of what every service has', async () => {
    await eventually(() => expect(placeOf('/v1/donations/1')).toBe('donations'));
    expect(placeOf('/v1/admin/status')).toBeUndefined();
    expect(upstreams.methodsAt('/v1/admin/status')).toEqual(['GET']);
  });
});
