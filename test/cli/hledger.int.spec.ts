import { afterAll, beforeAll, expect, describe, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLines, writeWhole } from '#apps/cli/src/export-file.js';
import { hledgerAccount } from '#apps/cli/src/hledger.js';
import { Interruption } from '#apps/cli/src/interruption.js';
import { runCli } from '#apps/cli/src/run.js';
import { balances, type BalanceRow } from '#apps/ledger/src/read/balances/balances.projection.js';
import { documentAccounts, personAccounts } from '#domain/fund/chart.policy.js';
import type { Entry } from '#domain/fund/entry.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { minorUnitDigits, type Currency } from '#kernel/money.js';
import { foldInto } from '#read-models/fold.js';
import { describeWith, findProgram } from '#testing/programs.js';
import { readRecordings } from '../golden/recordings.js';

const hledger = findProgram('hledger');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mangnon-hledger-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Funds that lived through donations, refunds, voids, things, bank items, journals and reopened periods, one log each. */
const funds = readRecordings()
  .filter(({ aggregate }) => aggregate === 'fund')
  .flatMap(({ name, events }) => {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    return streams.map((stream) => ({
      what: `${name} ${stream}`,
      fundId: stream.slice('fund-'.length),
      events: withDollars(events.filter((event) => event.stream === stream)),
    }));
  })
  .filter(({ events }) => events.some(({ type }) => type === 'FundOpened'));

/** Adds an entry in a currency with decimals, and one that no double holds. */
function withDollars(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const last = events.at(-1);
  if (!last) return events;
  const line = (account: string, amount: string, currency: Currency) => ({
    ...{ account, purpose: 'unrestricted', amount: { amount, currency } },
  });
  const entry: Entry = {
    ...{ entryId: 'journal.made-up', entryNumber: 9_999, effectiveOn: '2099-01-01' as never, stock: [] },
    postings: [
      line('cash', '-5', 'USD'),
      line('equity.fund', '5', 'USD'),
      line('cash', '90071992547409931', 'VND'),
      line('equity.fund', '-90071992547409931', 'VND'),
    ],
  };
  return [...events, { ...last, type: 'JournalPosted', data: { ...entry, journalId: 'j', kind: 'manual' } }];
}

async function* onePage(events: readonly RecordedEvent[]): AsyncIterable<readonly RecordedEvent[]> {
  yield events;
}

/** Runs the command on an exported file; answers its exit code and the journal. */
async function exported(events: readonly RecordedEvent[], ...wish: readonly string[]) {
  const [from, to] = [join(folder, 'events.jsonl.gz'), join(folder, 'books.journal')];
  await writeWhole(from, exportLines(onePage(events)));
  const said: string[] = [];
  const streams = {
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
  };
  const code = await runCli(['--lang', 'en', 'export', 'hledger', '--from', from, '--to', to, ...wish], {
    ...{ streams: { ...streams, isScreen: false }, environment: {}, interruption: new Interruption() },
    ...{ pour: () => Promise.resolve(), ask: () => Promise.resolve(undefined) },
    readInput: () => Promise.resolve(''),
  });
  return { code, said: said.join(''), path: to };
}

const run = (...line: readonly string[]): string =>
  execFileSync(hledger ?? 'hledger', [...line], { encoding: 'utf8', env: { LANG: 'C.UTF-8' } });

/** What hledger says each account holds, in minor units, by account and currency. */
function balancesOfHledger(path: string, ...query: readonly string[]): Readonly<Record<string, string>> {
  const csv = run('-f', path, 'bal', '--flat', '--no-elide', '-N', '-O', 'csv', '--layout=bare', ...query);
  const found = csv.trim().split('\n').slice(1);
  return Object.fromEntries(
    found.flatMap((row) => {
      const [account = '', currency = '', amount = ''] = row
        .split(',')
        .map((cell) => cell.replaceAll('"', ''));
      const minor = BigInt(amount.replace('.', ''));
      return minor === 0n ? [] : [[`${account} ${currency}`, minor.toString()]];
    }),
  );
}

