import { canonicalJson, type JsonObject } from '#kernel/json.js';
import { Gathered } from '#postgres/gathered.js';
import { inTransaction, type Database } from '#postgres/pool.js';
import { newKey, seal, unseal, type KindKeys } from '../sealing.js';
import {
  Sealed,
  SubjectErased,
  type NewRecord,
  type PutOptions,
  type Reading,
  type RecordAddress,
  type VaultKind,
  type VaultRoom,
} from '../vault.js';
import { keepFirst, type ContentKind, type FirstRecord, type Kept } from './keep-first.js';
import { bound, isOfErased, keepMany } from './keep-many.js';

interface SealedRow {
  readonly record_id: string;
  readonly subject_id: string;
  readonly sealed: Buffer;
  readonly wrapped_key: Buffer;
}

interface Search {
  readonly scope: string;
  readonly words: readonly string[];
}

const sweepRecordsMax = 500;
const unsearched: Search = { scope: '', words: [] };

/** So many first records are written in one statement, and so many statements at once. */
const gatheredMax = { togetherMax: 64, underWayMax: 2 };

/** One kind's records on PostgreSQL; first records of new people that come together take one round trip. */
export class PostgresVaultRoom implements VaultRoom {
  readonly #firsts: Gathered<FirstRecord, Kept>;

