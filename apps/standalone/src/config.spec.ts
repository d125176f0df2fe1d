import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { ConfigRefused } from '#platform/config-refused.js';
import { readConfig } from './config.js';

function faultsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigRefused) return error.faults;
    throw error;
  }
}

describe('the settings of the default run', () => {
  it('are those of a machine that nobody set up', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      trustedProxies: [],
      dataDirectory: resolve('.mangnon'),
      keysDirectory: resolve('.mangnon-keys'),
      language: 'en',
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', HOST: '' })).toMatchObject({ host: '127.0.0.1', port: 3000 });
  });

  it('speak the language of the locale, whose variables come in the order of POSIX', () => {
    expect(readConfig({ LANG: 'vi_VN.UTF-8' }).language).toBe('vi');
    expect(readConfig({ LANG: 'vi_VN.UTF-8', LC_ALL: 'en_GB.UTF-8' }).language).toBe('en');
  });

  it.each(['abc', '-1', '65536', '3000.5', ' 80'])('refuse the port %j', (PORT) => {
    expect(faultsOf({ PORT })).toEqual(['PORT is not a number from 0 to 65535']);
  });

  it('take a limit to how long a donation waits to be posted, in whole seconds', () => {
    expect(readConfig({ POSTING_LAG_SECONDS_MAX: '300' }).postingLagMsMax).toBe(300_000);
    for (const wrong of ['0', '-1', '1.5', '100000', 'a minute'])
      expect(faultsOf({ POSTING_LAG_SECONDS_MAX: wrong })).toEqual([
        'POSTING_LAG_SECONDS_MAX is not a number of seconds from 1 to 99999',
      ]);
  });

  it('take proxies by address and by network, with commas between', () => {
    const TRUSTED_PROXIES = '127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32';
    expect(readConfig({ TRUSTED_PROXIES }).trustedProxies).toEqual([
      '127.0.0.1',
      '10.0.0.0/8',
      '::1',
      '2001:db8::/32',
    ]);
  });

  it.each([
    'proxy.example',
    'true',
    '*',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.1:80',
    ',',
  ])('refuse the proxy %j', (part) => {
    const faults = faultsOf({ TRUSTED_PROXIES: `127.0.0.1,${part}` });
    expect(faults[0]).toMatch(/^TRUSTED_PROXIES holds ".*", which is no address or network/);
  });

  it('take a fail-point by name, anywhere but in production', () => {
    const MANGNON_FAIL_POINT = 'donation-posted:after:3';
    expect(readConfig({ MANGNON_FAIL_POINT }).failPoint).toEqual({ name: 'donation-posted:after', nth: 3 });
    expect(readConfig({}).failPoint).toBeUndefined();
    expect(faultsOf({ MANGNON_FAIL_POINT: 'donation-posted' })).toEqual([
      expect.stringMatching(/^MANGNON_FAIL_POINT names no fail-point/),
    ]);
    expect(faultsOf({ MANGNON_FAIL_POINT, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^MANGNON_FAIL_POINT is for tests alone/),
    ]);
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([]);
  });

  it('keep the keys out of the data directory, and so out of its copies', () => {
    const inside = { MANGNON_DATA_DIR: '/srv/data', MANGNON_KEYS_DIR: '/srv/data/../data/keys' };
    expect(faultsOf(inside)).toEqual([expect.stringMatching(/^MANGNON_KEYS_DIR lies inside/)]);
    expect(faultsOf({ MANGNON_DATA_DIR: '/srv/data', MANGNON_KEYS_DIR: '/srv/data-keys' })).toEqual([]);
  });

  it('runs on PostgreSQL within one process, and refuses other engines with the list', () => {
    for (const other of [{ MANGNON_EVENT_STORE: 'kurrentdb' }, { MANGNON_MESSAGING: 'kafka' }])
      expect(() => readConfig(other)).toThrow('supported: postgres with direct');
  });
});
