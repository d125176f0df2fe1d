import type { Api } from './api.js';
import { balancesOf, inDong, totalOf } from './figures.js';
import type { People } from './people.js';
import { ProgressBar } from './progress-bar.js';
import { settled } from './settled.js';
import type { Stage } from './stage.js';
import { recordCredits } from './statement-player.js';
import type { Credit } from './statement.js';

/** What stands after a statement was recorded; equal numbers, or something was lost or doubled. */
export interface StatementFigures {
  readonly donations: number;
  readonly entries: number;
  /** Numbers given. */
  readonly receipts: number;
  /** VND recorded, and VND that the books have received. */
  readonly sum: bigint;
  readonly received: bigint;
}

/** The morning after the last row of the statement. */
export const statementBegins = '2024-10-01T08:00:00+07:00';

const account = 'bank.2000000001';
const settleWithinMs = 600_000;

/**
 * Records every credit of a bank statement through the API, and waits until the last has its receipt number.
 */
export async function playStatement(
  stage: Stage,
  credits: readonly Credit[],
): Promise<{ readonly people: People; readonly figures: StatementFigures }> {
  const { people, fundId } = await stage.cast(
    ({ api }) => openStatementFund(api),
    statementBegins.slice(0, 10),
  );
  const { api } = people.accountant;
  const recording = new ProgressBar(credits.length);
  const sum = await recordCredits(api, credits, { fundId, account }, (recorded, sumSoFar) => {
    recording.show(recorded, () => `recorded, ${inDong(sumSoFar)}`);
  });
  const numbering = new ProgressBar(credits.length);
  let figures = await figuresOf(api, fundId, credits.length, sum);
  await settled('the last receipt number', settleWithinMs, async () => {
    figures = await figuresOf(api, fundId, credits.length, sum);
    numbering.show(figures.receipts, () => 'numbered');
    return figures.receipts >= credits.length && figures.received >= sum;
  });
  return { people, figures };
}

async function figuresOf(
  api: Api,
  fundId: string,
  donations: number,
  sum: bigint,
): Promise<StatementFigures> {
  return {
    donations,
    sum,
    entries: await lastEntry(api, fundId),
    receipts: await lastNumber(api, fundId),
    received: totalOf((await balancesOf(api, fundId)).map(({ received }) => received)),
  };
}

async function openStatementFund(administrator: Api): Promise<string> {
  const { fundId } = await administrator.post<{ readonly fundId: string }>('/v1/funds', {
    code: 'SK',
    level: 'province',
    name: { vi: 'Quỹ theo sao kê (giả định)', en: 'Fund of the statement (made up)' },
    decision: { number: '02/QĐ-GĐ', date: '2024-09-01', issuer: 'UBND tỉnh (giả định)' },
    openedOn: '2024-09-01',
    bankAccounts: [{ account }],
  });
  return fundId;
}

/** Numbers have no gap, so the last one tells how many there are. */
async function lastNumber(api: Api, fundId: string): Promise<number> {
  const { items } = await api.get<{ readonly items: readonly { readonly number: string }[] }>(
    `/v1/receipts?fund=${fundId}&limit=1`,
  );
  return Number.parseInt(items[0]?.number.split('-').at(-1) ?? '0', 10);
}

async function lastEntry(api: Api, fundId: string): Promise<number> {
  const { lastEntryNumber } = await api.get<{ readonly lastEntryNumber: number }>(`/v1/funds/${fundId}`);
  return lastEntryNumber;
}