  constructor(
    private readonly pool: Database,
    private readonly kind: VaultKind,
    private readonly keys: KindKeys,
  ) {
    const together = (firsts: readonly FirstRecord[]): Promise<readonly Kept[]> =>
      keepFirst(pool, kind, firsts);
    this.#firsts = new Gathered({
      ...gatheredMax,
      together,
      alone: async (first) => (await together([first]))[0] ?? 'known',
      keyOf: ({ subjectId }) => subjectId,
    });
  }

  async put(address: RecordAddress, content: JsonObject, options: PutOptions = {}): Promise<void> {
    const search = { scope: options.scope ?? '', words: this.keys.wordHashes(options.searchable ?? []) };
    await this.#keep(address, 'json', Buffer.from(canonicalJson(content)), search);
  }

  async putMany(records: readonly NewRecord[]): Promise<void> {
    if (records.length > 0) await keepMany(this.pool, this.kind, this.keys, records);
  }

  async putBytes(address: RecordAddress, bytes: Uint8Array): Promise<void> {
    await this.#keep(address, 'bytes', bytes, unsearched);
  }

  async find(recordId: string, reading: Reading): Promise<Sealed<JsonObject> | undefined> {
    return (await this.findMany([recordId], reading)).get(recordId);
  }

  async findMany(
    recordIds: readonly string[],
    reading: Reading,
  ): Promise<ReadonlyMap<string, Sealed<JsonObject>>> {
    const rows = await this.#read(recordIds, 'json', reading);
    return new Map(
      rows.map((row) => [row.record_id, new Sealed(JSON.parse(this.#open(row).toString()) as JsonObject)]),
    );
  }

  async findBytes(recordId: string, reading: Reading): Promise<Sealed<Uint8Array> | undefined> {
    const [row] = await this.#read([recordId], 'bytes', reading);
    return row && new Sealed<Uint8Array>(this.#open(row));
  }

  async search(scope: string, query: string, limit: number, reading: Reading): Promise<readonly string[]> {
    const wanted = this.keys.queryHashes(query);
    const log = `INSERT INTO ${this.kind}.access_log (actor, purpose) VALUES ($1, $2)`;
    await this.pool.query(log, [reading.actor, reading.purpose]);
    if (wanted.length === 0) return [];
    const { rows } = await this.pool.query<{ record_id: string }>(
      `SELECT record_id FROM ${this.kind}.records
        WHERE words @> $1::bigint[] AND words <> '{}' AND scope = $2 ORDER BY sequence DESC LIMIT $3`,
      [wanted, scope, limit],
    );
    return rows.map((row) => row.record_id);
  }

  keyedHash(text: string): string {
    return this.keys.hash(text);
  }

  /** Takes the person's place first, also where there is nobody yet: records being put come before it or not at all. */
  async erase(subjectId: string): Promise<number> {
    return inTransaction(this.pool, async (session) => {
      await session.query(
        `INSERT INTO ${this.kind}.persons (subject_id, wrapped_key) VALUES ($1, '')
         ON CONFLICT (subject_id) DO UPDATE SET subject_id = EXCLUDED.subject_id`,
        [subjectId],
      );
      const { rows } = await session.query<{ records: string }>(
        `WITH gone AS (DELETE FROM ${this.kind}.records WHERE subject_id = $1 RETURNING 1),
              person AS (DELETE FROM ${this.kind}.persons WHERE subject_id = $1 AND (SELECT count(*) FROM gone) >= 0),
              noted AS (INSERT INTO ${this.kind}.erased (subject_id) VALUES ($1) ON CONFLICT DO NOTHING)
         SELECT count(*) AS records FROM gone`,
        [subjectId],
      );
      return Number(rows[0]?.records ?? 0);
    });
  }

  async isErased(subjectId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(`SELECT FROM ${this.kind}.erased WHERE subject_id = $1`, [
      subjectId,
    ]);
    return rowCount === 1;
  }

  async sweep(
    olderThanMs: number,
    isNamed: (recordIds: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<number> {
    const before = await this.#ago(olderThanMs);
    let swept = 0;
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const page = await this.#putBefore(before, after);
      const last = page.at(-1);
      if (last === undefined) return swept;
      const named = await isNamed(page);
      const orphans = page.filter((recordId) => !named.has(recordId));
      swept += await this.#delete(orphans, before);
      after = last;
    }
  }

  async #keep(
    address: RecordAddress,
    content: ContentKind,
    plain: Uint8Array,
    search: Search,
  ): Promise<void> {
    const dataKey = newKey();
    const wrapped = this.keys.wrap(dataKey, address.subjectId);
    const sealed = seal(dataKey, plain, bound(address));
    const kept = await this.#firsts
      .ask({ ...address, ...search, content, wrapped, sealed })
      .catch((error: unknown) => {
        throw isOfErased(error) ? new SubjectErased(address.subjectId) : error;
      });
    if (kept === 'erased') throw new SubjectErased(address.subjectId);
    if (kept === 'known') await this.#keepFurther(address, content, plain, search);
  }

  /**
   * A further record of a known person, under the key that they have; the key row is locked against an erasure. One that
   * is there already keeps its content and is as new.
   */
  async #keepFurther(
    address: RecordAddress,
    content: ContentKind,
    plain: Uint8Array,
    search: Search,
  ): Promise<void> {
    const person = await this.pool.query<{ wrapped_key: Buffer }>(
      `SELECT wrapped_key FROM ${this.kind}.persons WHERE subject_id = $1`,
      [address.subjectId],
    );
    const wrapped = person.rows[0]?.wrapped_key;
    if (!wrapped) throw new SubjectErased(address.subjectId);
    const sealed = seal(this.keys.unwrap(wrapped, address.subjectId), plain, bound(address));
    const { rowCount } = await this.pool.query(
      `INSERT INTO ${this.kind}.records (record_id, subject_id, content_kind, sealed, scope, words)
       SELECT $1, subject_id, $3, $4, $5, $6::bigint[] FROM ${this.kind}.persons
        WHERE subject_id = $2 AND wrapped_key = $7 FOR KEY SHARE
       ON CONFLICT (record_id) DO UPDATE SET created_at = now()`,
      [address.recordId, address.subjectId, content, sealed, search.scope, search.words, wrapped],
    );
    if (rowCount === 0) throw new SubjectErased(address.subjectId);
  }

  async #read(
    recordIds: readonly string[],
    content: ContentKind,
    reading: Reading,
  ): Promise<readonly SealedRow[]> {
    const { rows } = await this.pool.query<SealedRow>(
      `WITH found AS (
         SELECT record_id, subject_id, sealed, wrapped_key
           FROM ${this.kind}.records JOIN ${this.kind}.persons USING (subject_id)
          WHERE record_id = ANY ($1::uuid[]) AND content_kind = $2
       ), logged AS (
         INSERT INTO ${this.kind}.access_log (actor, purpose, record_id) SELECT $3, $4, record_id FROM found
       )
       SELECT * FROM found`,
      [recordIds, content, reading.actor, reading.purpose],
    );
    return rows;
  }

  #open(row: SealedRow): Buffer {
    const dataKey = this.keys.unwrap(row.wrapped_key, row.subject_id);
    return unseal(dataKey, row.sealed, bound({ recordId: row.record_id, subjectId: row.subject_id }));
  }

  /** The instant so long ago by the database's clock, as its text. */
  async #ago(ms: number): Promise<string> {
    const { rows } = await this.pool.query<{ ago: string }>(
      `SELECT (now() - make_interval(secs => $1 / 1000.0))::text AS ago`,
      [ms],
    );
    return rows[0]?.ago ?? '-infinity';
  }

  async #putBefore(before: string, after: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ record_id: string }>(
      `SELECT record_id FROM ${this.kind}.records
        WHERE created_at <= $1::timestamptz AND record_id > $2 ORDER BY record_id LIMIT $3`,
      [before, after, sweepRecordsMax],
    );
    return rows.map((row) => row.record_id);
  }

  /** Spares what was put again meanwhile: a retried command is about to name it. */
  async #delete(recordIds: readonly string[], before: string): Promise<number> {
    if (recordIds.length === 0) return 0;
    const { rowCount } = await this.pool.query(
      `DELETE FROM ${this.kind}.records WHERE record_id = ANY ($1::uuid[]) AND created_at <= $2::timestamptz`,
      [recordIds, before],
    );
    return rowCount ?? 0;
  }
}
