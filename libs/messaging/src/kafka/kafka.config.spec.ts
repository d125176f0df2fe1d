import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaConfigOf, kafkaVariables } from './kafka.config.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-kafka-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(given: Readonly<Record<string, string>>): readonly string[] {
  const { error } = kafkaVariables.safeParse(given);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

const configOf = (given: Readonly<Record<string, string>>) => kafkaConfigOf(kafkaVariables.parse(given));

describe('how a process reaches Kafka', () => {
  it('is not at all where no brokers are named', () => {
    expect(configOf({})).toBeUndefined();
  });

  it('is plain text without signing in, unless it is told otherwise', () => {
    expect(configOf({ KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093' })).toEqual({
      brokers: ['kafka-1:9092', '[::1]:9093'],
      clientId: 'mangnon',
    });
  });

  it('is TLS with the files that are named, and a name and password', () => {
    const KAFKA_CA_FILE = new URL(import.meta.url).pathname;
    const secured = configOf({
      KAFKA_BROKERS: 'k:9092',
      KAFKA_CLIENT_ID: 'ledger-2',
      KAFKA_CA_FILE,
      KAFKA_SASL_USERNAME: 'ledger',
      KAFKA_SASL_PASSWORD: 'secret',
    });
    expect(secured).toMatchObject({
      clientId: 'ledger-2',
      ssl: { ca: expect.stringContaining('describe(') },
      sasl: { mechanism: 'scram-sha-512', username: 'ledger', password: 'secret' },
    });
    expect(configOf({ KAFKA_BROKERS: 'k:9092', KAFKA_TLS: 'true' })?.ssl).toEqual({});
    expect(configOf({ KAFKA_BROKERS: 'k:9092', KAFKA_SESSION_SECONDS: '6' })?.sessionMs).toBe(6_000);
  });

  it.each([
    ['KAFKA_BROKERS', 'kafka', 'holds no list of host:port with commas between'],
    ['KAFKA_BROKERS', 'k:1,,k:2', 'holds no list of host:port with commas between'],
    ['KAFKA_TLS', 'yes', 'is neither true nor false'],
    ['KAFKA_CA_FILE', '/nowhere.pem', 'names the file /nowhere.pem, which cannot be read'],
    ['KAFKA_SESSION_SECONDS', '1', 'is not a number of seconds from 2 to 300'],
    ['KAFKA_SESSION_SECONDS', '6 s', 'is not a number of seconds from 2 to 300'],
    ['KAFKA_SASL_MECHANISM', 'gssapi', 'is none of plain, scram-sha-256, scram-sha-512'],
  ])('refuses %s=%s', (name, value, fault) => {
    expect(faultsOf({ [name]: value })).toEqual([`${name} ${fault}`]);
  });

  it('has its password in a file of its own, where it is given one', () => {
    const [KAFKA_SASL_PASSWORD_FILE, empty] = [join(folder, 'ledger'), join(folder, 'empty')];
    writeFileSync(KAFKA_SASL_PASSWORD_FILE, 'from the file\n');
    writeFileSync(empty, '\n');
    const named = { KAFKA_BROKERS: 'k:9092', KAFKA_TLS: 'true', KAFKA_SASL_USERNAME: 'ledger' };
    expect(configOf({ ...named, KAFKA_SASL_PASSWORD_FILE })?.sasl?.password).toBe('from the file');
    expect(faultsOf({ ...named, KAFKA_SASL_PASSWORD_FILE: empty })).toEqual([
      'KAFKA_SASL_PASSWORD_FILE names a file that is empty',
    ]);
    expect(faultsOf({ ...named, KAFKA_SASL_PASSWORD_FILE, KAFKA_SASL_PASSWORD: 'x' })).toEqual([
      'KAFKA_SASL_PASSWORD_FILE and KAFKA_SASL_PASSWORD are two passwords: give one of them',
    ]);
  });

  it.each([
    ['127.0.0.1:9092', true],
    ['localhost:9092,[::1]:9092', true],
    ['kafka-1:9092', false],
    ['127.0.0.1:9092,kafka-1:9092', false],
    ['10.0.0.7:9092', false],
    ['127.0.0.1.example:9092', false],
    ['localhost.example:9092', false],
    ['[::]:9092', false],
  ])('signs in at %s in plain text: %s', (KAFKA_BROKERS, isTaken) => {
    const signingIn = { KAFKA_BROKERS, KAFKA_SASL_USERNAME: 'ledger', KAFKA_SASL_PASSWORD: 'secret' };
    const fault =
      'KAFKA_SASL_USERNAME signs in to brokers elsewhere in plain text, where anybody on the way reads what it sends: give KAFKA_CA_FILE, or KAFKA_TLS=true where this machine knows their authority';
    expect(faultsOf(signingIn)).toEqual(isTaken ? [] : [fault]);
    expect(faultsOf({ ...signingIn, KAFKA_TLS: 'true' })).toEqual([]);
  });

  it('takes name and password together alone', () => {
    expect(faultsOf({ KAFKA_SASL_USERNAME: 'ledger' })).toEqual([
      'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE (or KAFKA_SASL_PASSWORD) are given together or not at all',
    ]);
  });
});
