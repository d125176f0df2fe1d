import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readEventStore } from '#platform/apart/event-store.config.js';
import { ConfigRefused } from '#platform/config-refused.js';
import { secretFile, withPassword } from '#platform/settings.js';
import { CliFault } from './fault.js';

/** The environment as it is handed to the command line. */
export interface Environment extends Readonly<Record<string, string | undefined>> {
  /**
   * Data directory of the default run, where the databases are found.
   * @default `.mangnon` in the folder it is started in
   * @example `/var/lib/mangnon`
   */
  readonly MANGNON_DATA_DIR?: string | undefined;
  /**
   * Folder of the default run's keys, where a restore finds which incarnations were given.
   * @default `.mangnon-keys` in the folder it is started in
   * @example `/etc/mangnon/keys`
   */
  readonly MANGNON_KEYS_DIR?: string | undefined;
  /**
   * PostgreSQL of the events and read models, instead of the data directory's.
   * @default what the data directory says
   * @example `postgresql://auditor@db.example/mangnon`
   */
  readonly MANGNON_DATABASE_URL?: string | undefined;
  /**
   * PostgreSQL of the vault.
   * @default `MANGNON_DATABASE_URL`
   * @example `postgresql://auditor@db.example/vault`
   */
  readonly MANGNON_VAULT_URL?: string | undefined;
  /**
   * File with the password of the user in both addresses, so that it need not stand in them.
   * @default none: the addresses as they are
   * @example `/run/secrets/mangnon_migrator`
   */
  readonly MANGNON_DATABASE_PASSWORD_FILE?: string | undefined;
  /**
   * Folder from which `mangnon roles apply` takes the password of each user of the databases: a file of the user's name.
   * @default none: it sets no passwords
   * @example `/run/secrets`
   */
  readonly MANGNON_SECRETS_DIR?: string | undefined;
  /**
   * Folder of settings; the access token of `mangnon login` is kept below it.
   * @default `~/.config`
   * @example `/home/lan/.config`
   */
  readonly XDG_CONFIG_HOME?: string | undefined;
  /**
   * Language of the console, of `npm start` too: Vietnamese where it begins with `vi`, otherwise English. Goes before
   * `LC_MESSAGES` and `LANG`.
   * @default English
   * @example `vi_VN.UTF-8`
   */
  readonly LC_ALL?: string | undefined;
  /**
   * The same; goes before `LANG`.
   * @default English
   * @example `vi_VN.UTF-8`
   */
  readonly LC_MESSAGES?: string | undefined;
  /**
   * The same.
   * @default English
   * @example `vi_VN.UTF-8`
   */
  readonly LANG?: string | undefined;
}

/** The environment of this process. */
export const environmentOfProcess: Environment = process.env;

type EventStoreAddress = NonNullable<ReturnType<typeof readEventStore>>;

/** Where the databases are. */
export interface Connection {
  readonly url: string;
  readonly vaultUrl: string;
  /** KurrentDB, where the events are kept there; in `url` when absent. */
  readonly eventStore?: EventStoreAddress;
}

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const connectionFile = z.object({ url: postgresUrl, vaultUrl: postgresUrl });

/** The locale that messages are written in. */
export function localeOf(environment: Environment): string | undefined {
  return environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'];
}

/** Absolute path of the data directory: given, else `MANGNON_DATA_DIR`, else `.mangnon` here. */
export function dataDirectory(environment: Environment, given?: string): string {
  return resolve(given ?? (environment['MANGNON_DATA_DIR'] || '.mangnon'));
}

/** Absolute path of the folder of keys: given, else `MANGNON_KEYS_DIR`, else `.mangnon-keys` here. */
export function keysDirectory(environment: Environment, given?: string): string {
  return resolve(given ?? (environment['MANGNON_KEYS_DIR'] || '.mangnon-keys'));
}

/**
 * The databases named by `MANGNON_DATABASE_URL` and `MANGNON_VAULT_URL`, with the password of
 * `MANGNON_DATABASE_PASSWORD_FILE`, and KurrentDB where `MANGNON_EVENT_STORE` names it; undefined when nothing is named.
 * Throws {@link CliFault}.
 */
export function connectionOfEnvironment(environment: Environment): Connection | undefined {
  const url = environment['MANGNON_DATABASE_URL'];
  const vaultUrl = environment['MANGNON_VAULT_URL'];
  const eventStore = eventStoreOfEnvironment(environment);
  if (!url && !vaultUrl && !eventStore) return undefined;
  const parsed = connectionFile.safeParse({ url, vaultUrl: vaultUrl ?? url });
  if (parsed.success) {
    const databases = withPasswords(parsed.data, environment['MANGNON_DATABASE_PASSWORD_FILE']);
    return { ...databases, ...(eventStore && { eventStore }) };
  }
  throw new CliFault('usage', {
    vi: 'MANGNON_DATABASE_URL và MANGNON_VAULT_URL phải là địa chỉ dạng postgresql://…',
    en: 'MANGNON_DATABASE_URL and MANGNON_VAULT_URL must be addresses such as postgresql://…',
  });
}

function eventStoreOfEnvironment(environment: Environment): EventStoreAddress | undefined {
  try {
    return readEventStore(environment);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const sentence = error.faults.join('; ');
    throw new CliFault('usage', { vi: sentence, en: sentence });
  }
}

function withPasswords({ url, vaultUrl }: Connection, path: string | undefined): Connection {
  const { success, data, error } = secretFile.optional().safeParse(path || undefined);
  if (success) return { url: withPassword(url, data), vaultUrl: withPassword(vaultUrl, data) };
  const sentence = `MANGNON_DATABASE_PASSWORD_FILE ${String(error.issues[0]?.message)}`;
  throw new CliFault('usage', { vi: sentence, en: sentence });
}

/** The databases of a running default process, from its `connection.json`; undefined where there is none. */
export async function connectionOfDirectory(directory: string): Promise<Connection | undefined> {
  const text = await readFile(join(directory, 'connection.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : connectionFile.parse(JSON.parse(text));
}

/** Where the command line keeps what it remembers of a person (XDG). */
export function configDirectory(environment: Environment): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'mangnon');
}
