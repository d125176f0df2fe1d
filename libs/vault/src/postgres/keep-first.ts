import type { Database } from '#postgres/pool.js';
import type { RecordAddress, VaultKind } from '../vault.js';

/** What a record holds. */
export type ContentKind = 'json' | 'bytes';

/** A record sealed under a new data key of its person, who may be known already. */
export interface FirstRecord extends RecordAddress {
  readonly content: ContentKind;
  readonly wrapped: Buffer;
  readonly sealed: Buffer;
  readonly scope: string;
  /** Keyed hashes of the words that it is found by. */
  readonly words: readonly string[];
}

/** `known`: the person has another key, and nothing was written; `erased`: nothing of them may be written. */
export type Kept = 'kept' | 'known' | 'erased';

/**
 * Keeps records of different people in one statement: those of new people with their keys. All or none; what came of each
 * in their order. Everybody's rows are taken in the same order, so that two statements wait for each other and never in a circle.
 */
export async function keepFirst(
  pool: Database,
  kind: VaultKind,
  firsts: readonly FirstRecord[],
): Promise<readonly Kept[]> {
  const { rows } = await pool.query<{ kept: Kept }>({
    name: `vault-put-${kind}`,
    text: `WITH asked AS (
             SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::text[], $5::bytea[], $6::text[], $7::text[])
               WITH ORDINALITY asked (subject_id, wrapped_key, record_id, content_kind, sealed, scope, words, nth)
           ), gone AS (
             SELECT subject_id FROM ${kind}.erased WHERE subject_id = ANY ($1::uuid[])
           ), person AS (
             INSERT INTO ${kind}.persons (subject_id, wrapped_key)
             SELECT subject_id, wrapped_key FROM asked WHERE subject_id NOT IN (SELECT subject_id FROM gone)
             ORDER BY subject_id
             ON CONFLICT DO NOTHING RETURNING subject_id
           ), record AS (
             INSERT INTO ${kind}.records (record_id, subject_id, content_kind, sealed, scope, words)
             SELECT record_id, subject_id, content_kind, sealed, scope, words::bigint[] FROM asked JOIN person USING (subject_id)
           )
           SELECT CASE WHEN subject_id IN (SELECT subject_id FROM person) THEN 'kept'
             WHEN subject_id IN (SELECT subject_id FROM gone) THEN 'erased' ELSE 'known' END AS kept
           FROM asked ORDER BY nth`,
    values: [
      firsts.map(({ subjectId }) => subjectId),
      firsts.map(({ wrapped }) => wrapped),
      firsts.map(({ recordId }) => recordId),
      firsts.map(({ content }) => content),
      firsts.map(({ sealed }) => sealed),
      firsts.map(({ scope }) => scope),
      firsts.map(({ words }) => `{${words.join()}}`),
    ],
  });
  return rows.map(({ kept }) => kept);
}
