import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Clock } from '#platform/clock.js';
import type { VaultRoom } from '#vault/vault.js';
import { Accounts } from './in/accounts.js';
import { Passwords } from './in/passwords.js';
import { Sessions } from './in/sessions.js';
import { SetUp } from './in/set-up.js';
import { StaffRecords } from './in/staff-records.js';
import { streamsOf, type Streams } from './streams.js';

/** Injection token of {@link Access}. */
export const ACCESS = Symbol('Access');

/** The parts of this service that its controllers and its door share. */
export interface Access {
  readonly streams: Streams;
  readonly records: StaffRecords;
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly setUp: SetUp;
  readonly clock: Clock;
}

/** What may differ between processes. */
export interface AccessOptions {
  readonly snapshots?: SnapshotStore;
  /** A sign-in fails no sooner than after so long, whatever it fails of; long enough for any reason when absent. */
  readonly signInFailsAfterMs?: number;
}

/** Puts the parts together over one store and the vault's room of staff. */
export function accessOver(
  store: EventStore,
  room: VaultRoom,
  clock: Clock,
  { snapshots, signInFailsAfterMs }: AccessOptions = {},
): Access {
  const streams = streamsOf(store, snapshots);
  const records = new StaffRecords(room);
  const accounts = new Accounts(streams, records);
  const passwords = new Passwords(streams, records, accounts, clock);
  const sessions = new Sessions(streams, records, accounts, clock, signInFailsAfterMs);
  const setUp = new SetUp(streams, records, { accounts, passwords, sessions }, clock);
  return { streams, records, accounts, passwords, sessions, setUp, clock };
}
