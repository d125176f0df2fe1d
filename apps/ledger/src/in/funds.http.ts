import { fundZone, localDate, type LocalDate } from '#kernel/dates.js';
import { valuesOf } from '#kernel/keyed.js';
import { minorUnitDigits, moneyJson, type Currency, type MoneyJson } from '#kernel/money.js';
import type { NewPurpose, OpenFundCommand } from '#domain/fund/founding.decide.js';
import type { FundLevel, FundRegime } from '#domain/fund/fund.events.js';
import type { OpenFund } from '#domain/fund/fund.state.js';
import { unrestricted } from '#domain/fund/postings.policy.js';
import {
  IsChoice,
  IsDay,
  IsId,
  IsListOf,
  IsMoney,
  IsPart,
  IsPattern,
  IsText,
  type MoneyBody,
} from '#platform/http/fields.js';
import { purposeIdOfCode } from '../fund-streams.js';

const purposeCode = /[A-Z0-9][A-Z0-9-]{1,19}/;
const moneyAccount = /cash|bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}/;

/** A name in both languages. */
export class NameBody {
  @IsText({ max: 300 })
  readonly vi!: string;

  @IsText({ max: 300 })
  readonly en!: string;
}

/** The decision that founds a fund. */
export class DecisionBody {
  @IsText({ max: 60 })
  readonly number!: string;

  @IsDay()
  readonly date!: string;

  @IsText({ description: 'who signed it, such as UBND tỉnh Lạng Sơn' })
  readonly issuer!: string;
}

/** Opens a purpose. */
export class PurposeBody {
  @IsPattern(purposeCode, { description: 'unique in the fund, such as HEART' })
  readonly code!: string;

  @IsPart(() => NameBody)
  readonly name!: NameBody;
}

/** A bank account of the fund. */
export class BankAccountBody {
  @IsText({ max: 70, description: 'bank.<account>; the cash account is always there' })
  readonly account!: string;
}

/** What the fund holds on its first day. */
export class OpeningBalanceBody {
  @IsPattern(moneyAccount)
  readonly account!: string;

  @IsText({
    optional: true,
    max: 20,
    description: 'the code of a purpose named here; unrestricted when absent',
  })
  readonly purpose?: string;

  @IsMoney()
  readonly amount!: MoneyBody;
}

/** Opens a fund. */
export class FundBody {
  @IsText({ max: 10, description: '2 to 10 capital letters or digits, unique over all funds, such as LS' })
  readonly code!: string;

  @IsChoice(['national', 'province', 'commune', 'district'], {
    description: 'district is refused: abolished',
  })
  readonly level!: FundLevel | 'district';

  @IsChoice(['public-service-unit', 'charity-fund', 'campaign-body'], {
    optional: true,
    description: 'the law that it keeps books under; public-service-unit when absent',
  })
  readonly regime?: FundRegime;

  @IsPart(() => NameBody)
  readonly name!: NameBody;

  @IsPart(() => DecisionBody)
  readonly decision!: DecisionBody;

  @IsText({ optional: true, max: 300 })
  readonly address?: string;

  @IsDay({ description: 'the first day of its books' })
  readonly openedOn!: string;

  @IsChoice(Object.keys(minorUnitDigits), { optional: true, description: 'VND when absent' })
  readonly currency?: Currency;

  @IsId({ optional: true })
  readonly parentFundId?: string;

  @IsListOf(() => BankAccountBody, { optional: true, max: 50 })
  readonly bankAccounts?: readonly BankAccountBody[];

  @IsListOf(() => PurposeBody, { optional: true, max: 200 })
  readonly purposes?: readonly PurposeBody[];

  @IsListOf(() => OpeningBalanceBody, { optional: true, max: 500 })
  readonly openingBalances?: readonly OpeningBalanceBody[];
}

