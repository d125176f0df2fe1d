import type { Role } from '#kernel/roles.js';

/** Who records donors, donations, pledges. */
export const recorders = ['cashier', 'accountant'] as const satisfies readonly Role[];

/** Who may see donations, campaigns and pledges. */
export const readers = [
  'accountant',
  'cashier',
  'approver',
  'auditor',
  'viewer',
] as const satisfies readonly Role[];

/** Who may see names, addresses and reasons too. */
export const nameReaders = [
  'accountant',
  'cashier',
  'approver',
  'auditor',
] as const satisfies readonly Role[];
