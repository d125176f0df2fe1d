import { z } from 'zod';

/** Money between services: decimal string of minor units, and an ISO 4217 code. */
export const moneyContract = z.object({
  amount: z.string().regex(/^(0|-?[1-9][0-9]{0,29})$/),
  currency: z.enum(['VND', 'USD', 'EUR', 'JPY', 'KRW']),
});

/** A calendar date `YYYY-MM-DD` in the fund's zone. */
export const dateContract = z.iso.date();

/** Classes of donors that registers are kept by. */
export const donorClassContract = z.enum(['agency', 'unit', 'business', 'individual']);

/**
 * Who gave, as other services may know it: record ids that only the vault can open, and the name of an organisation,
 * which is public. `unidentified` gave by bank transfer with a memo that nobody has confirmed yet.
 */
export const donorContract = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({ kind: z.literal('unidentified') }),
  z.object({
    kind: z.literal('named'),
    donorId: z.uuid().optional(),
    class: donorClassContract,
    inProvince: z.boolean(),
    subjectId: z.uuid(),
    /** The payer's name and address on vouchers (vault, donors). */
    identityRecordId: z.uuid(),
    /** Where the receipt is mailed to (vault, donors); no mail when absent. */
    contactRecordId: z.uuid().optional(),
    /** Whose key seals the contact, and every mail and address that comes of it: erased apart from the payer's. */
    contactSubjectId: z.uuid().optional(),
    organisation: z.string().optional(),
  }),
]);

/** One kind of thing given. Quantity is a decimal string in `unit`; without a valuation it stands by quantity only. */
export const itemContract = z.object({
  item: z.string(),
  name: z.string(),
  quantity: z.string().regex(/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})?$/),
  unit: z.string(),
  valuation: z
    .object({ value: moneyContract, basis: z.enum(['invoice', 'council', 'market', 'donor']) })
    .optional(),
});

/**
 * What every later service needs of a donation, carried along in the messages so that nobody calls back.
 * `account` is where money arrived (`cash` or `bank.<account>`), absent for a donation in kind.
 */
export const sourceBlock = z.object({
  donationId: z.uuid(),
  donor: donorContract,
  method: z.enum(['cash', 'bank', 'in-kind']),
  account: z.string().optional(),
  /** Absent for a donation in kind. */
  amount: moneyContract.optional(),
  items: z.array(itemContract),
  /** `unrestricted`, or the id of a purpose. */
  purpose: z.string(),
  campaignId: z.uuid().optional(),
  pledgeId: z.uuid().optional(),
  /** The bank item that it was classified from: its money stands in suspense already. */
  bankItemId: z.uuid().optional(),
  receivedOn: dateContract,
  language: z.enum(['vi', 'en']),
});

export type SourceBlock = z.infer<typeof sourceBlock>;

/**
 * A movement of a bank account that is no donation: `debit` is a row of money that went out, `unexplained` what a balance
 * says beyond the amounts of its rows. `amount` is what it did to the account: below zero where money went out.
 */
export const bankItemBlock = z.object({
  bankItemId: z.uuid(),
  fundId: z.uuid(),
  /** `bank.<account>`. */
  account: z.string(),
  kind: z.enum(['debit', 'unexplained']),
  amount: moneyContract,
  /** The date that the bank booked it on. */
  bookedOn: dateContract,
  statementId: z.uuid(),
  /** Line of the statement that it was found on; the first line is 1. */
  line: z.number().int().positive(),
});

/**
 * What a person says that a bank item was: a fee of the bank on a purpose, cash taken out, money moved to or from an own
 * account, what the entry `entryId` says already, a donation, or what an account of the chart says.
 */
export const classificationContract = z.discriminatedUnion('as', [
  z.object({ as: z.literal('bank-fee'), purpose: z.string() }),
  z.object({ as: z.literal('cash-withdrawn') }),
  z.object({ as: z.literal('own-transfer'), account: z.string() }),
  z.object({ as: z.literal('posted'), entryId: z.string() }),
  z.object({ as: z.literal('donation') }),
  z.object({ as: z.literal('other'), account: z.string(), purpose: z.string() }),
]);
