import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { positionOf, watermarkBook } from './slots.js';
import type { Sql } from './sql.js';
import type { Slot, TableShape } from './stored-table.js';

/** Per topic and key, the source position of the last message taken. */
export type Watermarks = ReadonlyMap<string, Position>;

/** All watermarks of a slot. */
export async function loadWatermarks(sql: Sql, shape: TableShape, slot: Slot): Promise<Watermarks> {
  const records = await sql(`SELECT * FROM ${watermarkBook(shape)} WHERE name = $1 AND slot = $2`, [
    shape.name,
    slot,
  ]);
  return new Map(
    records.map((record) => [
      watermarkKey(String(record['topic']), String(record['key'])),
      positionOf(record),
    ]),
  );
}

/** Writes the watermarks that a batch of messages leaves behind. */
export async function saveWatermarks(
  sql: Sql,
  shape: TableShape,
  slot: Slot,
  handled: readonly Message[],
): Promise<void> {
  const last = [
    ...new Map(handled.map((message) => [watermarkKey(message.topic, message.key), message])).values(),
  ];
  if (last.length === 0) return;
  await sql(
    `INSERT INTO ${watermarkBook(shape)} (name, slot, topic, key, incarnation, number)
     SELECT $1, $2, u.* FROM unnest($3::text[], $4::text[], $5::integer[], $6::bigint[]) AS u
     ON CONFLICT (name, slot, topic, key) DO UPDATE SET incarnation = excluded.incarnation, number = excluded.number`,
    [
      shape.name,
      slot,
      last.map((message) => message.topic),
      last.map((message) => message.key),
      last.map((message) => message.position.incarnation),
      last.map((message) => message.position.number),
    ],
  );
}

/** The messages above the watermarks, in their order, none twice. */
export function freshMessages(messages: readonly Message[], watermarks: Watermarks): readonly Message[] {
  const reached = new Map(watermarks);
  return messages.filter((message) => {
    const key = watermarkKey(message.topic, message.key);
    const seen = reached.get(key);
    if (seen && comparePositions(message.position, seen) <= 0) return false;
    reached.set(key, message.position);
    return true;
  });
}

/** The watermark that a message is measured by; undefined before the first of its topic and key. */
export function watermarkOf(watermarks: Watermarks, message: Message): Position | undefined {
  return watermarks.get(watermarkKey(message.topic, message.key));
}

function watermarkKey(topic: string, key: string): string {
  return JSON.stringify([topic, key]);
}
