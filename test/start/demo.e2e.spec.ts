import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { password } from '#apps/standalone/src/demo/people.js';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { identityOf } from '#platform/embedded-postgres/processes.js';
import { Browser } from '#testing/browser.js';
import { build, Terminal } from '../terminal.js';

const statement = fileURLToPath(new URL('../data/statement-2024-09.csv.gz', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mangnon-demo-'));
const home = join(folder, 'demo');
const playedWithinMs = 180_000;

const terminals: Terminal[] = [];
/** Closed after the test that opened it. */
function opened(terminal: Terminal): Terminal {
  terminals.push(terminal);
  return terminal;
}

/** `npm run demo -- …`, on a machine whose fund has a mail server. */
function demo(...flags: readonly string[]): Terminal {
  const mailServer = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'quy@example.org' };
  return new Terminal(folder, mailServer, {
    command: 'npm',
    flags: ['run', '--silent', 'demo', '--', ...flags],
  });
}

/** Nothing of a demo or of its PostgreSQL is left running. */
function isGone(postgres: number): boolean {
  return [identityOf(postgres) === undefined, !existsSync(join(home, 'lock'))].every(Boolean);
}
const postgresOf = (data: string): number =>
  Number.parseInt(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8'), 10);

beforeAll(() => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.press('SIGINT');
    await terminal.ended();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('two years of a fund, played beside a running one', () => {
  let beside: Terminal;
  let besideAddress: string;
  let played: Terminal;
  let address: string;

  beforeAll(async () => {
    beside = new Terminal(join(folder, 'beside'));
    played = demo('--keep', '--dir', home);
    besideAddress = await beside.address();
    await played.said(/Still running;/, playedWithinMs);
    address = await played.address();
  }, 240_000);
  afterAll(async () => {
    for (const terminal of [beside, played]) {
      terminal.press('SIGINT');
      await terminal.ended();
    }
  }, 60_000);

  const shows = (section: string): void => expect(played.output).toContain(section);

  it('brings in 402,350,000 VND in 2024, from inside and outside the province', () => {
    shows(`
Donations received in 2024:
  in all                    402.350.000 ₫  17 donations
  agencies                   30.000.000 ₫  1 donation
  units                      40.350.000 ₫  3 donations
  businesses                307.500.000 ₫  6 donations
  individuals                23.000.000 ₫  5 donations
  anonymous                   1.500.000 ₫  2 donations
  inside the province       233.350.000 ₫  12 donations
  outside it                167.500.000 ₫  3 donations
`);
    shows(`
Balances by purpose as of 2024-12-31:
  unrestricted              442.200.000 ₫  available = opening 39.850.000 ₫ + received 402.350.000 ₫ − returned 0 ₫ − in stock 0 ₫
`);
  });

  it('launches the appeal of 2025 on 29 May, where money and things come in on the spot', () => {
    shows(`
2025-05-15  campaign LS2025 opened: appeal 08/TKG-MAU
`);
    shows(`
2025-05-29  launch of the appeal LS2025
2025-05-29  21.700.000 VND, cash, nurses
2025-05-29  3.000.000 VND, cash, binh
2025-05-29  750.000 VND, cash, anonymous
2025-05-29  milk, coats and books from starAnise, two of them valued
`);
    shows(`
Balances by purpose as of 2025-05-29, when the appeal was launched:
  unrestricted              437.200.000 ₫  available = opening 39.850.000 ₫ + received 402.350.000 ₫ − returned 5.000.000 ₫ − in stock 0 ₫
  LS2025                     25.450.000 ₫  available = opening 0 ₫ + received 47.550.000 ₫ − returned 0 ₫ − in stock 22.100.000 ₫
`);
    shows(`
Given in kind:
   1200 hộp Sữa tươi tiệt trùng 180 ml: 9.600.000 ₫ (invoice)
     50 chiếc Áo ấm trẻ em: 12.500.000 ₫ (council)
     85 quyển Truyện tranh đã qua sử dụng: not valued
`);
  });

  it('sees one pledge fulfilled, one in part, one withdrawn', () => {
    shows(`
Pledges:
  promised                  145.000.000 ₫
  came in                   100.000.000 ₫
  withdrawn                   5.000.000 ₫
  fulfilled                  40.000.000 ₫  due 2025-06-15, came in 40.000.000 ₫
  open                      100.000.000 ₫  due 2025-06-30, came in 60.000.000 ₫
  withdrawn                   5.000.000 ₫  due 2025-07-15, came in 0 ₫
`);
  });

  it('pays part of a donation back, voids another, and ends with books in balance', () => {
    shows(`
Taken back:
  refunded                    5.000.000 ₫  of 15.000.000 ₫
  voided                      3.000.000 ₫  1 donation
`);
    shows(`
Balances by purpose at the end:
  LS2025                    125.450.000 ₫  available = opening 0 ₫ + received 150.550.000 ₫ − returned 3.000.000 ₫ − in stock 22.100.000 ₫
  unrestricted              437.200.000 ₫  available = opening 39.850.000 ₫ + received 402.350.000 ₫ − returned 5.000.000 ₫ − in stock 0 ₫
`);
    shows(`
Trial balance:
  bank.1900000001           517.150.000 ₫                0 ₫
  cash                       45.500.000 ₫                0 ₫
  equity.opening                      0 ₫       39.850.000 ₫
  income.donation                     0 ₫      522.800.000 ₫
  income.in-kind                      0 ₫       22.100.000 ₫
  stock.coat                 12.500.000 ₫                0 ₫
  stock.milk                  9.600.000 ₫                0 ₫
  debit and credit          584.750.000 ₫      584.750.000 ₫
  difference                          0 ₫
`);
  });

  it('numbers every receipt of each year without a gap; a new one names the one that it replaces', () => {
    shows(`
Receipts:
  LS-2024-000001       50.000.000 ₫  named
  LS-2024-000002        2.000.000 ₫  named
  LS-2024-000003       18.450.000 ₫  named
  LS-2024-000004          500.000 ₫  anonymous
  LS-2024-000005       12.600.000 ₫  named
  LS-2024-000006        1.000.000 ₫  named
  LS-2024-000007       60.000.000 ₫  named
  LS-2024-000008       80.000.000 ₫  named
  LS-2024-000009        9.300.000 ₫  named
  LS-2024-000010       25.000.000 ₫  named
  LS-2024-000011       30.000.000 ₫  named
  LS-2024-000012       15.000.000 ₫  named (void)
  LS-2024-000013       72.500.000 ₫  named
  LS-2024-000014        3.000.000 ₫  named
  LS-2024-000015        1.000.000 ₫  anonymous
  LS-2024-000016        2.000.000 ₫  named
  LS-2024-000017       20.000.000 ₫  named
  LS-2025-000001       10.000.000 ₫  named (in place of LS-2024-000012)
  LS-2025-000002       21.700.000 ₫  named
  LS-2025-000003        3.000.000 ₫  named
  LS-2025-000004          750.000 ₫  anonymous
  LS-2025-000005            in kind  named
  LS-2025-000006        3.000.000 ₫  named (void)
  LS-2025-000007       40.000.000 ₫  named
  LS-2025-000008       60.000.000 ₫  named

`);
  });

  it('agrees with its replay', () => {
    expect(played.output).toMatch(/\nmangnon replay:\n(?:✓ .*\n)+Everything holds\.\n/);
    expect(played.output).toMatch(/✓ Receipts: .* \(25\)\n/);
  });

  it('can be looked at afterwards, its mails too, with codes from its own clock', async () => {
    played.type('\n');
    const [, code = ''] = await played.said(/quantri: (\d{6}) {2}giamdoc: \d{6}\n/);
    const browser = new Browser(address);
    await browser.open('/sign-in');
    await browser.submit('/sign-in', { login: 'quantri', password });
    await browser.submit('/sign-in/code', { code });
    const { html } = await browser.open('/inbox');
    const mails = [...html.matchAll(/(LS-202\d-\d{6}) [\s\S]*?<time datetime="([^"]{10})/g)];
    // Each of a donor with an address, on its day; the void ones were mailed before they were void.
    expect(mails.map(([, number, date]) => `${number} ${date}`)).toEqual([
      'LS-2025-000008 2025-06-27',
      'LS-2025-000007 2025-06-12',
      'LS-2025-000006 2025-05-30',
      'LS-2025-000005 2025-05-29',
      'LS-2025-000003 2025-05-29',
      'LS-2025-000001 2025-01-06',
      'LS-2024-000017 2024-12-30',
      'LS-2024-000016 2024-12-27',
      'LS-2024-000013 2024-09-10',
      'LS-2024-000012 2024-08-20',
      'LS-2024-000011 2024-07-19',
      'LS-2024-000010 2024-06-03',
      'LS-2024-000008 2024-05-27',
      'LS-2024-000007 2024-05-15',
      'LS-2024-000006 2024-04-11',
      'LS-2024-000002 2024-01-22',
      'LS-2024-000001 2024-01-16',
    ]);
  });

  it('keeps its folder to itself while it runs', async () => {
    const second = opened(demo('--dir', home));
    expect(await second.ended()).toBe(1);
    expect(second.output).toMatch(
      new RegExp(
        `^A demo is running in ${home} \\(process \\d+\\): stop it, or choose another folder with --dir\\.\n$`,
      ),
    );
  });

  it('stops on Ctrl-C, and the fund beside it has noticed nothing', async () => {
    const postgres = postgresOf(join(home, 'data'));
    played.press('SIGINT');
    await played.ended();
    expect(played.output).toMatch(/\nStopping …\nStopped\.\n$/);
    expect(isGone(postgres)).toBe(true);
    expect((await fetch(`${besideAddress}/health/ready`)).status).toBe(200);
  });

  it('leaves data that no fund can go on with, because its clock followed a story', async () => {
    const places = { MANGNON_DATA_DIR: join(home, 'data'), MANGNON_KEYS_DIR: join(home, 'keys') };
    const fund = opened(new Terminal(folder, places));
    expect(await fund.ended()).toBe(1);
    expect(fund.output).toBe(
      'Măng Non could not start: this data belongs to a demo, whose clock follows a story: choose another MANGNON_DATA_DIR\n',
    );
  });
});

/** What stands in a row, read without a parser of CSV: the last two columns are an amount and the balance. */
function creditIn(row: string): bigint {
  return BigInt(/,(\d*),\d+$/.exec(row)?.[1] ?? '');
}

describe('a bank statement', () => {
  const [header = '', ...rows] = gunzipSync(readFileSync(statement)).toString('utf8').trimEnd().split('\r\n');
  // The head of the file, the flawed line 10,694 with its neighbours, rows without a reference, references that repeat.
  const seen = new Set<string>();
  const chosen = rows.filter((row, index) => {
    const reference = row.split(',')[1] ?? '';
    const repeats = seen.has(reference);
    seen.add(reference);
    return index < 240 || Math.abs(index + 2 - 10_694) < 5 || reference === '' || repeats;
  });
  const cut = join(folder, 'cut.csv.gz');
  const credits = chosen.map(creditIn).filter((credit) => credit > 0n);

  beforeAll(() => writeFileSync(cut, gzipSync([header, ...chosen, ''].join('\r\n'))));

  it('has what it is cut for', () => {
    expect(chosen.length - credits.length).toBe(1);
    expect(chosen.filter((row) => row.split(',')[1] === '')).toHaveLength(2);
    expect(rows.map(creditIn).reduce((sum, credit) => sum + credit)).toBe(11_464_843_306n);
  });

  it('can be broken off in the middle, and nothing is left running', async () => {
    const terminal = opened(demo('--dir', home, '--statement', statement));
    await terminal.said(/\d+\/19999 recorded/);
    const postgres = postgresOf(join(home, 'data'));
    terminal.press('SIGINT');
    await terminal.ended();
    expect(terminal.output).toMatch(/\nStopped\.\n$/);
    expect(isGone(postgres)).toBe(true);
  });

  it('becomes a donation, an entry and a number for each credit, in place of what a killed demo left', async () => {
    const left = await startEmbeddedPostgres({ dataDirectory: join(home, 'data') });
    const terminal = opened(demo('--dir', home, '--statement', cut));
    await terminal.said(/Everything holds\.\n/, playedWithinMs);
    await left.ended;
    expect(await terminal.ended()).toBe(0);
    const count = String(credits.length);
    const sum = credits.reduce((total, credit) => total + credit).toLocaleString('vi-VN');
    expect(terminal.output).toContain(`
donations ${count} = entries ${count} = receipt numbers ${count}
recorded ${sum} ₫ = received in the books ${sum} ₫
`);
    expect(terminal.output).toMatch(
      new RegExp(
        `\n█{30} ${count}/${count} recorded, ${sum} ₫\n(.*numbered\n)*█{30} ${count}/${count} numbered\n`,
      ),
    );
    expect(terminal.output).toContain(`npx mangnon export events --data-dir ${join(home, 'data')}\n`);
  }, 240_000);

  it.each([
    ['that is not there', ['--statement', join(folder, 'none.csv')], /^There is no file .*none\.csv\.\n$/],
    [
      'in a folder of somebody else',
      ['--dir', join(folder, 'letters')],
      /^.*letters holds other files and was not made by the demo: .*\n$/,
    ],
    [
      'with a switch that there is not',
      ['--kepe'],
      /^Unknown option '--kepe': see npm run demo -- --help\.\n$/,
    ],
  ])('%s is refused in one sentence', async (_what, flags, sentence) => {
    mkdirSync(join(folder, 'letters'), { recursive: true });
    writeFileSync(join(folder, 'letters', 'letter.txt'), 'mine');
    const terminal = opened(demo(...flags));
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toMatch(sentence);
    expect(readFileSync(join(folder, 'letters', 'letter.txt'), 'utf8')).toBe('mine');
  });
});
