import { appenderRole, readerRole } from '#event-store/postgres/schema.js';
import { vaultKinds } from '#vault/master-keys.js';
import { vaultRole } from '#vault/postgres/vault-schema.js';
import type { VaultKind } from '#vault/vault.js';

/** A service as far as its user of the databases is concerned. */
export interface ServiceRights {
  /** Such as `ledger`; also the name of its schema. */
  readonly name: string;
  /** Rooms of the vault that it enters. */
  readonly rooms: readonly VaultKind[];
  /** Prefixes of the streams that it writes. */
  readonly streams: readonly string[];
}

/** A user that logs in, and what it may do; anything else it must not. */
export interface DatabaseUser {
  /** Such as `mangnon_ledger`. */
  readonly name: string;
  /** Roles that it is a member of. */
  readonly groups: readonly string[];
  /** The schema that is its own: it makes, fills and swaps the tables there. */
  readonly owns?: string;
  /** Schemas of others whose tables it may read. */
  readonly reads: readonly string[];
  readonly rooms: readonly VaultKind[];
  /** Prefixes of the streams that it appends to. */
  readonly writes: readonly string[];
}

/** Owns the databases, the event store and the rooms of the vault, runs their migrations and makes the other users. */
export const migratorUser = 'mangnon_migrator';
/** Reads the events and every read model, and nothing of the vault: for `mangnon replay`, `status` and `export`. */
const auditorUser = 'mangnon_auditor';
/** The schema of the events. */
export const eventsSchema = 'event_store';

/** Roles that log in for nobody: what they may, each of their members may. */
export const groupRoles: readonly string[] = [appenderRole, readerRole, ...vaultKinds.map(vaultRole)];

/** One user a service, and the auditor. */
export function usersOf(services: readonly ServiceRights[]): readonly DatabaseUser[] {
  return [
    ...services.map(({ name, rooms, streams }) => ({
      name: `mangnon_${name}`,
      groups: [appenderRole, readerRole, ...rooms.map(vaultRole)],
      owns: name,
      reads: [],
      rooms,
      writes: streams,
    })),
    {
      name: auditorUser,
      groups: [readerRole],
      reads: services.map(({ name }) => name),
      rooms: [],
      writes: [],
    },
  ];
}
