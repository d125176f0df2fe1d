import { balancesOf, everyItem, type ListedReceipt, type PurposeBalance } from './figures.js';
import type { People } from './people.js';
import { settled } from './settled.js';
import { castOf, type Stage } from './stage.js';
import { openStoryFund, StoryPlayer, type Narrator, type StoryEnd } from './story-player.js';
import { donations2024 } from './story.js';

/** What two played years show at their end; the demo's test holds it against what it must be. */
export interface StoryFigures extends StoryEnd {
  /** By purpose as of the last day of 2024, and of the story. */
  readonly endOf2024: readonly PurposeBalance[];
  readonly atTheEnd: readonly PurposeBalance[];
  /** Every number given, void ones too, in order. */
  readonly receipts: readonly ListedReceipt[];
}

/** The first morning of the story. */
export const storyBegins = '2024-01-02T08:00:00+07:00';

const donations2025 = 7;
const voidedOrPaidBack = 1;
const settleWithinMs = 60_000;

/** Plays the fund's two years on the stage and waits until every receipt has its number and every mail has gone. */
export async function playTwoYears(
  stage: Stage,
  tell: Narrator,
): Promise<StoryFigures & { readonly people: People }> {
  const { people, fundId } = await castOf(stage, ({ api }) => openStoryFund(api), '2024-01-02');
  const end = await new StoryPlayer(people, stage.clock, fundId, tell).play();
  const api = people.accountant.api;
  const receiptsOf = (): Promise<readonly ListedReceipt[]> =>
    everyItem<ListedReceipt>(api, `/v1/receipts?fund=${fundId}`);
  const expected = donations2024.length + donations2025 + voidedOrPaidBack;
  await settled('every receipt', settleWithinMs, async () => {
    const receipts = await receiptsOf();
    const waiting = receipts.some(({ status, mail }) => status === 'in-force' && mail.state === 'pending');
    return receipts.length === expected && !waiting;
  });
  const receipts = [...(await receiptsOf())].sort((a, b) => (a.number < b.number ? -1 : 1));
  return {
    ...end,
    people,
    endOf2024: await balancesOf(api, fundId, '2024-12-31'),
    atTheEnd: await balancesOf(api, fundId),
    receipts,
  };
}
