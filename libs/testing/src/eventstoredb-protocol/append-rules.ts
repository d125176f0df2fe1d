import type { ProposedEvent, StoredEvent } from './stored-event.js';

/** What a writer says of the stream that it writes to. */
export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;

/** What becomes of a write. */
export type Verdict =
  | { readonly kind: 'done'; readonly revision: number; readonly position: bigint | undefined }
  | { readonly kind: 'wrong'; readonly current: number }
  | { readonly kind: 'deleted' };

/** What is known of the stream before the write. */
export interface KnownStream {
  readonly events: readonly StoredEvent[];
  readonly softDeleted: boolean;
  readonly hasMetadata: boolean;
  /** The event with the id, if it was committed to this stream since the server started. */
  readonly recent: (id: string) => StoredEvent | undefined;
}

type Decision = Verdict | { readonly kind: 'write' };

const write: Decision = { kind: 'write' };

/**
 * Whether a write is done already, goes on or is refused. At a revision (or `no_stream`) it is known again by the ids
 * that stand behind that revision; with `any` and `stream_exists` only by the ids that the server remembers.
 */
export function idempotency(
  known: KnownStream,
  expected: Expected,
  events: readonly ProposedEvent[],
): Decision {
  const current = known.events.at(-1)?.revision ?? -1;
  switch (expected) {
    case 'stream_exists':
      return missing(known, current) ?? byMemory(known, events, current);
    case 'any':
      return byMemory(known, events, current);
    case 'no_stream':
      return at(known, -1, events, current);
    default:
      return at(known, expected, events, current);
  }
}

function missing(known: KnownStream, current: number): Decision | undefined {
  if (known.softDeleted) return { kind: 'deleted' };
  return current < 0 && !known.hasMetadata ? { kind: 'wrong', current } : undefined;
}

function at(
  known: KnownStream,
  revision: number,
  events: readonly ProposedEvent[],
  current: number,
): Decision {
  if (revision === current) return write;
  return revision > current ? { kind: 'wrong', current } : byPlace(known, revision, events, current);
}

function byMemory(known: KnownStream, events: readonly ProposedEvent[], current: number): Decision {
  const found = events.map(({ id }) => known.recent(id));
  if (!found[0]) return write;
  const last = found.at(-1);
  if (!last || found.includes(undefined)) return { kind: 'wrong', current };
  return { kind: 'done', revision: last.revision, position: last.position };
}

function byPlace(
  { events: stored, softDeleted }: KnownStream,
  revision: number,
  events: readonly ProposedEvent[],
  current: number,
): Decision {
  const differs = events.findIndex(({ id }, index) => stored[revision + 1 + index]?.id !== id);
  const last = events.length > 0 && differs === -1 ? stored[revision + events.length] : undefined;
  if (last) return { kind: 'done', revision: last.revision, position: last.position };
  if (differs < 1 && revision === -1 && softDeleted) return write;
  return { kind: 'wrong', current };
}
