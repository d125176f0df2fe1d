import { Injectable } from '@nestjs/common';
import type { ControlTotals } from '#domain/statement/control-totals.policy.js';
import type { ForeseenRows } from '#domain/statement/statement.events.js';
import type { LocalDate } from '#kernel/dates.js';
import { moneyJson } from '#kernel/money.js';
import { AccountBalanceQuery, type AskedAccount } from '../read/account-balance/account-balance.query.js';
import { CampaignQuery } from '../read/campaign/campaign.query.js';
import { DoublesQuery } from '../read/statement/doubles.query.js';
import { KnownRowsQuery } from '../read/statement/known-rows.query.js';
import { destinationsBy } from '../statement/named-appeals.js';
import { RowsDigest } from '../statement/rows-digest.js';
import { StatementFiles } from '../statement/statement-files.js';
import type { BookedRow } from '../statement/statement-rows.js';
import { Tally } from '../statement/statement-tally.js';
import { inBatches, type Recordable } from '../statement/statement-walk.js';
import { StatementDoubles } from './statement-doubles.js';

/** What a statement adds up to, what its rows would become now, and what tells the same rows in another file. */
export interface Foreseen {
  readonly totals: ControlTotals;
  readonly foreseen: ForeseenRows;
  readonly rowsDigest: string;
}

/** What is counted while the rows go by. */
interface Counting {
  readonly tally: Tally;
  readonly doubles: StatementDoubles;
}

/** Goes over a statement and says what would happen; nothing is recorded. */
@Injectable()
export class StatementForecast {
  constructor(
    private readonly files: StatementFiles,
    private readonly known: KnownRowsQuery,
    private readonly campaigns: CampaignQuery,
    private readonly balances: AccountBalanceQuery,
    private readonly doubles: DoublesQuery,
  ) {}

  /**
   * Counts every row, as far as this service's tables and the ledger's word have come; refuses with a fault of the file.
   * `digest` is the keyed one of the file's bytes.
   */
  async of(account: AskedAccount, rows: AsyncIterable<BookedRow>, digest: string): Promise<Foreseen> {
    const walk = this.files.walk(account, account.currency);
    const appeals = await this.campaigns.appeals(account.fundId);
    const counting: Counting = {
      tally: new Tally(destinationsBy(appeals, account.account), account.currency),
      doubles: await StatementDoubles.of(this.doubles, account),
    };
    const rowsTold = new RowsDigest();
    for await (const batch of inBatches(walk, digested(rows, rowsTold))) await this.#count(batch, counting);
    const totals = walk.totals();
    const rowsDigest = this.files.keyed(rowsTold.end());
    const foreseen = {
      ...counting.tally.told(),
      ...counting.doubles.told(),
      ...(await this.#againstBooks(account, totals, counting)),
      ...(await this.#oddities(account, { rowsDigest, digest })),
    };
    return { totals, foreseen, rowsDigest };
  }

  async #count(batch: readonly Recordable[], { tally, doubles }: Counting): Promise<void> {
    const recorded = await this.known.recorded(batch);
    const ids = [...recorded.values()].map(({ recordedAs }) => recordedAs);
    const posted = ids.length === 0 ? new Set<string>() : await this.known.posted(ids);
    const fresh = await doubles.settled(batch.filter(({ id }) => !recorded.has(id)));
    for (const one of fresh) tally.countNew(one);
    for (const one of batch) {
      const known = recorded.get(one.id);
      if (known) tally.countKnown(one, posted.has(known.recordedAs));
    }
  }

  /** What the books stand at without the file's own rows, and what of it the bank's balances do not say. */
  async #againstBooks(
    account: AskedAccount,
    { firstOn, lastOn }: ControlTotals,
    { tally, doubles }: Counting,
  ): Promise<Pick<ForeseenRows, 'bookBalance' | 'closingDifference' | 'laterOpening'>> {
    const [first, last] = [await this.#bankAt(account, firstOn), await this.#bankAt(account, lastOn)];
    const { firstDay, later } = tally.posted;
    // What the books have of what rows or open items say is told by those: it is neither before them nor beside them.
    const told = (from: string, to: string): bigint =>
      doubles.toldTwice.reduce((sum, { on, amount }) => (on > from && on <= to ? sum + amount : sum), 0n);
    const book = first - firstDay - told('', firstOn);
    const beside = last - first - later - told(firstOn, lastOn);
    const opening = await this.balances.openedAfter(account, firstOn);
    const isLater = opening && tally.hasNewUntil(opening.effectiveOn);
    const sum = (minor: bigint) => moneyJson({ minor, currency: account.currency });
    return {
      bookBalance: sum(book),
      ...(beside !== 0n && { closingDifference: sum(beside) }),
      ...(isLater && { laterOpening: opening }),
    };
  }

  /** The books' balance with what bank items claim on the days of those. */
  async #bankAt(account: AskedAccount, day: LocalDate): Promise<bigint> {
    return (await this.balances.at(account, day)) + (await this.doubles.claimedElsewhen(account, day));
  }

  async #oddities(
    account: AskedAccount,
    digests: Parameters<DoublesQuery['sameFile']>[1],
  ): Promise<Pick<ForeseenRows, 'sameFile' | 'accountNew'>> {
    const sameFile = await this.doubles.sameFile(account, digests);
    const isKnown = await this.doubles.isAccountKnown(account);
    return { ...(sameFile && { sameFile }), ...(!isKnown && { accountNew: true }) };
  }
}

async function* digested(rows: AsyncIterable<BookedRow>, digest: RowsDigest): AsyncGenerator<BookedRow> {
  for await (const row of rows) {
    digest.add(row);
    yield row;
  }
}
