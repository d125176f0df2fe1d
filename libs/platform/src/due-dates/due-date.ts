import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { JsonObject } from '#kernel/json.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { EventProjection, Projection } from '#read-models/projection.js';

/** What an event does to a due date. */
export interface DueDateChange {
  /** Which due date of its rule: one key has one date at a time, and a later event replaces it. */
  readonly key: string;
  /** The instant (RFC 3339, UTC) from which the command is due; undefined takes the due date away. */
  readonly dueAt: string | undefined;
  /** What the command needs besides key, stream and revision; never personal data. */
  readonly payload?: JsonObject;
}

/** One kind of command that a service sends itself at a time that its events name. */
export interface DueDateRule<Event extends DomainEvent = DomainEvent> {
  /** Unique in its service, such as `campaign-closes`. */
  readonly name: string;
  /** Prefixes of the streams whose events it looks at. */
  readonly streams: readonly string[];
  /** Pure; one change, several of different keys, or undefined for an event that changes nothing. */
  change(event: RecordedEvent<Event>): DueDateChange | readonly DueDateChange[] | undefined;
}

/** A due date that has come. The command names `revision`, and is a no-op where a later event superseded it. */
export interface DueDate {
  readonly rule: string;
  readonly key: string;
  readonly dueAt: string;
  readonly payload: JsonObject;
  /** Stream and revision of the event that set it. */
  readonly stream: string;
  readonly revision: number;
  /** Id of the event that set it: the same however often it is sent, fit to make a command id of. */
  readonly eventId: string;
}

/** Row of a service's `due_dates`. */
export type DueDateRow = {
  readonly key: string;
  readonly rule: string;
  readonly rule_key: string;
  readonly due_at: string;
  readonly stream: string;
  readonly revision: number;
  readonly event_id: string;
  readonly payload: string;
};

/**
 * The table of a service's due dates, `<service>.due_dates`, to be registered with its other projections. Raise the
 * version whenever a rule is added or changed. Throws `TypeError` for two rules of one name.
 */
export function dueDatesProjection(
  service: string,
  version: number,
  rules: readonly DueDateRule[],
): EventProjection {
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  if (named.size < rules.length) throw new TypeError(`${service}: two due date rules of one name`);
  const projection: Projection<DueDateRow> = {
    name: `${service}.due_dates`,
    version,
    key: 'key',
    columns: {
      key: 'text',
      rule: 'text',
      rule_key: 'text',
      due_at: 'timestamptz',
      stream: 'text',
      revision: 'integer',
      event_id: 'text',
      payload: 'text',
    },
    indexes: [{ columns: ['due_at'] }],
    streams: [...new Set(rules.flatMap((rule) => rule.streams))],
    keysOf: (event) => rules.flatMap((rule) => changesOf(rule, event).map((change) => keyOf(rule, change))),
    project: (row, event, key) => {
      for (const rule of rules) {
        const change = changesOf(rule, event).find((one) => keyOf(rule, one) === key);
        if (change) return change.dueAt === undefined ? undefined : rowOf(rule, event, change, change.dueAt);
      }
      return row;
    },
  };
  return projection;
}

function changesOf(rule: DueDateRule, event: RecordedEvent): readonly DueDateChange[] {
  if (!rule.streams.some((prefix) => event.stream.startsWith(prefix))) return [];
  return [rule.change(event) ?? []].flat();
}

function keyOf(rule: DueDateRule, change: DueDateChange): string {
  return compositeKey(rule.name, change.key);
}

function rowOf(rule: DueDateRule, event: RecordedEvent, change: DueDateChange, dueAt: string): DueDateRow {
  return {
    key: compositeKey(rule.name, change.key),
    rule: rule.name,
    rule_key: change.key,
    due_at: dueAt,
    stream: event.stream,
    revision: event.revision,
    event_id: event.id,
    payload: JSON.stringify(change.payload ?? {}),
  };
}
