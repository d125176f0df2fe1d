import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigRefused } from '#platform/config-refused.js';
import { languageOf, type Language } from '#platform/embedded-postgres/faults.js';
import type { Arming, FailPoint } from '#platform/fail-points.js';
import { eventStores, faultOfEngines, messagings } from '#platform/engines.js';
import { failPoint, folder, givenIn, lies, proxies, seconds, wholePort } from '#platform/settings.js';

const variables = z
  .object({
    /**
     * Address that it listens on; another than this machine's own opens it to the network.
     * @default `127.0.0.1`
     * @example `0.0.0.0`
     */
    HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
    /**
     * Port of the API and the pages; 0 takes any free one.
     * @default `3000`
     * @example `8080`
     */
    PORT: wholePort.default(3000),
    /**
     * Proxies in front whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: addresses and networks with commas
     * between. The first then tells whose attempts to sign in are counted, the second that cookies go by HTTPS alone.
     * @default none: these headers are ignored
     * @example `127.0.0.1, 10.0.0.0/8`
     */
    TRUSTED_PROXIES: proxies.default([]),
    /**
     * Seconds that a donation may wait to be posted before no further ones are taken (503 `http/behind`).
     * @default `60`
     * @example `300`
     */
    POSTING_LAG_SECONDS_MAX: seconds.optional(),
    /**
     * Folder of the databases; made at the first start.
     * @default `.mangnon` in the folder it is started in
     * @example `/var/lib/mangnon`
     */
    MANGNON_DATA_DIR: folder.default(() => resolve('.mangnon')),
    /**
     * Folder of the vault's master keys, never inside the data directory; without it no name can be read again.
     * @default `.mangnon-keys` in the folder it is started in
     * @example `/etc/mangnon/keys`
     */
    MANGNON_KEYS_DIR: folder.default(() => resolve('.mangnon-keys')),
    /**
     * Where events are kept; in one process `postgres` alone.
     * @default `postgres`
     * @example `postgres`
     */
    MANGNON_EVENT_STORE: z.enum(eventStores, 'is neither postgres nor kurrentdb').default('postgres'),
    /**
     * What carries messages between services; in one process `direct` alone.
     * @default `direct`
     * @example `direct`
     */
    MANGNON_MESSAGING: z.enum(messagings, 'is neither direct nor kafka').default('direct'),
    /**
     * For tests alone: the process kills itself at this place between two steps, the first time that it comes there or the
     * nth, see [faults](../explanation/faults.md); or at the place that this file names by then.
     * @default none
     * @example `donation-posted:after:3`
     */
    MANGNON_FAIL_POINT: failPoint.optional(),
    /**
     * With `production` no `MANGNON_FAIL_POINT` is taken.
     * @default none
     * @example `production`
     */
    NODE_ENV: z.string().optional(),
  })
  .superRefine(({ MANGNON_EVENT_STORE: eventStore, MANGNON_MESSAGING: messaging }, check) => {
    const fault = faultOfEngines({ eventStore, messaging }, 'together');
    if (fault !== undefined) check.addIssue(fault);
  })
  .refine(({ MANGNON_FAIL_POINT, NODE_ENV }) => !MANGNON_FAIL_POINT || NODE_ENV !== 'production', {
    path: ['MANGNON_FAIL_POINT'],
    error: 'is for tests alone: it kills this process, and is refused where NODE_ENV is production',
  })
  .refine(({ MANGNON_DATA_DIR, MANGNON_KEYS_DIR }) => !lies(MANGNON_KEYS_DIR, MANGNON_DATA_DIR), {
    path: ['MANGNON_KEYS_DIR'],
    error: 'lies inside MANGNON_DATA_DIR: whoever takes a copy of the data must not get the keys with it',
  });

/** How the default run is set up. */
export interface StandaloneConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses and networks (CIDR) of the proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
  /** How long a donation may wait to be posted before no further ones are taken, in milliseconds; platform's when absent. */
  readonly postingLagMsMax?: number;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Absolute, never inside the data directory: the vault's master keys. */
  readonly keysDirectory: string;
  /** Where the process is to die, in tests alone. */
  readonly failPoint?: FailPoint | Arming;
  /** What the console speaks. */
  readonly language: Language;
}

/** Reads the environment once. Throws {@link ConfigRefused} with every fault there is. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): StandaloneConfig {
  const given = givenIn(environment);
  const { success, data, error } = variables.safeParse(given);
  if (!success)
    throw new ConfigRefused(error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()));
  return {
    host: data.HOST,
    port: data.PORT,
    trustedProxies: data.TRUSTED_PROXIES,
    ...(data.POSTING_LAG_SECONDS_MAX && { postingLagMsMax: data.POSTING_LAG_SECONDS_MAX * 1_000 }),
    dataDirectory: data.MANGNON_DATA_DIR,
    keysDirectory: data.MANGNON_KEYS_DIR,
    ...(data.MANGNON_FAIL_POINT && { failPoint: data.MANGNON_FAIL_POINT }),
    language: consoleLanguage(environment),
  };
}

/** The language of the console, which is needed before the rest is known to be right. */
export function consoleLanguage(environment: NodeJS.ProcessEnv = process.env): Language {
  return languageOf(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG']);
}