/** What our own read model holds, folded from the same events. */
function balancesOfOurs(
  events: readonly RecordedEvent[],
  counts: (row: BalanceRow) => boolean = () => true,
): Readonly<Record<string, string>> {
  const rows = new Map<string, BalanceRow>();
  foldInto(balances as never, rows as never, events as never);
  const sums = new Map<string, bigint>();
  for (const row of rows.values()) {
    if (row.recorded_grain !== 'year' || row.effective_grain !== 'day' || !counts(row)) continue;
    const key = `${hledgerAccount(row.account)} ${row.currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(row.debit) - BigInt(row.credit));
  }
  return Object.fromEntries(
    [...sums].filter(([, sum]) => sum !== 0n).map(([key, sum]) => [key, String(sum)]),
  );
}

describeWith(hledger)('an export for hledger, as hledger itself reads it', () => {
  it('is of funds that lived through every kind of entry', () => {
    const types = new Set(funds.flatMap(({ events }) => events.map(({ type }) => type)));
    for (const type of [
      ...['OpeningBalancesPosted', 'DonationPosted', 'RefundPosted', 'VoidPosted', 'DonationReassigned'],
      ...['BankItemPosted', 'ClassificationPosted', 'JournalPosted'],
    ])
      expect([...types]).toContain(type);
    const moved = funds.flatMap(({ events }) =>
      events.map(({ data }) => (data as Partial<Entry>).stock ?? []),
    );
    expect(moved.some((stock) => stock.length > 0)).toBe(true);
  });

  it.each(funds)('passes its strict checks and holds what we hold: $what', async ({ fundId, events }) => {
    const { code, said, path } = await exported(events, '--fund', fundId);
    expect([code, said]).toEqual([0, expect.stringMatching(/entries exported, last position/)]);
    expect(run('-f', path, 'check', '--strict')).toBe('');
    expect(balancesOfHledger(path)).toEqual(balancesOfOurs(events));
  });

  it('tells purposes apart by their tag, and dates and instants as they were', async () => {
    const { fundId, events } = funds[0]!;
    const entries = events.filter(({ data }) => 'postings' in data);
    const days = entries.map(({ data }) => (data as unknown as Entry).effectiveOn).sort();
    const asOf = days[Math.floor(days.length / 2)]!;
    const { path } = await exported(events, '--fund', fundId, '--as-of', asOf);
    expect(balancesOfHledger(path)).toEqual(balancesOfOurs(events, (row) => row.effective_from <= asOf));
    expect(balancesOfHledger(path, 'tag:purpose=^unrestricted$')).toEqual(
      balancesOfOurs(events, (row) => row.effective_from <= asOf && row.purpose === 'unrestricted'),
    );
    const middle = entries[Math.floor(entries.length / 2)]!;
    const then = await exported(events, '--fund', fundId, '--recorded-at', middle.recordedAt);
    const before = events.filter(({ recordedAt }) => recordedAt <= middle.recordedAt);
    expect(balancesOfHledger(then.path)).toEqual(balancesOfOurs(before));
  });
});

describe('an export for hledger', () => {
  it('names every account of the chart', () => {
    for (const account of [...personAccounts, ...documentAccounts, 'cash', 'bank.vcb.1', 'stock.milk'])
      expect(hledgerAccount(account)).not.toMatch(/^other/);
    expect(hledgerAccount('bank.vcb.1')).toBe('assets:bank:vcb.1');
    expect(hledgerAccount('income.donation')).toBe('income:donation');
    expect(hledgerAccount('expense.bank-fee')).toBe('expenses:bank-fee');
  });

  it('has a transaction an entry with its number, date and id, and exact amounts', async () => {
    const { fundId, events } = funds[0]!;
    const { path } = await exported(events, '--fund', fundId);
    const text = await readFile(path, 'utf8');
    const entries = events.filter(({ data }) => 'postings' in data);
    expect(text.match(/^\d{4}-\d{2}-\d{2} \(\d+\) .*entry:/gm)).toHaveLength(entries.length);
    expect(text).toContain('2099-01-01 (9999) journal posted  ; entry:journal.made-up, recorded:');
    expect(text).toContain('    assets:cash  -0.05 USD  ; purpose:unrestricted\n');
    expect(text).toContain('    assets:cash  90071992547409931 VND  ; purpose:unrestricted\n');
    expect(minorUnitDigits.USD).toBe(2);
  });

  it('refuses a fund that is not there, and times that are none', async () => {
    const { events } = funds[0]!;
    expect(await exported(events, '--fund', 'ZZ')).toMatchObject({ code: 2, said: 'There is no fund ZZ.\n' });
    for (const wish of [
      ['--as-of', '2025-02-30'],
      ['--recorded-at', 'yesterday'],
    ])
      expect(await exported(events, '--fund', 'LS', ...wish)).toMatchObject({ code: 2 });
  });
});
