import { z } from 'zod';
import { dateContract } from './source-block.js';

/** Topic of the access service; key and subject: the staff. It carries no names, only who may do what. */
export const accessTopic = 'mangnon.access.v1';

const staff = { staffId: z.uuid() };
/** A fund's id, or `*` for every fund. */
const fundOrAll = z.union([z.uuid(), z.literal('*')]);

/** A person became staff of a fund. */
export const staffRegisteredV1 = z.object({ ...staff, fundId: fundOrAll });

/** A role on a fund, and on those under it if `below`; both dates are inclusive. */
export const grantGivenV1 = z.object({
  ...staff,
  grantId: z.uuid(),
  role: z.enum(['administrator', 'accountant', 'cashier', 'approver', 'auditor', 'viewer']),
  fundId: fundOrAll,
  below: z.boolean(),
  from: dateContract,
  until: dateContract.nullable(),
});

/** A grant ended at once. */
export const grantWithdrawnV1 = z.object({ ...staff, grantId: z.uuid() });

/** May do nothing for now. */
export const staffSuspendedV1 = z.object(staff);

/** May act again. */
export const staffReinstatedV1 = z.object(staff);

/** Left for good, with every grant. */
export const staffWithdrawnV1 = z.object(staff);

/** Everything on {@link accessTopic}, by type. */
export const accessContracts = {
  'StaffRegistered.v1': staffRegisteredV1,
  'GrantGiven.v1': grantGivenV1,
  'GrantWithdrawn.v1': grantWithdrawnV1,
  'StaffSuspended.v1': staffSuspendedV1,
  'StaffReinstated.v1': staffReinstatedV1,
  'StaffWithdrawn.v1': staffWithdrawnV1,
} as const;
