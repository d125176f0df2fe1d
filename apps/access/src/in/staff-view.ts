import { sumOfTries } from '#domain/staff/lockout.policy.js';
import type { Person } from '#domain/staff/staff.state.js';
import type { Reading } from '#vault/vault.js';
import type { Contact, StaffRecords } from './staff-records.js';

/** A person as the API tells it; names come from the vault, and reading them is logged. */
export interface StaffView {
  readonly staffId: string;
  readonly fundId: string;
  readonly status: Person['status'];
  /** Null when erased. */
  readonly contact: Contact | null;
  readonly secondFactor: boolean;
  readonly grants: readonly Person['grants'][string][];
  readonly accounts: readonly AccountView[];
}

/** An account of a person. */
export interface AccountView {
  readonly accountId: string;
  readonly login: string | null;
  readonly hasPassword: boolean;
  /** Of passwords and codes, from everywhere. */
  readonly failures: number;
  /** The latest instant until which something is locked: passwords from some network, or codes. */
  readonly lockedUntil: string | null;
  readonly linkRequested: boolean;
}

/** The person with names. */
export async function staffView(person: Person, records: StaffRecords, reading: Reading): Promise<StaffView> {
  const contacts = await records.contacts([person.contactRecordId], reading);
  const accounts = await Promise.all(
    Object.entries(person.accounts).map(async ([accountId, account]) => ({
      accountId,
      login: (await records.findText(account.loginRecordId, reading)) ?? null,
      hasPassword: account.credentialRecordId !== null,
      ...sumOfTries(account),
      linkRequested: account.linkRequested,
    })),
  );
  return {
    staffId: person.staffId,
    fundId: person.fundId,
    status: person.status,
    contact: contacts.get(person.contactRecordId) ?? null,
    secondFactor: person.secondFactor.confirmed !== null,
    grants: Object.values(person.grants),
    accounts,
  };
}
