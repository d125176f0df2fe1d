import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeHost } from './certificates.js';

const from = new Date('2026-02-03T04:05:06Z');
const authority = makeAuthority('Măng Non', { from });
const host = makeHost(authority, ['kafka', 'localhost', '127.0.0.1'], { from });

/** Speaks TLS as a client that trusts one authority alone; resolves to what went wrong, if anything. */
async function handshake(served: typeof host, ca: string, servername: string): Promise<string | undefined> {
  const server = createServer({ cert: served.certPem, key: served.keyPem });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fault = await new Promise<string | undefined>((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca, servername }, () => resolve(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('secureConnect', () => socket.end());
  });
  await new Promise((resolve) => server.close(resolve));
  return fault;
}

describe('a certificate', () => {
  it('of a host is signed by its authority, for its names and purposes, from its day on', () => {
    const [above, own] = [new X509Certificate(authority.certPem), new X509Certificate(host.certPem)];
    expect([above.ca, own.ca]).toEqual([true, false]);
    expect([above.subject, above.issuer, own.issuer, own.subject]).toEqual([
      ...['CN=Măng Non', 'CN=Măng Non', 'CN=Măng Non', 'CN=kafka'],
    ]);
    expect([own.verify(above.publicKey), above.verify(above.publicKey), own.checkIssued(above)]).toEqual([
      ...[true, true, true],
    ]);
    expect(own.subjectAltName).toBe('DNS:kafka, DNS:localhost, IP Address:127.0.0.1');
    expect(own.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect([own.validFrom, own.validTo]).toEqual(['Feb  3 04:00:06 2026 GMT', 'May  8 04:05:06 2028 GMT']);
    expect(above.validTo).toBe('Feb  1 04:05:06 2036 GMT');
    expect(own.checkPrivateKey(createPrivateKey(host.keyPem))).toBe(true);
    expect(own.serialNumber).not.toBe(above.serialNumber);
  });

  it('may end after 2049, where dates are written otherwise', () => {
    const late = new X509Certificate(
      makeAuthority('Late', { from: new Date('2045-01-01T00:00:00Z') }).certPem,
    );
    expect([late.validFrom, late.validTo]).toEqual(['Dec 31 23:55:00 2044 GMT', 'Dec 30 00:00:00 2054 GMT']);
  });

  it('is believed in a handshake under each of its names, by those who trust its authority alone', async () => {
    const served = makeHost(makeAuthority('Now'), ['kafka', '127.0.0.1']);
    const now = makeAuthority('Now');
    const good = makeHost(now, ['kafka', 'localhost']);
    expect(await handshake(good, now.certPem, 'kafka')).toBeUndefined();
    expect(await handshake(good, now.certPem, 'localhost')).toBeUndefined();
    expect(await handshake(good, now.certPem, 'postgres')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(served, now.certPem, 'kafka')).not.toBeUndefined();
    const over = makeHost(now, ['kafka'], { from: new Date('2020-01-01T00:00:00Z'), keyPem: good.keyPem });
    expect(over.keyPem).toBe(good.keyPem);
    expect(await handshake(over, now.certPem, 'kafka')).toBe('CERT_HAS_EXPIRED');
  });

  it('speaks for no IPv6 address', () => {
    expect(() => makeHost(authority, ['::1'])).toThrow('certify a name for it');
  });
});
