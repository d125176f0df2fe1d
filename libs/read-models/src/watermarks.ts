import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { positionOf, watermarkBook } from './slots.js';
import type { Sql } from './sql.js';
import type { Slot, TableShape } from './stored-table.js';

/** Per topic and key, the source position of the last message taken. */
export type Watermarks = ReadonlyMap<string, Position>;

/** Watermarks of slots of one schema by projection; of these keys only, where they are given. */
export async function loadWatermarks(
  sql: Sql,
  shapes: readonly TableShape[],
  slot: Slot,
  keys?: readonly string[],
): Promise<ReadonlyMap<string, Watermarks>> {
  const [first] = shapes;
  if (!first) return new Map();
  const records = await sql(
    `SELECT * FROM ${watermarkBook(first)} WHERE name = ANY($1) AND slot = $2 ${keys ? 'AND key = ANY($3)' : ''}`,
    [shapes.map((shape) => shape.name), slot, ...(keys ? [keys] : [])],
  );
  const loaded = new Map(shapes.map((shape) => [shape.name, new Map<string, Position>()]));
  for (const record of records)
    loaded
      .get(String(record['name']))
      ?.set(watermarkKey(String(record['topic']), String(record['key'])), positionOf(record));
  return loaded;
}

/** Writes the watermarks that messages leave behind in slots of one schema. */
export async function saveWatermarks(
  sql: Sql,
  slot: Slot,
  taken: ReadonlyMap<TableShape, readonly Message[]>,
): Promise<void> {
  const [first] = taken.keys();
  const last = [...taken].flatMap(([{ name }, messages]) =>
    [...new Map(messages.map((message) => [watermarkKey(message.topic, message.key), message])).values()].map(
      (message) => ({ name, message }),
    ),
  );
  if (!first || last.length === 0) return;
  await sql(
    `INSERT INTO ${watermarkBook(first)} (slot, name, topic, key, incarnation, number)
     SELECT $1, u.* FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[]) AS u
     ON CONFLICT (name, slot, topic, key) DO UPDATE SET incarnation = excluded.incarnation, number = excluded.number`,
    [
      slot,
      last.map(({ name }) => name),
      last.map(({ message }) => message.topic),
      last.map(({ message }) => message.key),
      last.map(({ message }) => message.position.incarnation),
      last.map(({ message }) => message.position.number),
    ],
  );
}

/** The messages above the watermarks, in their order, none twice. */
export function freshMessages(
  messages: readonly Message[],
  watermarks: Watermarks = new Map(),
): readonly Message[] {
  const reached = new Map(watermarks);
  return messages.filter((message) => {
    const key = watermarkKey(message.topic, message.key);
    const seen = reached.get(key);
    if (seen && comparePositions(message.position, seen) <= 0) return false;
    reached.set(key, message.position);
    return true;
  });
}

/** The first of some fresh messages that names one before it which was never taken; undefined where nothing is missing. */
export function afterGap(fresh: readonly Message[], watermarks: Watermarks = new Map()): Message | undefined {
  const reached = new Map(watermarks);
  return fresh.find((message) => {
    const key = watermarkKey(message.topic, message.key);
    const seen = reached.get(key);
    reached.set(key, message.position);
    return message.previous && (!seen || comparePositions(message.previous, seen) > 0);
  });
}

/** The watermark that a message is measured by; undefined before the first of its topic and key. */
export function watermarkOf(watermarks: Watermarks, message: Message): Position | undefined {
  return watermarks.get(watermarkKey(message.topic, message.key));
}

function watermarkKey(topic: string, key: string): string {
  return JSON.stringify([topic, key]);
}
