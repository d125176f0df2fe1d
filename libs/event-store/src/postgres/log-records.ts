import type { Database, Session } from '#postgres/pool.js';
import type { LogPages, LogRecord } from '../log-record.js';
import type { LogRow } from './log-reader.js';

const importStatement = `INSERT INTO event_store.events
    (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
  SELECT $1 + t.n, t.id, t.stream, t.revision, t.incarnation, t.number, t.recorded_at, t.version, t.type, t.metadata, t.data
  FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::integer[], $6::bigint[], $7::timestamptz[], $8::smallint[],
    $9::text[], string_to_array($10, E'\\n'), string_to_array($11, E'\\n')) WITH ORDINALITY
    t (id, stream, revision, incarnation, number, recorded_at, version, type, metadata, data, n)
  ORDER BY t.n`;

/** Pages end at so many events, or at about so many bytes of data. */
const pageEvents = 1_000;
const pageBytesMax = 4 * 1_048_576;
const pageStatement = `SELECT * FROM (
    SELECT *, sum(octet_length(data)) OVER (ORDER BY seq) - octet_length(data) AS bytes_before
    FROM event_store.events WHERE seq > $1 AND seq <= $1 + ${String(pageEvents)}
  ) page WHERE bytes_before < ${String(pageBytesMax)} ORDER BY seq`;

/** Every event of the log as it lies there. Throws where the log's own count has a gap, which it never has. */
export async function* recordsOf(database: Database): LogPages {
  for (let seq = 0; ;) {
    const { rows } = await database.query<LogRow>({ name: 'records', text: pageStatement, values: [seq] });
    if (rows.length === 0) break;
    if (rows.some((row, at) => Number(row.seq) !== seq + at + 1))
      throw new Error(`the event store has a gap behind its event ${String(seq)}`);
    yield rows.map(recordOfRow);
    seq += rows.length;
  }
}

function recordOfRow(row: LogRow): LogRecord {
  const { id, type, schema_version: schemaVersion, metadata, data, stream } = row;
  const position = { incarnation: row.incarnation, number: Number(row.number) };
  const recordedAt = row.recorded_at.toISOString();
  return {
    id,
    type,
    schemaVersion,
    metadata,
    data,
    stream,
    revision: Number(row.revision),
    position,
    recordedAt,
  };
}

/** Writes records behind the first `before` events of the log, as they are; needs the rights of the schema's owner. */
export async function insertRecords(
  session: Session,
  records: readonly LogRecord[],
  before: number,
): Promise<void> {
  if (records.length === 0) return;
  await session.query({
    name: 'import',
    text: importStatement,
    values: [
      before,
      records.map(({ id }) => id),
      records.map(({ stream }) => stream),
      records.map(({ revision }) => revision),
      records.map(({ position }) => position.incarnation),
      records.map(({ position }) => position.number),
      records.map(({ recordedAt }) => recordedAt),
      records.map(({ schemaVersion }) => schemaVersion),
      records.map(({ type }) => type),
      records.map(({ metadata }) => metadata).join('\n'),
      records.map(({ data }) => data).join('\n'),
    ],
  });
}
