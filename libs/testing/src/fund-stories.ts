import type { BankItem } from '#domain/fund/bank-item.events.js';
import type { EntrySource } from '#domain/fund/entry.events.js';
import type { OpenFundCommand } from '#domain/fund/founding.decide.js';
import type { PostDonation } from '#domain/fund/donations.decide.js';
import { fund, type FundCommand } from '#domain/fund/fund.decide.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { FundState, OpenFund } from '#domain/fund/fund.state.js';
import { localDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';

/** The fund of the stories. */
export const fundId = '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e';
/** Its one purpose, with the code `SCHOOL`. */
export const schoolPurpose = '0b1c0f52-6d0f-5b7e-8f1a-3c2d4e5f6a7b';

/** So many đồng. */
export function vnd(amount: number): MoneyJson {
  return { amount: String(amount), currency: 'VND' };
}

/** Opens the made-up provincial fund LS on 1 January 2024, with a bank account and the purpose `SCHOOL`. */
export function openLangSon(changes: Partial<OpenFundCommand> = {}): OpenFundCommand {
  return {
    type: 'OpenFund',
    fundId,
    about: {
      code: 'LS',
      level: 'province',
      regime: 'public-service-unit',
      name: { vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', en: 'Lang Son Child Protection Fund' },
      decision: { number: '12/QĐ-UBND', date: localDate('2023-12-20'), issuer: 'UBND tỉnh Lạng Sơn' },
      openedOn: localDate('2024-01-01'),
      zone: 'Asia/Ho_Chi_Minh',
      currency: 'VND',
    },
    bankAccounts: ['bank.vcb1'],
    purposes: [{ purpose: schoolPurpose, code: 'SCHOOL', name: { vi: 'Trường học', en: 'Schools' } }],
    openingBalances: [],
    today: localDate('2024-01-02'),
    ...changes,
  };
}

/** A donation by bank for nothing in particular, received on 15 March 2024. */
export function aSource(donationId: string, changes: Partial<EntrySource> = {}): EntrySource {
  return {
    donationId,
    donor: { kind: 'anonymous' },
    method: 'bank',
    account: 'bank.vcb1',
    amount: vnd(500_000),
    items: [],
    purpose: 'unrestricted',
    receivedOn: localDate('2024-03-15'),
    language: 'vi',
    ...changes,
  };
}

/** A donation in kind: twelve and a half boxes of milk for the schools, valued, and three blankets that nobody valued. */
export function thingsSource(donationId: string, changes: Partial<EntrySource> = {}): EntrySource {
  const { account: _account, amount: _amount, ...source } = aSource(donationId);
  return {
    ...source,
    method: 'in-kind',
    purpose: schoolPurpose,
    items: [
      {
        item: 'milk',
        name: 'Sữa hộp',
        quantity: '12.5',
        unit: 'box',
        valuation: { value: vnd(2_500_000), basis: 'invoice' },
      },
      { item: 'blanket', name: 'Chăn bông', quantity: '3', unit: 'piece' },
    ],
    ...changes,
  };
}

/** Posts a donation told of at this instant, the day on which {@link aSource} was received. */
export function post(source: EntrySource, toldAt = '2024-03-15T03:00:00Z'): PostDonation {
  return { type: 'PostDonation', source, toldAt };
}

/** What a fund has lived through after these commands, each decided on what the ones before it made. */
export function fundHistory(...commands: readonly FundCommand[]): readonly FundEvent[] {
  const events: FundEvent[] = [];
  let state: FundState = fund.initialState;
  for (const command of commands)
    for (const event of fund.decide(state, command)) {
      state = fund.evolve(state, event);
      events.push(event);
    }
  return events;
}

/** The fund after these commands, as {@link fundHistory}. Throws where none of them opened it. */
export function fundAfter(...commands: readonly FundCommand[]): OpenFund {
  const events = fundHistory(...commands);
  const state = events.reduce<FundState>((folded, event) => fund.evolve(folded, event), fund.initialState);
  if (state.status === 'none') throw new Error('the story has no fund');
  return state;
}

/** A movement of `bank.vcb1` on 10 September 2024, of so many đồng: a row where money went out, else unexplained. */
export function aBankItem(bankItemId: string, amount: number, changes: Partial<BankItem> = {}): BankItem {
  return {
    bankItemId,
    account: 'bank.vcb1',
    kind: amount < 0 ? 'debit' : 'unexplained',
    amount: vnd(amount),
    bookedOn: localDate('2024-09-10'),
    statementId: '51111111-1111-4111-8111-111111111111',
    line: 10_694,
    ...changes,
  };
}
