import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#apps/cli/src/run.js';
import type { Person } from '#apps/standalone/src/demo/people.js';
import type { FundAtWork } from './fund-at-work.js';

/** What `mangnon` wrote, and how it ended. */
export interface Ended {
  readonly exit: number;
  readonly out: string;
  /** What stood on the line of progress, one over the other. */
  readonly progress: string;
}

/** Somebody who has logged in with `mangnon`, and answers nothing but what is said here. */
export class AtTheCommandLine {
  private constructor(
    private readonly home: string,
    private readonly login: { readonly server: string; readonly secret: string },
  ) {}

  static async of(work: FundAtWork, person: Person): Promise<AtTheCommandLine> {
    const expiresAt = new Date(work.clock.now().getTime() + 20 * 24 * 3_600_000).toISOString();
    const body = { label: 'statements', expiresAt };
    const { tokenId = '', secret = '' } = await person.api.post<Record<string, string>>('/v1/tokens', body);
    const home = await mkdtemp(join(tmpdir(), 'mangnon-config-'));
    await mkdir(join(home, 'mangnon'));
    const token = { server: work.url, tokenId, secret, expiresAt };
    await writeFile(join(home, 'mangnon/token.json'), JSON.stringify(token));
    return new AtTheCommandLine(home, token);
  }

  /** Keeps a file for {@link import}; its path. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.home, name);
    await writeFile(path, content);
    return path;
  }

  /** `mangnon import statement` in English, into the fund. */
  import(file: string, ...more: readonly string[]): Promise<Ended> {
    return this.#run(['import', 'statement', file, '--fund', 'LS', ...more]);
  }

  /** Sends a statement over HTTP and does nothing more about it; its id. */
  async send(fundId: string, account: string, text: string): Promise<string> {
    const { server, secret } = this.login;
    const query = new URLSearchParams({ fundId, account }).toString();
    const answer = await fetch(`${server}/v1/statements?${query}`, {
      method: 'POST',
      headers: {
        ...{ Authorization: `Bearer ${secret}`, 'Content-Type': 'text/csv', 'Idempotency-Key': account },
      },
      body: text,
    });
    return ((await answer.json()) as { readonly statementId: string }).statementId;
  }

  /** `mangnon import discard` in English. */
  discard(statementId: string): Promise<Ended> {
    return this.#run(['import', 'discard', statementId]);
  }

  async #run(words: readonly string[]): Promise<Ended> {
    let [out, progress] = ['', ''];
    const say = (text: string): void => void (out += text);
    const sayBeside = (text: string): void => {
      // Written over the line before.
      if (text.startsWith('\r')) progress += text;
      else out += text;
    };
    const exit = await runCli(words, {
      streams: { out: say, err: sayBeside, isScreen: true },
      environment: { LANG: 'C', XDG_CONFIG_HOME: this.home },
      pour: () => Promise.resolve(),
      ask: () => Promise.resolve(undefined),
      readInput: () => Promise.resolve(''),
    });
    return { exit, out, progress };
  }

  /** Forgets the login and the files. */
  async leave(): Promise<void> {
    await rm(this.home, { recursive: true });
  }
}

/** What the books say of a bank account. */
export interface BooksOfAccount {
  readonly lastEntryNumber: number;
  /** Balance in minor units. */
  readonly balance: bigint;
  /** What stands in suspense, owed. */
  readonly suspense: bigint;
  /** The last receipt's number of the series; numbers have no gap. */
  readonly numbered: number;
}

interface Line {
  readonly account: string;
  readonly closingDebit: { readonly amount: string };
  readonly closingCredit: { readonly amount: string };
}

/** Asks the books, with every entry that is recorded taken in. */
export async function booksOf(work: FundAtWork, account: string): Promise<BooksOfAccount> {
  const { platform } = work.running;
  const head = await platform.store.head();
  for (const service of ['ledger', 'receipts'])
    if (head) await platform.readModels.waitFor(service, head.position, 60_000);
  const { api } = work.people.accountant;
  const { lastEntryNumber } = await api.get<{ readonly lastEntryNumber: number }>(`/v1/funds/${work.fundId}`);
  const trial = `/v1/funds/${work.fundId}/trial-balance`;
  const { lines } = await api.get<{ readonly lines: readonly Line[] }>(trial);
  const closing = (name: string): bigint => {
    const line = lines.find((one) => one.account === name);
    return BigInt(line?.closingDebit.amount ?? '0') - BigInt(line?.closingCredit.amount ?? '0');
  };
  const receipts = await api.get<{ readonly items: readonly { readonly number: string }[] }>(
    `/v1/receipts?fund=${work.fundId}&limit=1`,
  );
  const numbered = Number(receipts.items[0]?.number.split('-').at(-1) ?? '0');
  return { lastEntryNumber, balance: closing(account), suspense: -closing('suspense'), numbered };
}
