import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from './api.http.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { figure } from './figures.js';
import { loggedIn } from './login.js';
import { agreed, type AgreedBefore } from './statement-agreement.js';
import { previewLines } from './statement-preview.js';
import {
  confirmStatement,
  discardStatement,
  findFund,
  findStatement,
  uploadStatement,
  type Preview,
  type StatementView,
} from './statements.http.js';

/** What `mangnon import statement` is given besides the file. */
export interface StatementOptions extends AgreedBefore {
  readonly fund: string;
  readonly account: string;
  readonly currency: string;
  readonly profile?: string;
}

const lookAgainMs = 1_000;
const barWidth = 30;

/** `mangnon import statement`: shows what the statement adds up to, asks, and waits until the last receipt has its number. */
export async function importStatement(
  context: Context,
  path: string,
  options: StatementOptions,
): Promise<void> {
  const { terminal } = context;
  const { currency } = options;
  const account = options.account.startsWith('bank.') ? options.account : `bank.${options.account}`;
  const [file, profile] = [await readFile(path), await profileOf(options)];
  const api = await loggedIn(context);
  const fundId = (await findFund(api, options.fund)) ?? noFund(options);
  const uploaded = await uploadStatement(api, file, { fundId, account, currency, ...profile });
  for (const line of previewLines(uploaded, terminal.language)) terminal.print(line);
  const { statementId, preview } = uploaded;
  if (isKnown(preview)) {
    await discardStatement(api, statementId);
    terminal.tell({
      vi: 'Không có gì mới: mọi dòng đã có trên sổ.',
      en: 'Nothing is new: every row is in the books already.',
    });
    return;
  }
  const seen = await agreed(context, preview, options).catch(async (error: unknown) => {
    await discardStatement(api, statementId);
    throw error;
  });
  await confirmStatement(api, statementId, seen);
  tellEnd(context, await imported(context, api, statementId));
}

/** `mangnon import discard`: puts a statement aside that nobody has confirmed; its file is destroyed. */
export async function discardImport(context: Context, statementId: string): Promise<void> {
  await discardStatement(await loggedIn(context), statementId);
  context.terminal.tell({
    vi: 'Đã bỏ sao kê; chưa có gì được ghi và tệp đã bị huỷ.',
    en: 'The statement is discarded; nothing of it was recorded, and its file is destroyed.',
  });
}

function noFund({ fund }: StatementOptions): never {
  throw new CliFault('refused', {
    vi: `Bạn không làm việc cho quỹ nào có mã ${fund}.`,
    en: `You do not work for any fund of the code ${fund}.`,
  });
}

async function profileOf({ profile }: StatementOptions): Promise<{ readonly profile?: string }> {
  return profile === undefined ? {} : { profile: await readFile(profile, 'utf8') };
}

function isKnown({ willRecord: { donations, debits, unexplained } }: Preview): boolean {
  return donations + debits + unexplained === 0;
}

async function imported(context: Context, api: Api, statementId: string): Promise<StatementView> {
  for (;;) {
    const view = await findStatement(api, statementId);
    const { progress } = view;
    if (progress?.complete === true) return view;
    if (progress) showProgress(context, progress);
    await delay(lookAgainMs, undefined, { signal: context.interruption.signal });
  }
}

function showProgress({ terminal }: Context, progress: NonNullable<StatementView['progress']>): void {
  const { donations, items, expected, posted, numbered } = progress;
  const show = (count: number): string => figure(count, terminal.language);
  const [recorded, of] = [show(donations + items), show(expected)];
  const bar = barOf(donations + items + posted + numbered, 2 * expected + donations);
  terminal.progress(() => ({
    vi: `${bar} đã ghi ${recorded}/${of}, vào sổ ${show(posted)}, có số biên nhận ${show(numbered)}`,
    en: `${bar} recorded ${recorded} of ${of}, in the books ${show(posted)}, numbered ${show(numbered)}`,
  }));
}

function barOf(done: number, all: number): string {
  const filled = all === 0 ? 0 : Math.min(barWidth, Math.floor((barWidth * done) / all));
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}

function tellEnd({ terminal }: Context, { imported: rows }: StatementView): void {
  if (!rows) throw new Error('an import ended without its figures');
  const show = (count: number): string => figure(count, terminal.language);
  const [donations, debits, unexplained] = [rows.donations, rows.debits, rows.unexplained].map(show);
  const known = show(rows.known);
  terminal.tell({
    vi: `Xong: ${donations ?? ''} khoản ủng hộ đã có số biên nhận; ${debits ?? ''} khoản tiền ra và ${unexplained ?? ''} khoản không rõ nguồn chờ phân loại; ${known} dòng đã có từ trước.`,
    en: `Done: ${donations ?? ''} donations have their receipt numbers; ${debits ?? ''} debits and ${unexplained ?? ''} unexplained sums wait to be classified; ${known} rows were there before.`,
  });
}
