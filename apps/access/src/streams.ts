import { login, type ClaimLogin } from '#domain/staff/login.decide.js';
import type { LoginEvent } from '#domain/staff/login.events.js';
import type { LoginState } from '#domain/staff/login.state.js';
import type { StaffCommand } from '#domain/staff/commands.js';
import { staff } from '#domain/staff/staff.decide.js';
import type { StaffEvent } from '#domain/staff/staff.events.js';
import { staffStateVersion, type Person, type StaffState } from '#domain/staff/staff.state.js';
import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type CommandContext, type Handled, type Handler } from '#event-store/handle.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { Actor } from '#kernel/domain-event.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';

/** The way to each kind of aggregate that this service decides. */
export interface Streams {
  readonly staff: Handler<StaffState, StaffCommand, StaffEvent>;
  readonly logins: Handler<LoginState, ClaimLogin, LoginEvent>;
}

/** Handlers over one store, each with a cache of its own; years of sign-ins are begun from snapshots where there are any. */
export function streamsOf(store: EventStore, snapshots?: SnapshotStore): Streams {
  const options = handlingAs('access');
  const kept = snapshots && { snapshots: { store: snapshots, deciderVersion: staffStateVersion } };
  return { staff: handle(store, staff, { ...options, ...kept }), logins: handle(store, login, options) };
}

/** The stream of a person. */
export function staffStream(staffId: string): string {
  return `staff-${staffId}`;
}

/** The stream of a login name, by its keyed hash. */
export function loginStream(loginHash: string): string {
  return `login-${loginHash}`;
}

/** The person folded now, or undefined when nobody has this id. */
export async function findPerson(streams: Streams, staffId: string): Promise<Person | undefined> {
  const { state } = await streams.staff.load(staffStream(staffId));
  return state.status === 'none' ? undefined : state;
}

/** The person folded now; throws `staff/unknown`. */
export async function getPerson(streams: Streams, staffId: string): Promise<Person> {
  const person = await findPerson(streams, staffId);
  if (!person) throw new DomainRefusal('staff/unknown');
  return person;
}

/** The person after a command; throws `InvariantViolation` where a command left nobody. */
export function personOf(handled: Handled<StaffState, StaffEvent>): Person {
  if (handled.state.status === 'none') throw new InvariantViolation('a command left nobody');
  return handled.state;
}

/** The context of something done once, with no key to repeat it by: signing in, a code, a link. */
export function onceBy(actor: Actor): CommandContext {
  const commandId = newId();
  return { actor, commandId, correlationId: commandId };
}
