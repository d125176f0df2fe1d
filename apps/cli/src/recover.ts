import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { keysDirectory } from './config.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { withDatabases } from './log-commands.js';

const sentence = { vi: z.string(), en: z.string() };
const answers = z.discriminatedUnion('outcome', [
  z.object({
    ...{ outcome: z.literal('recovered'), path: z.string(), expiresAt: z.string() },
    reinstated: z.boolean(),
  }),
  z.object({ outcome: z.literal('refused'), code: z.string(), ...sentence }),
  z.object({ outcome: z.literal('failed'), ...sentence }),
]);

/** Only the services write to the store, so this is a program of the default run; they need not be running for it. */
const program = fileURLToPath(new URL('../../standalone/src/recover/main.js', import.meta.url));

/**
 * `mangnon access recover`: a one-time link for an administrator who has no way in any more, be he suspended, for whoever holds the data
 * and the keys. Throws {@link CliFault}.
 */
export async function recoverAccess(
  context: Context,
  login: string,
  { dataDir, keysDir }: { readonly dataDir?: string; readonly keysDir?: string },
): Promise<void> {
  const keys = keysDirectory(context.environment, keysDir);
  assertKeys(keys);
  const answer = await withDatabases(context, dataDir, ({ url, vaultUrl, eventStore }, signal) => {
    if (eventStore) throw notOnKurrentDb();
    return ask({ login, databaseUrl: url, vaultUrl, keysDirectory: keys }, signal);
  });
  if (answer.outcome === 'failed') throw new CliFault('refused', answer);
  if (answer.outcome === 'refused')
    throw new CliFault('refused', {
      vi: `${answer.vi} (${answer.code})`,
      en: `${answer.en} (${answer.code})`,
    });
  context.terminal.print(answer.path);
  if (answer.reinstated)
    context.terminal.note({
      vi: 'Người này đã bị tạm ngừng và nay được hoạt động lại; việc này đã được ghi lại.',
      en: 'This person was suspended and may act again; that is recorded.',
    });
  context.terminal.note({
    vi: `Mở đường dẫn này sau địa chỉ của máy chủ (ví dụ http://127.0.0.1:3000) trước ${answer.expiresAt} để đặt mật khẩu; đăng nhập rồi thiết lập lại xác thực hai lớp. Liên kết dùng được một lần; việc này đã được ghi lại.`,
    en: `Open this path behind the server's address (such as http://127.0.0.1:3000) before ${answer.expiresAt} to choose a password; then sign in and set up the second factor anew. The link works once; that it was made is recorded.`,
  });
}

/** Without this a folder that is not the right one would get new keys, which open nothing. */
function assertKeys(directory: string): void {
  if (existsSync(join(directory, 'staff.key'))) return;
  throw new CliFault('usage', {
    vi: `Không có khoá của Măng Non trong ${directory}: hãy chỉ thư mục bằng --keys-dir hoặc MANGNON_KEYS_DIR.`,
    en: `There are no keys of Măng Non in ${directory}: name the folder with --keys-dir or MANGNON_KEYS_DIR.`,
  });
}

/** What it records would otherwise stand in PostgreSQL, where nobody reads it. */
function notOnKurrentDb(): CliFault {
  return new CliFault('refused', {
    vi: 'Lệnh này chưa làm được khi sự kiện nằm trên KurrentDB.',
    en: 'This is not possible yet where events are kept on KurrentDB.',
  });
}

async function ask(
  asked: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<z.infer<typeof answers>> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], signal });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the program that recovers access ended without an answer');
  });
  child.send(asked);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as readonly unknown[];
  return answers.parse(answer);
}
