import { canonicalJson } from '#kernel/json.js';
import { inTransaction, type Database, type Session } from '#postgres/pool.js';
import { newKey, seal, type KindKeys } from '../sealing.js';
import { SubjectErased, type NewRecord, type RecordAddress, type VaultKind } from '../vault.js';
import { erasedConstraint } from './vault-schema.js';

/** What a record is sealed to: opened under another name it fails. */
export function bound({ recordId, subjectId }: RecordAddress): string {
  return `${subjectId}/${recordId}`;
}

/** Whether a write failed because its person was erased meanwhile. */
export function isOfErased(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === erasedConstraint;
}

/**
 * Seals many records in one transaction of three statements, all or none. Everybody's rows are taken in the same order, so
 * that two batches wait for each other and never in a circle. Throws `SubjectErased` where one of the people was erased.
 */
export async function keepMany(
  pool: Database,
  kind: VaultKind,
  keys: KindKeys,
  records: readonly NewRecord[],
): Promise<void> {
  // The first of two under one id stands, as if they were put one after the other.
  const byId = new Map(records.toReversed().map((record) => [record.address.recordId, record]));
  const subjects = [...new Set(records.map(({ address }) => address.subjectId))];
  try {
    await inTransaction(pool, async (session) => {
      const wrapped = await wrappedKeys(session, kind, keys, subjects);
      await insert(session, kind, keys, [...byId.values()], wrapped);
    });
  } catch (error) {
    if (!isOfErased(error)) throw error;
    throw new SubjectErased((await firstErased(pool, kind, subjects)) ?? subjects.join());
  }
}

/** Everybody's wrapped data key; a new one for whoever has none. The rows are locked against an erasure until the end. */
async function wrappedKeys(
  session: Session,
  kind: VaultKind,
  keys: KindKeys,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const fresh = subjects.map((subjectId) => keys.wrap(newKey(), subjectId));
  await session.query(
    `INSERT INTO ${kind}.persons (subject_id, wrapped_key)
     SELECT * FROM unnest($1::uuid[], $2::bytea[]) AS person (subject_id, wrapped_key) ORDER BY subject_id
     ON CONFLICT DO NOTHING`,
    [subjects, fresh],
  );
  const { rows } = await session.query<{ subject_id: string; wrapped_key: Buffer }>(
    `SELECT subject_id, wrapped_key FROM ${kind}.persons WHERE subject_id = ANY ($1::uuid[])
      ORDER BY subject_id FOR KEY SHARE`,
    [subjects],
  );
  const wrapped = new Map(rows.map((row) => [row.subject_id, row.wrapped_key]));
  for (const subjectId of subjects) if (!wrapped.get(subjectId)?.length) throw new SubjectErased(subjectId);
  return wrapped;
}

async function insert(
  session: Session,
  kind: VaultKind,
  keys: KindKeys,
  records: readonly NewRecord[],
  wrapped: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const dataKeys = new Map([...wrapped].map(([subjectId, key]) => [subjectId, keys.unwrap(key, subjectId)]));
  const sealed = records.map(({ address, content }) => {
    const dataKey = dataKeys.get(address.subjectId) ?? newKey();
    return seal(dataKey, Buffer.from(canonicalJson(content)), bound(address));
  });
  const words = records.map(({ options }) => `{${keys.wordHashes(options?.searchable ?? []).join()}}`);
  await session.query(
    `INSERT INTO ${kind}.records (record_id, subject_id, content_kind, sealed, scope, words)
     SELECT record_id, subject_id, 'json', sealed, scope, words::bigint[]
       FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::text[])
         AS record (record_id, subject_id, sealed, scope, words) ORDER BY record_id
     ON CONFLICT (record_id) DO UPDATE SET created_at = now()`,
    [
      records.map(({ address }) => address.recordId),
      records.map(({ address }) => address.subjectId),
      sealed,
      records.map(({ options }) => options?.scope ?? ''),
      words,
    ],
  );
}

async function firstErased(
  pool: Database,
  kind: VaultKind,
  subjects: readonly string[],
): Promise<string | undefined> {
  const { rows } = await pool.query<{ subject_id: string }>(
    `SELECT subject_id FROM ${kind}.erased WHERE subject_id = ANY ($1::uuid[]) ORDER BY subject_id LIMIT 1`,
    [subjects],
  );
  return rows[0]?.subject_id;
}
