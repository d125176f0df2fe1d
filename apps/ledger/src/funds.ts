import type { Handler } from '#event-store/handle.js';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { FundState } from '#domain/fund/fund.state.js';

/** Token of {@link Funds}. */
export const FUNDS = Symbol('Funds');

/** The three ways to a fund: commands, messages, and reading it. */
export type Funds = Handler<FundState, FundCommand, FundEvent>;
