import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGatewayConfig } from '#apps/gateway/src/config.js';
import { readReceiptsConfig } from '#apps/receipts/src/config.js';
import { runCli } from '#apps/cli/src/run.js';
import { readApartConfig } from '#platform/apart/config.js';
import { interpolate, mountSecrets, readCompose, type ComposeService } from './compose-file.js';
import { holdsSecret, keysOf, knownSettings, processNames } from './known.js';

const compose = readCompose();
const all = Object.entries(compose.services);
const ours = all.filter(([, { image }]) => image.startsWith('mangnon:'));
const runs = (name: string): ComposeService => compose.services[name]!;

describe('the secrets of docker-compose.yml', () => {
  const here = mkdtempSync(join(tmpdir(), 'mangnon-compose-'));
  const secrets = join(here, 'secrets');
  afterAll(() => rmSync(here, { recursive: true }));
  beforeAll(async () => {
    const quiet = (): void => undefined;
    const exit = await runCli(['init', '--to', secrets], {
      streams: { out: quiet, err: quiet, isScreen: false },
      environment: {},
      ...{ pour: async () => undefined, ask: async () => undefined, readInput: async () => '' },
    });
    expect(exit).toBe(0);
  });

  /** What a container of ours finds in its environment, with its secrets where they are here. */
  const environmentOf = (name: string, given: Readonly<Record<string, string>> = {}) => {
    const mounted = join(here, `${name}-${Object.values(given).join()}`);
    mountSecrets(compose, runs(name), secrets, mounted);
    return Object.fromEntries(
      Object.entries(runs(name).environment).map(([key, value]) => [
        key,
        interpolate(value, given).replaceAll('/run/secrets', mounted),
      ]),
    );
  };

  it('stand in no variable, but as names of files', () => {
    for (const [, { environment }] of all)
      expect(Object.entries(environment).filter(([name, value]) => holdsSecret(name, value))).toEqual([]);
    expect(holdsSecret('EVENTSTORE_URL', 'esdb://admin:changeit@kurrentdb:2113')).toBe(true);
  });

  it('are all made by mangnon init, and all used', () => {
    for (const [name] of all) environmentOf(name);
    const used = new Set(all.flatMap(([, service]) => service.secrets ?? []).map(({ source }) => source));
    expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('of one service are given to no other', () => {
    for (const name of processNames) {
      const foreign = processNames.filter((other) => other !== name).join('|');
      const given = runs(name).secrets?.map(({ source }) => source) ?? [];
      const others = new RegExp(`^(postgres|kafka)-(${foreign}|superuser|migrator|auditor|admin)$`);
      expect([name, given.filter((source) => others.test(source))]).toEqual([name, []]);
      expect([name, given.includes('gateway-signing')]).toEqual([name, name === 'gateway']);
    }
  });

  it.each(processNames)('give %s the keys of its own rooms of the vault alone', (name) => {
    const targets = runs(name).secrets?.map(({ target }) => target) ?? [];
    expect(targets.filter((target) => target.endsWith('.key')).sort()).toEqual(keysOf(name));
  });

  it.each(ours.map(([name]) => name))('and settings of %s are known ones', (name) => {
    expect(Object.keys(runs(name).environment).filter((variable) => !knownSettings.has(variable))).toEqual(
      [],
    );
  });

  it.each(processNames.filter((name) => name !== 'gateway'))('let %s be set up, on either store', (name) => {
    const config = readApartConfig(3000, environmentOf(name));
    expect(config.kafka).toMatchObject({
      brokers: ['kafka:9092'],
      ssl: { ca: expect.stringContaining('BEGIN CERTIFICATE') },
      sasl: { mechanism: 'scram-sha-512', username: name, password: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(config.databaseUrl).toMatch(
      new RegExp(`^postgresql://mangnon_${name}:[\\w-]{43}@postgres/mangnon$`),
    );
    expect(config.vaultUrl).toMatch(new RegExp(`^postgresql://mangnon_${name}:[\\w-]{43}@postgres/vault$`));
    expect(config.eventStore?.url).toMatch(/^esdb:\/\/admin:[\w-]{43}@kurrentdb:2113\?tls=true/);
    expect(config.trustedProxies).toEqual([subnet()]);
    const onPostgres = readApartConfig(3000, environmentOf(name, { MANGNON_EVENT_STORE: 'postgres' }));
    expect(onPostgres.eventStore).toBeUndefined();
  });

  it('let the gateway find every service, and receipts its mail', () => {
    const { services } = readGatewayConfig(environmentOf('gateway'));
    for (const [name, url] of Object.entries(services)) expect(url).toBe(`http://${name}:3000`);
    expect(readReceiptsConfig(environmentOf('receipts')).smtpUrl).toBe('smtp://mailpit:1025');
  });

  const subnet = (): string => interpolate(compose.networks['inside']?.ipam?.config[0]?.subnet ?? '', {});

  const client = spawnSync('docker', ['compose', 'version']).status === 0;
  (client ? it : it.skip)('are found by docker compose config', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      env: { ...process.env, MANGNON_USER: '1000:1000', MANGNON_SECRETS: secrets },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
