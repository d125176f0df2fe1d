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
  receivedOn: dateContract,
  language: z.enum(['vi', 'en']),
});

export type SourceBlock = z.infer<typeof sourceBlock>;