/** The command of a body; `parentLevel` is what the parent's stream says. */
export function openFundCommand(
  fundId: string,
  body: FundBody,
  parentLevel: FundLevel | undefined,
  today: LocalDate,
): OpenFundCommand {
  const { parentFundId, bankAccounts = [] } = body;
  const purposes = (body.purposes ?? []).map((purpose) => newPurpose(fundId, purpose));
  const above = parentLevel === undefined ? {} : { level: parentLevel };
  return {
    type: 'OpenFund',
    fundId,
    about: aboutOf(body),
    ...(parentFundId === undefined ? {} : { parent: { fundId: parentFundId, ...above } }),
    bankAccounts: bankAccounts.map(({ account }) => account),
    purposes,
    openingBalances: openingOf(body, purposes),
    today,
  };
}

function aboutOf(body: FundBody): OpenFundCommand['about'] {
  const { code, level, regime = 'public-service-unit', name, decision, address, currency = 'VND' } = body;
  return {
    code,
    level,
    regime,
    name: { vi: name.vi, en: name.en },
    decision: { number: decision.number, date: localDate(decision.date), issuer: decision.issuer },
    ...(address === undefined ? {} : { address }),
    openedOn: localDate(body.openedOn),
    zone: fundZone,
    currency,
  };
}

/** An opening balance names its purpose by code; a code that is not among them is left for the rules to refuse. */
function openingOf(
  { openingBalances = [] }: FundBody,
  purposes: readonly NewPurpose[],
): OpenFundCommand['openingBalances'] {
  return openingBalances.map(({ account, purpose = unrestricted, amount }) => ({
    account,
    purpose: purposes.find(({ code }) => code === purpose)?.purpose ?? purpose,
    amount: { amount: amount.amount, currency: amount.currency },
  }));
}

/** A purpose of a body, with the id that its code gives it. */
export function newPurpose(fundId: string, { code, name }: PurposeBody): NewPurpose {
  return { purpose: purposeIdOfCode(fundId, code), code, name: { vi: name.vi, en: name.en } };
}

/** A fund as the API tells it. */
export interface FundView extends Omit<OpenFund['about'], 'parentFundId'> {
  readonly fundId: string;
  readonly parentFundId: string | null;
  readonly accounts: readonly string[];
  readonly purposes: readonly PurposeView[];
  /** Number of its last entry; 0 before the first. */
  readonly lastEntryNumber: number;
  /** How many donations stand in suspense. */
  readonly inSuspense: number;
  /** How many bank items wait for somebody to say what they were. */
  readonly toClassify: number;
  /** The last closed day of its books; null while all are open. */
  readonly closedThrough: string | null;
  /** Revision of its last event, from 0. */
  readonly revision: number;
}

/** A purpose as the API tells it. */
export interface PurposeView {
  readonly purpose: string;
  readonly code: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly campaignId: string | null;
  /** Whether it takes donations. */
  readonly open: boolean;
}

/** The fund as its events say. */
export function fundView(fundId: string, state: OpenFund, revision: number): FundView {
  return {
    fundId,
    ...state.about,
    parentFundId: state.about.parentFundId ?? null,
    accounts: ['cash', ...state.bankAccounts],
    purposes: Object.keys(state.purposes).flatMap((purpose) => purposeView(state, purpose) ?? []),
    lastEntryNumber: state.lastEntryNumber,
    inSuspense: state.diverted.size,
    toClassify: [...valuesOf(state.bankItems)].filter(({ entryId }) => entryId === undefined).length,
    closedThrough: state.closedThrough,
    revision,
  };
}

/** A purpose of the fund as its events say; undefined where there is none. */
export function purposeView({ purposes }: OpenFund, purpose: string): PurposeView | undefined {
  const found = Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined;
  if (!found) return undefined;
  const { code, name, campaignId, open } = found;
  return { purpose, code, name, campaignId: campaignId ?? null, open };
}

/** Minor units of a currency as money in an answer. */
export function moneyOf(minor: bigint, currency: string): MoneyJson {
  return moneyJson({ minor, currency: currency as Currency });
}
