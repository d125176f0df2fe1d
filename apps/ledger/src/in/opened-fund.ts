import type { OpenFund } from '#domain/fund/fund.state.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { streamOf } from '../fund-streams.js';
import type { Funds } from '../funds.js';

/** What a fund is, from its stream, which knows it at once; throws `fund/unknown`. */
export async function openedFund(funds: Funds, fundId: string): Promise<OpenFund['about']> {
  const { state } = await funds.load(streamOf(fundId));
  if (state.status === 'none') throw new DomainRefusal('fund/unknown');
  return state.about;
}
