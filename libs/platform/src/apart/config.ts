import { resolve } from 'node:path';
import { z } from 'zod';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { kafkaConfigOf, kafkaVariables, type KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { ConfigRefused } from '../config-refused.js';
import { faultOfEngines, messagings } from '../engines.js';
import type { Arming, FailPoint } from '../fail-points.js';
import {
  failPoint,
  faultsOf,
  folder,
  givenIn,
  proxies,
  secretFile,
  seconds,
  wholePort,
  withPassword,
  drainSeconds,
} from '../settings.js';
import { checkEventStore, eventStoreOf, eventStoreVariables } from './event-store.config.js';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'is not an address such as postgresql://user@host/database',
});

const variables = z
  .object({
    /**
     * Address that a service run by itself listens on.
     * @default `127.0.0.1`
     * @example `0.0.0.0`
     */
    HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
    /**
     * Port of a service run by itself; 0 takes any free one.
     * @default 3000 gateway, 3001 access, 3002 donations, 3003 ledger, 3004 receipts
     * @example `3000`
     */
    PORT: wholePort.optional(),
    /**
     * Where the gateway is, whose word for the client's address is taken.
     * @default `127.0.0.1, ::1`
     * @example `10.0.0.0/8`
     */
    TRUSTED_PROXIES: proxies.default(['127.0.0.1', '::1']),
    ...eventStoreVariables.shape,
    /**
     * What carries messages between services: `kafka` where each runs by itself, `direct` in one process.
     * @default `kafka`, and `direct` in one process
     * @example `kafka`
     */
    MANGNON_MESSAGING: z.enum(messagings, 'is neither direct nor kafka').default('kafka'),
    /**
     * PostgreSQL of the events and read models, as the service's own user.
     * @default none: it must be set
     * @example `postgresql://mangnon_ledger@db.example/mangnon`
     */
    MANGNON_DATABASE_URL: postgresUrl,
    /**
     * PostgreSQL of the vault, another database.
     * @default none: it must be set
     * @example `postgresql://mangnon_ledger@db.example/vault`
     */
    MANGNON_VAULT_URL: postgresUrl,
    /**
     * File with the password of the user in both addresses, so that it need not stand in them.
     * @default none: the addresses as they are
     * @example `/run/secrets/mangnon_ledger`
     */
    MANGNON_DATABASE_PASSWORD_FILE: secretFile.optional(),
    /**
     * Folder of the keys: those of the rooms of the vault that the service enters (`<room>.key`, see
     * [PostgreSQL users](../how-to/database-users.md)), `digest.key`, and in `public` those by which it knows the gateway
     * ([secure the wires](../how-to/secure-the-wires.md)).
     * @default `.mangnon-keys` in the folder it is started in
     * @example `/etc/mangnon/keys`
     */
    MANGNON_KEYS_DIR: folder.default(() => resolve('.mangnon-keys')),
    /**
     * Seconds that a donation may wait to be posted before no further ones are taken (503 `http/behind`).
     * @default `60`
     * @example `300`
     */
    POSTING_LAG_SECONDS_MAX: seconds.optional(),
    /**
     * Seconds, at most 300, that a process goes on answering after SIGTERM, not ready any more, so that nobody sends it anything when it
     * stops; where nobody else takes over it only waits.
     * @default none: it stops at once
     * @example `10`
     */
    DRAIN_SECONDS: drainSeconds.optional(),
    /**
     * For tests alone, see [faults](../explanation/faults.md).
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
    const fault = faultOfEngines({ eventStore, messaging }, 'apart');
    if (fault !== undefined) check.addIssue(fault);
  })
  .superRefine(checkEventStore)
  .refine(({ MANGNON_FAIL_POINT, NODE_ENV }) => !MANGNON_FAIL_POINT || NODE_ENV !== 'production', {
    path: ['MANGNON_FAIL_POINT'],
    error: 'is for tests alone: it kills this process, and is refused where NODE_ENV is production',
  });

/** How a service that runs by itself is set up. */
export interface ApartConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses and networks (CIDR) of the gateway. */
  readonly trustedProxies: readonly string[];
  /** KurrentDB, where events are kept there; in PostgreSQL when absent. */
  readonly eventStore?: KurrentDbAddress;
  readonly kafka: KafkaConfig;
  readonly databaseUrl: string;
  readonly vaultUrl: string;
  /** Absolute. */
  readonly keysDirectory: string;
  /** In milliseconds; platform's when absent. */
  readonly postingLagMsMax?: number;
  /** How long it goes on answering after SIGTERM, in milliseconds; not at all when absent. */
  readonly drainMs?: number;
  /** Where the process is to die, in tests alone. */
  readonly failPoint?: FailPoint | Arming;
}

/** Reads the environment of a service that runs by itself; throws {@link ConfigRefused} with every fault there is. */
export function readApartConfig(
  defaultPort: number,
  environment: NodeJS.ProcessEnv = process.env,
): ApartConfig {
  const given = givenIn(environment);
  const own = variables.safeParse(given);
  const kafka = kafkaVariables.safeParse(given);
  if (!own.success || !kafka.success)
    throw new ConfigRefused([...faultsOf(own.error), ...faultsOf(kafka.error)]);
  const brokers = kafkaConfigOf(kafka.data);
  if (!brokers) throw new ConfigRefused(['KAFKA_BROKERS is needed where each service runs by itself']);
  return { ...configOf(own.data, defaultPort), kafka: brokers };
}

function configOf(data: z.infer<typeof variables>, defaultPort: number): Omit<ApartConfig, 'kafka'> {
  const eventStore = eventStoreOf(data);
  const { POSTING_LAG_SECONDS_MAX: lagSecondsMax, DRAIN_SECONDS: drainSeconds, MANGNON_FAIL_POINT } = data;
  const { MANGNON_DATABASE_PASSWORD_FILE: password } = data;
  return {
    host: data.HOST,
    port: data.PORT ?? defaultPort,
    trustedProxies: data.TRUSTED_PROXIES,
    ...(eventStore && { eventStore }),
    databaseUrl: withPassword(data.MANGNON_DATABASE_URL, password),
    vaultUrl: withPassword(data.MANGNON_VAULT_URL, password),
    keysDirectory: data.MANGNON_KEYS_DIR,
    ...(lagSecondsMax && { postingLagMsMax: lagSecondsMax * 1_000 }),
    ...(drainSeconds && { drainMs: drainSeconds * 1_000 }),
    ...(MANGNON_FAIL_POINT && { failPoint: MANGNON_FAIL_POINT }),
  };
}
