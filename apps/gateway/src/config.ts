import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigRefused } from '#platform/config-refused.js';
import { folder, givenIn, proxies, drainSeconds, wholePort } from '#platform/settings.js';

/** Without the slash at its end, to which paths are added. */
const serviceUrl = z
  .url({ protocol: /^https?$/, error: 'is not an address such as http://ledger:3000' })
  .transform((url) => url.replace(/\/+$/, ''));

const variables = z.object({
  /**
   * Address that the gateway listens on, where it runs by itself.
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
   * Proxies in front whose `X-Forwarded-*` headers are believed.
   * @default none: these headers are ignored
   * @example `127.0.0.1, 10.0.0.0/8`
   */
  TRUSTED_PROXIES: proxies.default([]),
  /**
   * Where the gateway finds the access service, where each service runs by itself.
   * @default `http://127.0.0.1:3001`
   * @example `http://access:3000`
   */
  ACCESS_URL: serviceUrl.default('http://127.0.0.1:3001'),
  /**
   * Where the gateway finds the donations service.
   * @default `http://127.0.0.1:3002`
   * @example `http://donations:3000`
   */
  DONATIONS_URL: serviceUrl.default('http://127.0.0.1:3002'),
  /**
   * Where the gateway finds the ledger.
   * @default `http://127.0.0.1:3003`
   * @example `http://ledger:3000`
   */
  LEDGER_URL: serviceUrl.default('http://127.0.0.1:3003'),
  /**
   * Where the gateway finds the receipts service.
   * @default `http://127.0.0.1:3004`
   * @example `http://receipts:3000`
   */
  RECEIPTS_URL: serviceUrl.default('http://127.0.0.1:3004'),
  /**
   * Seconds, at most 300, that a process goes on answering after SIGTERM, not ready any more, so that nobody sends it anything when it
   * stops; where nobody else takes over it only waits.
   * @default none: it stops at once
   * @example `10`
   */
  DRAIN_SECONDS: drainSeconds.optional(),
  /**
   * Folder of the gateway's own key and, in `public`, of its public one: see [keys](../how-to/secure-the-wires.md).
   * @default `.mangnon-keys` in the folder it is started in
   * @example `/etc/mangnon/keys`
   */
  MANGNON_KEYS_DIR: folder.default(() => resolve('.mangnon-keys')),
});

/** How the gateway is set up where it runs by itself. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly trustedProxies: readonly string[];
  /** Where each service is, without a slash at the end. */
  readonly services: Readonly<Record<'access' | 'donations' | 'ledger' | 'receipts', string>>;
  /** Absolute. */
  readonly keysDirectory: string;
  /** How long it goes on answering after SIGTERM, in milliseconds; not at all when absent. */
  readonly drainMs?: number;
}

/** Reads the environment once; throws {@link ConfigRefused} with every fault there is. */
export function readGatewayConfig(environment: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const given = givenIn(environment);
  const { success, data, error } = variables.safeParse(given);
  if (!success)
    throw new ConfigRefused(error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  return {
    host: data.HOST,
    port: data.PORT,
    trustedProxies: data.TRUSTED_PROXIES,
    services: {
      access: data.ACCESS_URL,
      donations: data.DONATIONS_URL,
      ledger: data.LEDGER_URL,
      receipts: data.RECEIPTS_URL,
    },
    keysDirectory: data.MANGNON_KEYS_DIR,
    ...(data.DRAIN_SECONDS && { drainMs: data.DRAIN_SECONDS * 1_000 }),
  };
}
