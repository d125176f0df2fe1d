import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ConfigRefused } from '../config-refused.js';
import { readApartConfig } from './config.js';

const enough = {
  MANGNON_DATABASE_URL: 'postgresql://mangnon@db.example/mangnon',
  MANGNON_VAULT_URL: 'postgresql://mangnon@db.example/vault',
  KAFKA_BROKERS: 'kafka.example:9092',
};

function faultsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readApartConfig(3003, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigRefused) return error.faults;
    throw error;
  }
}

describe('the settings of a service that runs by itself', () => {
  it('need the databases and the brokers, and have a usual value for everything else', () => {
    expect(readApartConfig(3003, enough)).toMatchObject({
      host: '127.0.0.1',
      port: 3003,
      databaseUrl: enough.MANGNON_DATABASE_URL,
      vaultUrl: enough.MANGNON_VAULT_URL,
      kafka: { brokers: ['kafka.example:9092'] },
    });
    expect(faultsOf({ ...enough, KAFKA_BROKERS: '' })).toEqual([
      'KAFKA_BROKERS is needed where each service runs by itself',
    ]);
    expect(faultsOf({ KAFKA_BROKERS: 'no address' }).map((fault) => fault.split(' ', 1)[0])).toEqual([
      'MANGNON_DATABASE_URL',
      'MANGNON_VAULT_URL',
      'KAFKA_BROKERS',
    ]);
  });

  it.each([
    { MANGNON_MESSAGING: 'direct' },
    { MANGNON_MESSAGING: 'direct', MANGNON_EVENT_STORE: 'kurrentdb', EVENTSTORE_URL: 'esdb://store.example' },
  ])('refuse %j with the list of what is supported', (engines) => {
    expect(faultsOf({ ...enough, ...engines })).toEqual([
      expect.stringContaining('supported: postgres with kafka, kurrentdb with kafka'),
    ]);
  });

  it('say where KurrentDB is, where events are kept there', () => {
    const kurrentDb = { ...enough, MANGNON_EVENT_STORE: 'kurrentdb' };
    expect(faultsOf(kurrentDb)).toEqual(['EVENTSTORE_URL is needed where MANGNON_EVENT_STORE is kurrentdb']);
    const at = { EVENTSTORE_URL: 'esdb://store.example:2113', EVENTSTORE_NAMESPACE: 'son-la.' };
    expect(readApartConfig(3003, { ...kurrentDb, ...at }).eventStore).toEqual({
      url: 'esdb://store.example:2113',
      namespace: 'son-la.',
    });
    expect(readApartConfig(3003, { ...enough, ...at }).eventStore).toBeUndefined();
  });

  it("take the password of the databases' user from a file, whatever is in it", () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangnon-config-'));
    const file = join(folder, 'mangnon_ledger');
    const withFile = { ...enough, MANGNON_DATABASE_PASSWORD_FILE: file };
    expect(faultsOf(withFile)).toEqual([
      `MANGNON_DATABASE_PASSWORD_FILE names the file ${file}, which cannot be read`,
    ]);
    writeFileSync(file, '\n');
    expect(faultsOf(withFile)).toEqual([
      `MANGNON_DATABASE_PASSWORD_FILE names the file ${file}, which is empty`,
    ]);
    writeFileSync(file, 'p@ss/%20:word\n');
    const { databaseUrl, vaultUrl } = readApartConfig(3003, withFile);
    expect(databaseUrl).toBe('postgresql://mangnon:p%40ss%2F%2520%3Aword@db.example/mangnon');
    expect(decodeURIComponent(new URL(vaultUrl).password)).toBe('p@ss/%20:word');
    rmSync(folder, { recursive: true });
  });

  it('refuse an address of KurrentDB with a file of an authority that is not there', () => {
    const kurrentDb = { ...enough, MANGNON_EVENT_STORE: 'kurrentdb' };
    const at = (file: string) => ({
      ...kurrentDb,
      EVENTSTORE_URL: `esdb://m:p@a:2113?tls=true&tlsCaFile=${file}`,
    });
    expect(faultsOf(at('/nowhere/ca.pem'))).toEqual([
      'EVENTSTORE_URL names a file as tlsCaFile that cannot be read',
    ]);
    expect(faultsOf(at(fileURLToPath(import.meta.url)))).toEqual([]);
  });

  it('put the password of a file into the address of KurrentDB, whose hosts may be many', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mangnon-config-'));
    const file = join(folder, 'kurrentdb');
    writeFileSync(file, 'p/w:@1\n');
    const url = 'esdb+discover://mangnon@one:2113,two:2113?tls=true';
    const given = { ...enough, MANGNON_EVENT_STORE: 'kurrentdb', EVENTSTORE_PASSWORD_FILE: file };
    expect(readApartConfig(3003, { ...given, EVENTSTORE_URL: url }).eventStore?.url).toBe(
      'esdb+discover://mangnon:p%2Fw%3A%401@one:2113,two:2113?tls=true',
    );
    const fault = ['EVENTSTORE_PASSWORD_FILE needs an EVENTSTORE_URL with a user and no password'];
    expect(faultsOf({ ...given, EVENTSTORE_URL: 'esdb://one:2113' })).toEqual(fault);
    expect(faultsOf({ ...given, EVENTSTORE_URL: 'esdb://user:word@one:2113' })).toEqual(fault);
    rmSync(folder, { recursive: true });
  });

  it('take no fail-point in production', () => {
    const armed = { ...enough, MANGNON_FAIL_POINT: 'donation-posted:after', NODE_ENV: 'production' };
    expect(faultsOf(armed)).toEqual([expect.stringMatching(/^MANGNON_FAIL_POINT is for tests alone/)]);
  });
});
