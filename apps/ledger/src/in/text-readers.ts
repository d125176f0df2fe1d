import type { Role } from '#kernel/roles.js';

/** Who may read narrations and reasons of the ledger. */
export const textReaders = [
  'accountant',
  'cashier',
  'approver',
  'auditor',
] as const satisfies readonly Role[];
