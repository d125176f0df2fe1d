/** What a person may be in a fund; each role is granted on a fund, with dates. */
export const roles = ['administrator', 'accountant', 'cashier', 'approver', 'auditor', 'viewer'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** A role on a fund as it holds at this moment; `*` is every fund (the first administrator). */
export interface GrantInForce {
  readonly role: Role;
  readonly fundId: string;
  /** Whether it was given for the funds under this one too, those still to come included; those there are stand beside it. */
  readonly below?: true;
}

/** Who is asking, as the gateway found out and signed it for a few seconds. */
export interface Caller {
  readonly staffId: string;
  readonly grants: readonly GrantInForce[];
  /** Whether the second factor was given in this session or when the token was made. */
  readonly secondFactor: boolean;
  /**
   * Staff through whose hands this access went: who opened the account, made the link by which its password was chosen,
   * took the second factor away last or gave a role that approves or administers, and through whose hands theirs went.
   * Absent where there is nobody. What needs two persons is not done by one of them with this one.
   */
  readonly enabledBy?: readonly string[];
  /** What the caller showed: a session of a person, or a token that a program keeps. */
  readonly credential?: { readonly kind: 'session' | 'token'; readonly id: string };
}
