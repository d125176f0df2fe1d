import type { FundEvent } from '#domain/fund/fund.events.js';
import type { LocalDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { minorUnitDigits, type Currency, type MoneyJson } from '#kernel/money.js';
import { formatPosition, type Position } from '#kernel/position.js';
import { entryEvent, type Posted } from './checks/books.js';
import { CliFault } from './fault.js';

/** Which part of which fund's books is written. */
export interface HledgerWish {
  /** Code or id. */
  readonly fund: string;
  /** Only what counts up to this date. */
  readonly asOf?: LocalDate;
  /** Only what was recorded up to this instant, its whole millisecond included. */
  readonly recordedAt?: string;
}

/** What was written, and the position of its last entry. */
export interface HledgerEnd {
  readonly entries: number;
  readonly position: Position | null;
}

const kinds: Readonly<Record<string, readonly [name: string, type: string]>> = {
  cash: ['assets', 'C'],
  bank: ['assets', 'C'],
  ...Object.fromEntries(
    ['clearing', 'stock', 'deposit', 'receivable', 'advance'].map((kind) => [kind, ['assets', 'A']]),
  ),
  suspense: ['liabilities', 'L'],
  payable: ['liabilities', 'L'],
  equity: ['equity', 'E'],
  'between-purposes': ['equity', 'E'],
  income: ['income', 'R'],
  expense: ['expenses', 'X'],
};

/** What an account of the chart is called in hledger: `bank.vcb1` is `assets:bank:vcb1`, `income.donation` is `income:donation`. */
export function hledgerAccount(account: string): string {
  const dot = account.indexOf('.');
  const kind = dot < 0 ? account : account.slice(0, dot);
  const rest = dot < 0 ? [] : [account.slice(dot + 1)];
  const [name = 'other'] = kinds[kind] ?? [];
  const named = name.startsWith(kind) && rest.length > 0 ? [name] : [name, kind];
  return [...named, ...rest].join(':');
}

/**
 * The books of a fund as an hledger journal, a transaction an entry in the order in which they were recorded, with purposes
 * as tags. Nothing in it is personal. Throws {@link CliFault} `usage` at the end where no event tells of the fund.
 */
export async function* hledgerJournal(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  wish: HledgerWish,
  onEnd: (end: HledgerEnd) => void = () => undefined,
): AsyncIterable<string> {
  const journal = new Journal(wish);
  for await (const page of pages) {
    const text = page.map((event) => journal.take(event)).join('');
    if (text !== '') yield text;
  }
  yield journal.end();
  onEnd({ entries: journal.entries, position: journal.position });
}

class Journal {
  entries = 0;
  position: Position | null = null;
  #stream: string | undefined;
  readonly #codes = new Map<string, string>();
  readonly #accounts = new Set<string>();
  readonly #before: number;

  constructor(private readonly wish: HledgerWish) {
    this.#before = wish.recordedAt === undefined ? Infinity : Date.parse(wish.recordedAt) + 1;
  }

  take(event: RecordedEvent): string {
    const known = event as RecordedEvent<FundEvent>;
    if (known.type === 'FundOpened' && this.#isWanted(known.stream, known.data.code)) {
      this.#stream = known.stream;
      return headOf(known.data.code, this.wish);
    }
    if (event.stream !== this.#stream) return '';
    if (known.type === 'PurposeOpened') this.#codes.set(known.data.purpose, known.data.code);
    const entry = entryEvent(event);
    return entry && this.#counts(entry) ? this.#transaction(entry) : '';
  }

  end(): string {
    if (this.#stream === undefined) {
      const { fund } = this.wish;
      throw new CliFault('usage', { vi: `Không có quỹ ${fund}.`, en: `There is no fund ${fund}.` });
    }
    const accounts = [...this.#accounts].sort().map((account) => {
      const [, type = 'A'] = kinds[account.split('.')[0] ?? ''] ?? [];
      return `account ${hledgerAccount(account)}  ; type:${type}, key:${account}\n`;
    });
    const position = this.position ? formatPosition(this.position) : 'nothing';
    return `\n${accounts.join('')}\n; ${String(this.entries)} entries, at position ${position}\n`;
  }

  #isWanted(stream: string, code: string): boolean {
    return code === this.wish.fund || stream === `fund-${this.wish.fund.toLowerCase()}`;
  }

  #counts({ data, recordedAt }: RecordedEvent<Posted>): boolean {
    const { asOf } = this.wish;
    return Date.parse(recordedAt) < this.#before && (asOf === undefined || data.effectiveOn <= asOf);
  }

  #transaction(event: RecordedEvent<Posted>): string {
    const { entryId, entryNumber, effectiveOn, postings, stock } = event.data;
    const purposeOf = (purpose: string): string => this.#codes.get(purpose) ?? purpose;
    const received = 'source' in event.data ? `, received:${event.data.source.receivedOn}` : '';
    const told = `entry:${entryId}, recorded:${event.recordedAt}, position:${formatPosition(event.position)}${received}`;
    this.entries += 1;
    this.position = event.position;
    for (const { account } of postings) this.#accounts.add(account);
    return [
      `\n${effectiveOn} (${String(entryNumber)}) ${inWords(event.type)}  ; ${told}\n`,
      ...postings.map(
        ({ account, purpose, amount }) =>
          `    ${hledgerAccount(account)}  ${exactAmount(amount)}  ; purpose:${purposeOf(purpose)}\n`,
      ),
      ...stock.map(
        ({ item, quantity, unit, purpose }) =>
          `    ; stock:${quantity} ${unit.replaceAll(/[\s,]+/g, ' ')} ${item}, purpose:${purposeOf(purpose)}\n`,
      ),
    ].join('');
  }
}

function headOf(code: string, { asOf, recordedAt }: HledgerWish): string {
  const commodities = Object.entries(minorUnitDigits).map(
    ([currency, digits]) => `commodity 1000.${'0'.repeat(digits)} ${currency}\n`,
  );
  const until = asOf === undefined ? '' : `, as of ${asOf}`;
  const seen = recordedAt === undefined ? '' : `, as recorded at ${recordedAt}`;
  return `; The books of fund ${code}${until}${seen}\n\n${commodities.join('')}`;
}

/** `DonationPosted` as `donation posted`. */
function inWords(type: string): string {
  return type.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
}

function exactAmount({ amount, currency }: MoneyJson): string {
  const digits = minorUnitDigits[currency satisfies Currency];
  const sign = amount.startsWith('-') ? '-' : '';
  const figures = amount.slice(sign.length).padStart(digits + 1, '0');
  const whole = figures.slice(0, figures.length - digits);
  return `${sign}${whole}${digits === 0 ? '' : `.${figures.slice(-digits)}`} ${currency}`;
}
