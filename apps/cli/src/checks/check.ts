import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import type { Bilingual } from '../language.js';

/** Where a rule is broken, and how. */
export interface Finding {
  /** `incarnation.number` and stream of the event at which it shows; absent where it shows only at the end. */
  readonly position?: string;
  readonly stream?: string;
  readonly what: Bilingual;
}

/** How many findings of a check are kept; all are counted. */
const findingsKept = 20;

/** A rule that every event log must keep, looked at event by event in the order of positions. */
export abstract class Check {
  /** How many things were looked at. */
  counted = 0;
  /** How often it is broken. */
  broken = 0;
  readonly findings: Finding[] = [];

  constructor(
    /** Stable and short, such as `zero-sum`. */
    readonly id: string,
    /** What must hold. */
    readonly rule: Bilingual,
  ) {}

  /** Takes in the next event. */
  abstract take(event: RecordedEvent): void;

  /** Called once, after the last event. */
  end(): void {
    return;
  }

  /** Notes a breach; the event is left out where it shows only at the end. */
  protected found(event: RecordedEvent | undefined, vi: string, en: string): void {
    this.broken += 1;
    if (this.findings.length === findingsKept) return;
    const at = event && { position: formatPosition(event.position), stream: event.stream };
    this.findings.push({ ...at, what: { vi, en } });
  }
}

/** The value of a key, made where there is none. */
export function valueOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
