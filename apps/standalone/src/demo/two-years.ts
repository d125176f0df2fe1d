import type { Api } from './api.js';
import {
  balancesOf,
  everyItem,
  isDelivered,
  totalOf,
  type ListedDonation,
  type ListedPledge,
  type ListedReceipt,
  type PurposeBalance,
  type ShownItem,
  type Sum,
  type TrialBalance,
} from './figures.js';
import type { People } from './people.js';
import { settled } from './settled.js';
import type { Stage } from './stage.js';
import { openStoryFund, StoryPlayer, type Narrator, type StoryEnd } from './story-player.js';
import {
  campaign2025,
  donations2024,
  launchDonations,
  launchThings,
  pledges2025,
  typedTwice,
  type StoryDonation,
} from './story.js';

/** What two played years leave in the books, asked of the API. */
export interface StoryFigures {
  readonly donations: readonly ListedDonation[];
  readonly endOf2024: readonly PurposeBalance[];
  /** As of the day of the 2025 campaign's launch. */
  readonly atTheLaunch: readonly PurposeBalance[];
  readonly atTheEnd: readonly PurposeBalance[];
  /** Those fallen due first come first. */
  readonly pledges: readonly ListedPledge[];
  readonly refunded: { readonly amount: Sum; readonly left: Sum };
  readonly things: readonly ShownItem[];
  readonly trialBalance: TrialBalance;
  /** Every number given, void ones too, in order. */
  readonly receipts: readonly ListedReceipt[];
}

/** The first morning of the story. */
export const storyBegins = '2024-01-02T08:00:00+07:00';

const settleWithinMs = 60_000;

const underPledges = pledges2025.flatMap(({ comes }) => comes ?? []);
const money = [...donations2024, ...launchDonations, typedTwice, ...underPledges];
const valued = launchThings.items.map((item) => ('valuation' in item ? item.valuation.value : null));
const sumOf = (donations: readonly StoryDonation[]): bigint =>
  donations.reduce((sum, { vnd }) => sum + BigInt(vnd), 0n);

/** One for each donation of money, one for the things, and one for what the refund has left. */
const numbersGiven = money.length + 2;
const received = sumOf(money) + totalOf(valued);
const paid = sumOf(underPledges);

/** Plays the fund's two years on the stage and waits until nothing is under way any more. */
export async function playTwoYears(
  stage: Stage,
  tell: Narrator,
): Promise<{ readonly people: People; readonly figures: StoryFigures }> {
  const { people, fundId } = await stage.cast(({ api }) => openStoryFund(api), storyBegins.slice(0, 10));
  const end = await new StoryPlayer(people, stage.clock, fundId, tell).play();
  let figures = await figuresOf(people.accountant.api, end);
  await settled('the last of the books and receipts', settleWithinMs, async () => {
    figures = await figuresOf(people.accountant.api, end);
    return isOver(figures);
  });
  return { people, figures };
}

async function figuresOf(api: Api, { fundId, inKind, refunded }: StoryEnd): Promise<StoryFigures> {
  const receipts = await everyItem<ListedReceipt>(api, `/v1/receipts?fund=${fundId}`);
  const pledges = await everyItem<ListedPledge>(api, `/v1/pledges?fundId=${fundId}`);
  const given = await api.get<{ readonly items: readonly ShownItem[] }>(`/v1/donations/${inKind}`);
  return {
    donations: await everyItem<ListedDonation>(api, `/v1/donations?fundId=${fundId}`),
    receipts: receipts.toSorted((a, b) => (a.number < b.number ? -1 : 1)),
    pledges: pledges.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1)),
    things: given.items,
    refunded: await api.get<StoryFigures['refunded']>(`/v1/donations/${refunded}`),
    endOf2024: await balancesOf(api, fundId, '2024-12-31'),
    atTheLaunch: await balancesOf(api, fundId, campaign2025.launchOn),
    atTheEnd: await balancesOf(api, fundId),
    trialBalance: await api.get<TrialBalance>(`/v1/funds/${fundId}/trial-balance`),
  };
}

/** Services follow each other by messages, each at its own pace. */
function isOver({ donations, receipts, pledges, atTheEnd }: StoryFigures): boolean {
  return (
    receipts.length >= numbersGiven &&
    receipts.every(isDelivered) &&
    donations.every(({ pending }) => pending === null) &&
    totalOf(atTheEnd.map((purpose) => purpose.received)) >= received &&
    totalOf(pledges.map(({ paid }) => paid)) >= paid &&
    pledges.some(({ status }) => status === 'withdrawn')
  );
}
