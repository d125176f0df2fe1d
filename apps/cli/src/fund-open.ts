import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { loggedIn } from './login.js';

/** What `mangnon fund open` is given besides a file. */
export interface FundOptions {
  readonly file?: string;
  readonly key?: string;
  readonly code?: string;
  readonly level?: string;
  readonly regime?: string;
  readonly nameVi?: string;
  readonly nameEn?: string;
  readonly decisionNumber?: string;
  readonly decisionDate?: string;
  readonly issuer?: string;
  readonly openedOn?: string;
  readonly address?: string;
  readonly parent?: string;
  readonly bankAccount?: readonly string[];
  readonly opening?: readonly string[];
}

/** `mangnon fund open`. */
export async function openFund(context: Context, options: FundOptions): Promise<void> {
  const api = await loggedIn(context);
  const written =
    options.file === undefined ? {} : (JSON.parse(await readFile(options.file, 'utf8')) as object);
  const { fundId, code } = await api.openFund(
    { ...written, ...fundBody(options) },
    options.key ?? randomUUID(),
  );
  context.terminal.tell({ vi: `Đã mở quỹ ${code}: ${fundId}`, en: `Fund ${code} is open: ${fundId}` });
}

/** The options as the route's body; what is not given is left to the file, and to the server to ask for. */
function fundBody(options: FundOptions): object {
  const { code, level, regime, address, openedOn, parent, bankAccount = [], opening = [] } = options;
  const name = given({ vi: options.nameVi, en: options.nameEn });
  const decision = given({
    number: options.decisionNumber,
    date: options.decisionDate,
    issuer: options.issuer,
  });
  return {
    ...given({ code, level, regime, address, openedOn, parentFundId: parent }),
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(Object.keys(decision).length === 0 ? {} : { decision }),
    ...(bankAccount.length === 0 ? {} : { bankAccounts: bankAccount.map((account) => ({ account })) }),
    ...(opening.length === 0 ? {} : { openingBalances: opening.map(openingBalance) }),
  };
}

/** `bank.0123=5000000` or `cash=200000 USD`. */
function openingBalance(text: string): object {
  const match = /^([^=]+)=(\d+)(?: ?([A-Z]{3}))?$/.exec(text);
  if (!match)
    throw new CliFault('usage', {
      vi: `Số dư đầu kỳ viết dạng cash=5000000 hoặc bank.<tài khoản>=5000000 VND, không phải ${text}`,
      en: `Write an opening balance as cash=5000000 or bank.<account>=5000000 VND, not ${text}`,
    });
  const [, account, amount, currency = 'VND'] = match;
  return { account, amount: { amount, currency } };
}

function given(members: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
