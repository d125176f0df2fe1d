import type { RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';

/** First line of an export. The same log always gives the same bytes, wherever it is kept. */
export const exportHeader = canonicalJson({ format: 'mangnon.events', version: 1 });

/** The line of an event in an export: all of it but where an engine resumes, which is no part of it. */
export function exportLine({ cursor: _cursor, ...event }: RecordedEvent): string {
  return canonicalJson(event);
}
