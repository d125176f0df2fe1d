import {
  inDong,
  totalOf,
  type ListedDonation,
  type ListedPledge,
  type ListedReceipt,
  type PurposeBalance,
  type ShownItem,
  type TrialBalance,
} from './figures.js';
import type { StatementFigures } from './statement-day.js';
import type { StoryFigures } from './two-years.js';

/** What two years have come to, to be read by people. */
export function twoYearsReport(figures: StoryFigures): string {
  const { amount, left } = figures.refunded;
  const back = BigInt(amount.amount) - BigInt(left.amount);
  const voided = figures.donations.filter(({ status }) => status === 'voided');
  return [
    'Donations received in 2024:',
    ...totalsOf(figures.donations.filter(({ receivedOn }) => receivedOn.startsWith('2024-'))),
    'Balances by purpose as of 2024-12-31:',
    ...figures.endOf2024.map(balanceLine),
    'Balances by purpose as of 2025-05-29, when the appeal was launched:',
    ...figures.atTheLaunch.map(balanceLine),
    'Balances by purpose at the end:',
    ...figures.atTheEnd.map(balanceLine),
    'Given in kind:',
    ...figures.things.map(thingLine),
    'Pledges:',
    ...pledgeLines(figures.pledges),
    'Taken back:',
    line('refunded', back, `of ${inDong(amount.amount)}`),
    line('voided', totalOf(voided.map((donation) => donation.amount)), counted(voided.length)),
    'Trial balance:',
    ...trialLines(figures.trialBalance),
    'Receipts:',
    ...figures.receipts.map(receiptLine),
  ]
    .map((text) => (text.startsWith(' ') ? text : `\n${text}`))
    .join('\n');
}

/** What a statement has come to. */
export function statementReport(figures: StatementFigures): string {
  const { donations, entries, receipts, sum, received } = figures;
  return [
    `\ndonations ${String(donations)} = entries ${String(entries)} = receipt numbers ${String(receipts)}`,
    `recorded ${inDong(sum)} = received in the books ${inDong(received)}`,
  ].join('\n');
}

function line(name: string, sum: bigint | string, remark = ''): string {
  return `  ${name.padEnd(20)} ${inDong(sum).padStart(18)}  ${remark}`.trimEnd();
}

function counted(donations: number): string {
  return donations === 1 ? '1 donation' : `${String(donations)} donations`;
}

function totalsOf(donations: readonly ListedDonation[]): readonly string[] {
  const of = (name: string, chosen: (donor: ListedDonation['donor']) => boolean): string => {
    const some = donations.filter(({ donor }) => chosen(donor));
    return line(name, totalOf(some.map(({ amount }) => amount)), counted(some.length));
  };
  return [
    of('in all', () => true),
    of('agencies', (donor) => donor.class === 'agency'),
    of('units', (donor) => donor.class === 'unit'),
    of('businesses', (donor) => donor.class === 'business'),
    of('individuals', (donor) => donor.class === 'individual'),
    of('anonymous', (donor) => donor.kind === 'anonymous'),
    of('inside the province', (donor) => donor.inProvince === true),
    of('outside it', (donor) => donor.inProvince === false),
  ];
}

function balanceLine({
  purpose,
  code,
  opening,
  received,
  returned,
  available,
  stock,
}: PurposeBalance): string {
  const came = `opening ${inDong(opening.amount)} + received ${inDong(received.amount)}`;
  const gone = `returned ${inDong(returned.amount)} − in stock ${inDong(stock.amount)}`;
  return line(code ?? purpose, available.amount, `available = ${came} − ${gone}`);
}

function thingLine({ name, quantity, unit, valuation }: ShownItem): string {
  const worth = valuation ? `${inDong(valuation.value.amount)} (${valuation.basis})` : 'not valued';
  return `  ${quantity.padStart(5)} ${unit} ${name}: ${worth}`;
}

function pledgeLines(pledges: readonly ListedPledge[]): readonly string[] {
  const each = pledges.map(({ amount, paid, dueOn, status }) =>
    line(status, amount.amount, `due ${dueOn}, came in ${inDong(paid.amount)}`),
  );
  const sums = (some: readonly ListedPledge[]) => totalOf(some.map(({ amount }) => amount));
  return [
    line('promised', sums(pledges)),
    line('came in', totalOf(pledges.map(({ paid }) => paid))),
    line('withdrawn', sums(pledges.filter(({ status }) => status === 'withdrawn'))),
    ...each,
  ];
}

function trialLines({ lines, totals }: TrialBalance): readonly string[] {
  const columns = (name: string, debit: bigint, credit: bigint): string =>
    `  ${name.padEnd(20)} ${inDong(debit).padStart(18)} ${inDong(credit).padStart(18)}`;
  const debit = totalOf(totals.map(({ closingDebit }) => closingDebit));
  const credit = totalOf(totals.map(({ closingCredit }) => closingCredit));
  return [
    ...lines.map(({ account = '', closingDebit, closingCredit }) =>
      columns(account, BigInt(closingDebit.amount), BigInt(closingCredit.amount)),
    ),
    columns('debit and credit', debit, credit),
    line('difference', debit - credit),
  ];
}

function receiptLine({ number, status, amount, payer, replaces }: ListedReceipt): string {
  const notes = [status === 'void' ? 'void' : '', replaces === null ? '' : `in place of ${replaces}`];
  const note = notes.filter((text) => text !== '').join(', ');
  const worth = amount ? inDong(amount.amount) : 'in kind';
  return `  ${number} ${worth.padStart(18)}  ${note === '' ? payer : `${payer} (${note})`}`;
}
