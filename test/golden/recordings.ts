import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import type { Keyed } from '#kernel/keyed.js';

const place = (folder: string, file = ''): URL => new URL(`./${folder}/${file}`, import.meta.url);

/** A recorded stream file: some streams of one aggregate, an event a line. */
export interface Recording {
  /** Such as `donation`; a later recording of the same aggregate has a number, as in `donation.2`. */
  readonly name: string;
  readonly aggregate: string;
  readonly events: readonly RecordedEvent[];
  /** What each stream folded to when it was recorded, by stream. */
  readonly states: unknown;
}

/** Every recording. */
export function readRecordings(): readonly Recording[] {
  const files = readdirSync(place('streams')).sort();
  return files.map((file) => {
    const name = file.replace(/\.jsonl$/, '');
    return {
      name,
      aggregate: name.replace(/\.\d+$/, ''),
      events: eventsOf(readFileSync(place('streams', file), 'utf8')),
      states: JSON.parse(readFileSync(place('states', `${name}.json`), 'utf8')) as unknown,
    };
  });
}

function eventsOf(text: string): readonly RecordedEvent[] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => ({ ...(JSON.parse(line) as object), cursor: '' }) as RecordedEvent);
}

/** Writes a recording that is not there yet; throws when it is, because what was recorded never changes. */
export function writeRecording(name: string, events: readonly RecordedEvent[], states: object): void {
  const streams = place('streams', `${name}.jsonl`);
  if (existsSync(streams)) throw new Error(`${name} is recorded already: record ${name}.2 beside it`);
  const lines = events.map(({ cursor: _cursor, ...event }) => `${canonicalJson(event)}\n`);
  writeFileSync(streams, lines.join(''));
  writeFileSync(place('states', `${name}.json`), `${JSON.stringify(plain(states), null, 2)}\n`);
}

/** The same without bigints, and without the shape that values by key are kept in: `12n` is `{ "bigint": "12" }`. */
export function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'bigint') return { bigint: String(member) };
    return isKeyed(member) ? valuesByKey(member) : member;
  });
  return JSON.parse(text) as unknown;
}

function isKeyed(value: unknown): value is Keyed<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value).sort().join(' ');
  return names === 'size values' || names === 'children size';
}

function valuesByKey(keyed: Keyed<unknown>): Readonly<Record<string, unknown>> {
  if ('values' in keyed) return keyed.values;
  return Object.fromEntries(keyed.children.flatMap((child) => Object.entries(valuesByKey(child))));
}

/** Events by stream, in order. */
export function byStream(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  return streams;
}
