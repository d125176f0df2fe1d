import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeHost } from '#platform/certificates/certificates.js';
import { newEvent, wholeStream } from '#testing/events.js';
import { ProtocolServer } from '#testing/eventstoredb-protocol/protocol-server.js';
import { KurrentDbEventStore } from './kurrentdb-event-store.js';
import { storeTrouble } from './store-trouble.js';

describe('KurrentDB by TLS', () => {
  let server: ProtocolServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mangnon-tls-'));
    const authority = makeAuthority('the right one');
    writeFileSync(join(folder, 'right.pem'), authority.certPem);
    writeFileSync(join(folder, 'wrong.pem'), makeAuthority('the wrong one').certPem);
    server = await ProtocolServer.start(undefined, makeHost(authority, ['localhost', '127.0.0.1']));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function openBy(caFile: string): Promise<KurrentDbEventStore> {
    const address = server.url.replace('esdb://', 'esdb://mangnon:a%40b@');
    return new KurrentDbEventStore({
      url: `${address}&tlsCaFile=${join(folder, caFile)}`,
      deadlineMs: 5_000,
    });
  }

  it('is believed where its certificate is by the authority that is given', async () => {
    const store = await openBy('right.pem');
    await store.append('fund-1', [newEvent('FundOpened', { code: 'LS' })], 'no_stream');
    expect(await wholeStream(store, 'fund-1')).toMatchObject([{ type: 'FundOpened', data: { code: 'LS' } }]);
    await store.close();
  });

  it('is told nothing where its certificate is by another, and one sentence says why', async () => {
    const store = await openBy('wrong.pem');
    await expect(store.append('fund-2', [newEvent('FundOpened', {})], 'no_stream')).rejects.toThrow();
    const why = await store.head().catch(storeTrouble);
    expect(why).toMatchObject({ kind: 'certificate', sentence: expect.stringContaining('see tlsCaFile') });
    await store.close();
  });
});
