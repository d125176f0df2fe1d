import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { topics } from '#contracts/topics.js';
import { userNames } from '#platform/database-users/apply-users.js';
import { SecretsFolder, type Owner } from '#platform/secrets/secrets-folder.js';
import { KeyAway, writeSecrets, type SecretUsers } from '#platform/secrets/write-secrets.js';
import { usersOf } from '#platform/topic-desk.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { replayedServices } from './registry.js';
import type { Terminal } from './terminal.js';

/** What to make, and for whom. */
export interface InitOptions {
  /** The folder of secrets. */
  readonly to: string;
}

/** Every service has a user of its own at each engine, so that it may do its own work and no other. */
const users: SecretUsers = {
  postgres: ['postgres', ...userNames(replayedServices)],
  kafka: ['admin', ...usersOf(topics)],
};

/** The user of the image's processes, whom root makes the files for. */
const imageUser: Owner = { uid: 1000, gid: 1000 };

/**
 * `mangnon init`: makes what is missing in the folder of secrets, and beside a `docker-compose.yml` the file `.env` by
 * which it finds them. Never writes over anything; says what it has made and what must not be lost.
 */
export async function init({ terminal }: Context, { to }: InitOptions): Promise<void> {
  const runner = runnerOfThis();
  const isRoot = runner?.uid === 0;
  const folder = new SecretsFolder(resolve(to), isRoot ? imageUser : undefined);
  await writeSecrets(folder, users).catch((error: unknown) => {
    throw error instanceof KeyAway ? awayFault(error, to) : error;
  });
  tellMade(terminal, to, folder.made);
  const beside = dirname(folder.directory);
  if (existsSync(join(beside, 'docker-compose.yml')))
    await tellCompose(terminal, folder.directory, (!isRoot && runner) || imageUser);
}

function awayFault({ certificate, key }: KeyAway, to: string): CliFault {
  return new CliFault('refused', {
    vi: `Có ${certificate} mà không có ${key} trong ${to}: hãy đưa tệp khoá về đó; nếu đã mất thì xoá mọi chứng chỉ trong tls/, và sau đó mọi máy chủ và dịch vụ phải nhận chứng chỉ mới.`,
    en: `${certificate} is in ${to} and ${key} is not: bring the key back there; where it is lost, remove every certificate in tls/, after which all servers and services need the new ones.`,
  });
}

function tellMade(terminal: Terminal, to: string, made: readonly string[]): void {
  for (const path of made) terminal.print(path);
  if (made.length === 0) {
    terminal.tell({ vi: `Mọi thứ đã có sẵn trong ${to}.`, en: `Everything is in ${to} already.` });
    return;
  }
  terminal.tell({ vi: `Đã tạo ${made.length} tệp trong ${to}.`, en: `Files made in ${to}: ${made.length}.` });
  terminal.tell(keepSafe);
}

/** What cannot be made again. */
const keepSafe = {
  vi: [
    'Hãy giữ một bản sao của keys/ ở nơi khác, tách khỏi bản sao lưu của sổ: mất nó thì không đọc lại được tên người nào nữa.',
    'tls/ca-key.pem chỉ cần khi cấp chứng chỉ mới; nên cất nó khỏi máy này. Đừng gửi thư mục này cho ai, đừng đưa nó vào git.',
    'Muốn đổi một mật khẩu: xoá tệp của nó, chạy lại mangnon init, rồi cho máy chủ tương ứng biết mật khẩu mới.',
  ].join('\n'),
  en: [
    'Keep a copy of keys/ elsewhere, apart from backups of the books: without it no name can be read again.',
    'tls/ca-key.pem is needed for new certificates alone; put it away from this machine. Give the folder to nobody, and never to git.',
    'To change a password: remove its file, run mangnon init again, and tell that server the new one.',
  ].join('\n'),
};

/** Undefined where users have no numbers. */
function runnerOfThis(): Owner | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Who containers run as, since the files are readable by their owner alone, and where the files are. */
async function tellCompose(terminal: Terminal, secrets: string, { uid, gid }: Owner): Promise<void> {
  const lines = [`MANGNON_USER=${uid}:${gid}`, `MANGNON_SECRETS=./${basename(secrets)}`];
  const file = join(dirname(secrets), '.env');
  if (!existsSync(file)) {
    await writeFile(file, `${lines.join('\n')}\n`, { flag: 'wx' });
    terminal.tell({ vi: 'Đã tạo .env cho docker compose.', en: 'Made .env for docker compose.' });
    return;
  }
  const there = new Set((await readFile(file, 'utf8')).split('\n'));
  const missing = lines.filter((line) => !there.has(line));
  if (missing.length > 0)
    terminal.note({
      vi: `Đã có .env và không bị sửa; docker compose còn cần:\n${missing.join('\n')}`,
      en: `There is a .env, which was left as it is; docker compose needs beside:\n${missing.join('\n')}`,
    });
}
