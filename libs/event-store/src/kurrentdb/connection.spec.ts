import { describe, expect, it } from '@jest/globals';
import { Connection } from './connection.js';

describe('a connection to KurrentDB', () => {
  it.each([
    'esdb://127.0.0.1:2113',
    'esdb+discover://eventstore.example:2113/?nodePreference=leader',
    'esdb://127.0.0.1:2113?tls=true',
    'esdb://127.0.0.1:2113?tls=false&TLS=true',
    'esdb://127.0.0.1:2113?tlsVerifyCert=false',
    'esdb://nobody@127.0.0.1:2113?Tls=true',
  ])('is not made with TLS and without a user, whose appends would share a stream: %s', (url) => {
    expect(() => Connection.to(url)).toThrow(RangeError);
  });

  it.each([
    'esdb://mangnon:a%40b@127.0.0.1:2113',
    'esdb+discover://mangnon:secret@127.0.0.1:2113?tls=true',
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://127.0.0.1:2113?nodePreference=leader&TLS=false',
  ])('is made where every append is a call of its own: %s', async (url) => {
    await expect(Connection.to(url).release()).resolves.toBeUndefined();
  });
});
