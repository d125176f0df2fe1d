import type { Role } from './roles.js';

/** Roles that count only with the second factor: who approves or pays, and who grants roles. */
export const secondFactorRoles: readonly Role[] = ['administrator', 'approver'];

/** Whether a grant of this role counts only when the second factor was given. */
export function needsSecondFactor(role: Role): boolean {
  return secondFactorRoles.includes(role);
}
