import type { InboxRecord } from '#kernel/inbox.js';
import type { Json } from '#kernel/json.js';
import { InvariantViolation } from '#kernel/refusal.js';

/** A stream folded up to one event, so that a long stream need not be read from its start. It may be lost at any time. */
export interface Snapshot {
  readonly stream: string;
  /** Of the fold that made it; another version's snapshot is ignored. */
  readonly deciderVersion: number;
  /** The last event in it, which must still stand at this revision under this id. */
  readonly revision: number;
  readonly eventId: string;
  readonly state: Json;
  readonly inbox: InboxRecord;
}

/** Keeps the latest snapshot of each stream. */
export interface SnapshotStore {
  /** The stream's snapshot, or undefined. */
  find(stream: string): Promise<Snapshot | undefined>;
  /** Keeps it in place of an earlier one. */
  keep(snapshot: Snapshot): Promise<void>;
}

/** How a decider's state becomes JSON and comes back the same. */
export interface StateCodec {
  toJson(state: unknown): Json;
  fromJson(json: Json): unknown;
}

/** What `handle` needs to make snapshots and to begin from them. */
export interface Snapshots {
  readonly store: SnapshotStore;
  /** Raise it whenever the state's shape or `evolve` changes. */
  readonly deciderVersion: number;
  /** A new snapshot after so many events; 1,000 when absent. */
  readonly everyEvents?: number;
  /** {@link stateCodec} when absent. */
  readonly codec?: StateCodec;
}

/**
 * State of plain objects, arrays, bigints, Maps and Sets. Members that are undefined are left out. Throws
 * `InvariantViolation` for anything else and for members whose name begins with `$`.
 */
export const stateCodec: StateCodec = { toJson, fromJson };

function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'bigint':
      return { $bigint: value.toString() };
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new InvariantViolation('state holds a number that JSON has not');
    case 'object':
      return value === null ? null : objectToJson(value);
    default:
      throw new InvariantViolation(`a ${typeof value} is not state`);
  }
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return { $map: [...value].map(toJson) };
  if (value instanceof Set) return { $set: [...value].map(toJson) };
  if (Object.getPrototypeOf(value) === Object.prototype) return membersToJson(value);
  throw new InvariantViolation('state holds an object that is not plain');
}

function membersToJson(value: object): Json {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.some(([name]) => name.startsWith('$')))
    throw new InvariantViolation('a member of state begins with $');
  return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
}

function fromJson(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (isList(json)) return json.map(fromJson);
  const { $bigint, $map, $set } = json;
  if (typeof $bigint === 'string') return BigInt($bigint);
  if (isList($map)) return new Map($map.map((pair) => fromJson(pair) as [unknown, unknown]));
  if (isList($set)) return new Set($set.map(fromJson));
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, fromJson(member)]));
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
