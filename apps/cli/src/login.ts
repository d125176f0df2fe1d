import { randomUUID } from 'node:crypto';
import { Api, type OpenedSession } from './api.http.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { TokenFile } from './token-file.js';

/** Where the default process listens. */
export const defaultServer = 'http://127.0.0.1:3000';
const dayMs = 24 * 60 * 60 * 1_000;

/** The server that somebody has logged in to. Throws {@link CliFault} `refused` where nobody has. */
export async function loggedIn(context: Context): Promise<Api> {
  const token = await new TokenFile(context.environment).find();
  if (!token)
    throw new CliFault('refused', {
      vi: 'Chưa đăng nhập: hãy chạy `mangnon login` trước.',
      en: 'Not logged in: run `mangnon login` first.',
    });
  return new Api({ server: token.server, secret: token.secret, language: context.terminal.language });
}

/** `mangnon login`: a session for as long as it takes to issue a token, which is kept. */
export async function login(
  context: Context,
  options: {
    readonly server: string;
    readonly user?: string;
    readonly passwordStdin?: boolean;
    readonly label: string;
    readonly days: number;
  },
): Promise<void> {
  const { terminal } = context;
  const api = new Api({ server: options.server, language: terminal.language });
  const session = api.as((await signedIn(context, api, options)).secret);
  const expiresAt = new Date(Date.now() + options.days * dayMs).toISOString();
  const { tokenId, secret, ...token } = await session.issueToken(
    { label: options.label, expiresAt },
    randomUUID(),
  );
  if (secret === null) throw new Error('a token was issued without its secret');
  await new TokenFile(context.environment).keep({
    server: options.server,
    tokenId,
    secret,
    expiresAt: token.expiresAt,
  });
  await session.endSession();
  terminal.tell({
    vi: `Đã đăng nhập ${options.server}; mã truy cập có hạn đến ${token.expiresAt}.`,
    en: `Logged in to ${options.server}; the token works until ${token.expiresAt}.`,
  });
}

async function signedIn(
  context: Context,
  api: Api,
  options: { readonly user?: string; readonly passwordStdin?: boolean },
): Promise<OpenedSession> {
  const { language } = context.terminal;
  const asked = async (vi: string, en: string, secretly = false): Promise<string> =>
    (await context.ask(language === 'vi' ? vi : en, secretly)) ?? nobodyThere();
  const user = options.user ?? (await asked('Tên đăng nhập: ', 'Login name: '));
  const password = options.passwordStdin
    ? (await context.readInput()).replace(/\r?\n$/, '')
    : await asked('Mật khẩu: ', 'Password: ', true);
  const opened = await api.signIn(user, password);
  if (opened.secondFactor !== 'asked') return opened;
  const code = await asked('Mã xác thực hai lớp: ', 'Code of the second factor: ');
  return api.signIn(user, password, code);
}

function nobodyThere(): never {
  throw new CliFault('usage', {
    vi: 'Không có bàn phím để hỏi: hãy dùng --user và --password-stdin.',
    en: 'There is nobody at a keyboard to ask: use --user and --password-stdin.',
  });
}

/** `mangnon logout`: ends the token at the server and forgets it here, also where the server does not answer. */
export async function logout(context: Context): Promise<void> {
  const file = new TokenFile(context.environment);
  const token = await file.find();
  if (!token) {
    context.terminal.tell({ vi: 'Chưa đăng nhập.', en: 'Not logged in.' });
    return;
  }
  try {
    const api = new Api({ server: token.server, secret: token.secret, language: context.terminal.language });
    await api.revokeToken(token.tokenId, randomUUID());
  } catch (error) {
    if (!(error instanceof CliFault)) throw error;
    context.terminal.note({
      vi: `Không thu hồi được mã ở máy chủ: ${error.sentence.vi}`,
      en: `The token could not be revoked at the server: ${error.sentence.en}`,
    });
  } finally {
    await file.forget();
  }
  context.terminal.tell({ vi: 'Đã đăng xuất.', en: 'Logged out.' });
}
