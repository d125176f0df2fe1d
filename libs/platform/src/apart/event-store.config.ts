import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { ConfigRefused } from '../config-refused.js';
import { eventStores } from '../engines.js';
import { faultsOf, givenIn, secretFile } from '../settings.js';

/** A connection string of KurrentDB, which may name several hosts, with a user and no password. */
const userOnly = /^(esdb(?:\+discover)?:\/\/[^@/:]+)@/;

/** The variables that say where events are kept; {@link checkEventStore} looks at them together. */
export const eventStoreVariables = z.object({
  /**
   * Where events are kept by services run by themselves: `postgres` or `kurrentdb`.
   * @default `postgres`
   * @example `kurrentdb`
   */
  MANGNON_EVENT_STORE: z.enum(eventStores, 'is neither postgres nor kurrentdb').default('postgres'),
  /**
   * Connection string of KurrentDB or EventStoreDB; needed with `MANGNON_EVENT_STORE` `kurrentdb`.
   * @default none
   * @example `esdb://mangnon@eventstore.example:2113?tls=true&tlsCaFile=/etc/mangnon/ca.pem`
   */
  EVENTSTORE_URL: z
    .string()
    .regex(/^esdb(\+discover)?:\/\/\S+$/, 'is not an address such as esdb://user:password@host:2113')
    .optional(),
  /**
   * File with the password of the user in `EVENTSTORE_URL`, so that it need not stand there.
   * @default none: the address as it is
   * @example `/run/secrets/kurrentdb`
   */
  EVENTSTORE_PASSWORD_FILE: secretFile.optional(),
  /**
   * What the names of our streams begin with there, so that several funds' stores may share a server; ends in a dot.
   * @default none
   * @example `son-la.`
   */
  EVENTSTORE_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]+\.$/, 'is not small letters, digits and hyphens with a dot at the end')
    .optional(),
});

type Given = z.infer<typeof eventStoreVariables>;

/** Adds what is wrong with the variables together, and with the files that they name. */
export function checkEventStore(given: Given, check: z.RefinementCtx): void {
  const { MANGNON_EVENT_STORE: kind, EVENTSTORE_URL: url, EVENTSTORE_PASSWORD_FILE: password } = given;
  const fault = (name: string, message: string): void =>
    check.addIssue({ code: 'custom', path: [name], message });
  if (kind === 'kurrentdb' && url === undefined)
    fault('EVENTSTORE_URL', 'is needed where MANGNON_EVENT_STORE is kurrentdb');
  if (!isFileThere(caFileIn(url))) fault('EVENTSTORE_URL', 'names a file as tlsCaFile that cannot be read');
  if (password !== undefined && !userOnly.test(url ?? ''))
    fault('EVENTSTORE_PASSWORD_FILE', 'needs an EVENTSTORE_URL with a user and no password');
}

/** The server of KurrentDB with its password; undefined where events are kept in PostgreSQL. */
export function eventStoreOf(given: Given): KurrentDbAddress | undefined {
  const { MANGNON_EVENT_STORE, EVENTSTORE_URL, EVENTSTORE_NAMESPACE: namespace } = given;
  if (MANGNON_EVENT_STORE !== 'kurrentdb' || EVENTSTORE_URL === undefined) return undefined;
  const { EVENTSTORE_PASSWORD_FILE: password } = given;
  const word = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const url = EVENTSTORE_URL.replace(userOnly, (_, login: string) => `${login}${word}@`);
  return { url, ...(namespace !== undefined && { namespace }) };
}

/** Where an environment says that events are kept, as {@link eventStoreOf}; throws {@link ConfigRefused}. */
export function readEventStore(environment: NodeJS.ProcessEnv): KurrentDbAddress | undefined {
  const given = eventStoreVariables.superRefine(checkEventStore).safeParse(givenIn(environment));
  if (given.success) return eventStoreOf(given.data);
  throw new ConfigRefused(faultsOf(given.error));
}

/** The authority's certificate that the client of KurrentDB reads by itself, by an option of the address. */
function caFileIn(url: string | undefined): string | undefined {
  const [, file] = /[?&]tlsCaFile=([^&]*)/i.exec(url ?? '') ?? [];
  return file === undefined ? undefined : decodeURIComponent(file);
}

function isFileThere(file: string | undefined): boolean {
  return file === undefined || existsSync(file);
}
