import { join } from 'node:path';
import { applyUsers, userNames, type UsersOptions } from '#platform/database-users/apply-users.js';
import { standingOfUsers } from '#platform/database-users/standing-users.js';
import { secretFile } from '#platform/settings.js';
import { isConnectionError, isTurnedAway } from '#postgres/pool.js';
import { connectionOfEnvironment } from './config.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { replayedServices } from './registry.js';

/** `mangnon roles apply`: throws `CliFault` where a password is missing or the databases' user may not. */
export async function applyRoles(context: Context): Promise<void> {
  const directory = context.environment.MANGNON_SECRETS_DIR || undefined;
  const names = userNames(replayedServices);
  const options = optionsOf(context);
  const passwords = directory === undefined ? new Map<string, string>() : passwordsIn(directory, names);
  await asked(() => applyUsers(options, passwords));
  for (const name of names) context.terminal.print(name);
  context.terminal.tell({
    vi: `${names.length} người dùng đã sẵn sàng${directory === undefined ? '; không đặt mật khẩu nào (MANGNON_SECRETS_DIR)' : ''}.`,
    en: `${names.length} users are ready${directory === undefined ? '; no password was set (MANGNON_SECRETS_DIR)' : ''}.`,
  });
}

/** `mangnon roles list`: throws `CliFault` where a user has less or more than it should. */
export async function listRoles(context: Context): Promise<void> {
  const options = optionsOf(context);
  const all = await asked(() => standingOfUsers(options));
  for (const { name, lacks, beyond } of all) {
    const wrong = [...lacks.map((what) => `-${what}`), ...beyond.map((what) => `+${what}`)];
    context.terminal.print([name, ...(wrong.length === 0 ? ['ok'] : wrong)].join('\t'));
  }
  const wrong = all.filter(({ lacks, beyond }) => lacks.length + beyond.length > 0).length;
  if (wrong > 0)
    throw new CliFault('differs', {
      vi: `${wrong} người dùng thiếu (-) hoặc thừa (+) quyền: mangnon roles apply cấp phần còn thiếu; phần thừa do người đã cấp thu hồi.`,
      en: `${wrong} users have less (-) or more (+) than they should: mangnon roles apply gives what is missing; what is too much is taken away by whoever granted it.`,
    });
}

function optionsOf({ environment }: Context): UsersOptions {
  const found = environment.MANGNON_VAULT_URL ? connectionOfEnvironment(environment) : undefined;
  if (found) return { databaseUrl: found.url, vaultUrl: found.vaultUrl, services: replayedServices };
  throw new CliFault('usage', {
    vi: 'Hãy đặt MANGNON_DATABASE_URL và MANGNON_VAULT_URL, hai cơ sở dữ liệu khác nhau.',
    en: 'Set MANGNON_DATABASE_URL and MANGNON_VAULT_URL, which are two databases.',
  });
}

/** All or none: a user whose file is missing would be left without a way in. */
function passwordsIn(directory: string, names: readonly string[]): ReadonlyMap<string, string> {
  const read = names.map((name) => [name, secretFile.safeParse(join(directory, name))] as const);
  const faults = read.flatMap(([name, { error }]) =>
    error ? [`${name} ${String(error.issues[0]?.message)}`] : [],
  );
  if (faults.length > 0) {
    const sentence = `MANGNON_SECRETS_DIR: ${faults.join('; ')}`;
    throw new CliFault('usage', { vi: sentence, en: sentence });
  }
  return new Map(read.map(([name, { data = '' }]) => [name, data]));
}

/** Errors whose message is the sentence for whoever runs it. */
const speakForThemselves = new Set(['UsersRefused', 'MigrationRefused', 'RangeError']);

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    const { name = '', message = '' } = Object(cause) as {
      readonly name?: string;
      readonly message?: string;
    };
    if (speakForThemselves.has(name) || isTurnedAway(cause))
      throw new CliFault('refused', { vi: message, en: message }, { cause });
    if (!isConnectionError(cause)) throw cause;
    const sentence = {
      vi: `Cơ sở dữ liệu không trả lời: ${message}`,
      en: `The database does not answer: ${message}`,
    };
    throw new CliFault('unreachable', sentence, { cause });
  }
}
