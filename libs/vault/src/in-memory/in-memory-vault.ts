import { canonicalJson, type JsonObject } from '#kernel/json.js';
import { kindKeys, newKey, type KindKeys } from '../sealing.js';
import {
  Sealed,
  SubjectErased,
  type NewRecord,
  type PutOptions,
  type Reading,
  type RecordAddress,
  type Vault,
  type VaultKind,
  type VaultRoom,
} from '../vault.js';

interface Kept {
  readonly subjectId: string;
  readonly content: JsonObject | Uint8Array;
  readonly scope: string;
  readonly words: ReadonlySet<string>;
  readonly putAt: number;
}

/** The vault's engine for fast specs: forgets everything with the process, but promises what the port promises. */
export class InMemoryVault implements Vault {
  readonly #rooms = new Map<VaultKind, InMemoryVaultRoom>();

  /** The room of any kind. */
  room(kind: VaultKind): InMemoryVaultRoom {
    let room = this.#rooms.get(kind);
    if (!room) this.#rooms.set(kind, (room = new InMemoryVaultRoom(kindKeys(newKey(), kind))));
    return room;
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** One kind's records in memory; `log` shows what was read, for specs. */
export class InMemoryVaultRoom implements VaultRoom {
  readonly log: (Reading & { readonly recordId?: string })[] = [];
  readonly #records = new Map<string, Kept>();
  readonly #erased = new Set<string>();

  constructor(private readonly keys: KindKeys) {}

  async put(address: RecordAddress, content: JsonObject, options: PutOptions = {}): Promise<void> {
    const words = new Set(this.keys.wordHashes(options.searchable ?? []));
    await this.#keep(address, copy(content), options.scope ?? '', words);
  }

  async putMany(records: readonly NewRecord[]): Promise<void> {
    const erased = records.find(({ address }) => this.#erased.has(address.subjectId));
    if (erased) throw new SubjectErased(erased.address.subjectId);
    // All of them are kept before anybody else has a turn.
    await Promise.all(records.map(({ address, content, options }) => this.put(address, content, options)));
  }

  async putBytes(address: RecordAddress, bytes: Uint8Array): Promise<void> {
    await this.#keep(address, Uint8Array.from(bytes), '', new Set());
  }

  async find(recordId: string, reading: Reading): Promise<Sealed<JsonObject> | undefined> {
    return (await this.findMany([recordId], reading)).get(recordId);
  }

  async findMany(
    recordIds: readonly string[],
    reading: Reading,
  ): Promise<ReadonlyMap<string, Sealed<JsonObject>>> {
    const found = new Map<string, Sealed<JsonObject>>();
    for (const recordId of recordIds) {
      const content = this.#records.get(recordId)?.content;
      if (!content || content instanceof Uint8Array) continue;
      this.log.push({ ...reading, recordId });
      found.set(recordId, new Sealed(copy(content)));
    }
    return Promise.resolve(found);
  }

  async findBytes(recordId: string, reading: Reading): Promise<Sealed<Uint8Array> | undefined> {
    const content = this.#records.get(recordId)?.content;
    if (!(content instanceof Uint8Array)) return undefined;
    this.log.push({ ...reading, recordId });
    return Promise.resolve(new Sealed(Uint8Array.from(content)));
  }

  async search(scope: string, query: string, limit: number, reading: Reading): Promise<readonly string[]> {
    this.log.push(reading);
    const wanted = this.keys.queryHashes(query);
    if (wanted.length === 0) return [];
    const hits = [...this.#records].filter(
      ([, kept]) => kept.scope === scope && wanted.every((hash) => kept.words.has(hash)),
    );
    return Promise.resolve(
      hits
        .map(([recordId]) => recordId)
        .reverse()
        .slice(0, limit),
    );
  }

  keyedHash(text: string): string {
    return this.keys.hash(text);
  }

  async erase(subjectId: string): Promise<number> {
    const gone = [...this.#records].filter(([, kept]) => kept.subjectId === subjectId);
    for (const [recordId] of gone) this.#records.delete(recordId);
    this.#erased.add(subjectId);
    return Promise.resolve(gone.length);
  }

  isErased(subjectId: string): Promise<boolean> {
    return Promise.resolve(this.#erased.has(subjectId));
  }

  async sweep(
    olderThanMs: number,
    isNamed: (recordIds: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<number> {
    const before = Date.now() - olderThanMs;
    const old = [...this.#records].filter(([, kept]) => kept.putAt <= before);
    const named = await isNamed(old.map(([recordId]) => recordId));
    const isOrphan = ([recordId, kept]: readonly [string, Kept]): boolean =>
      !named.has(recordId) && this.#records.get(recordId) === kept;
    const orphans = old.filter(isOrphan);
    for (const [recordId] of orphans) this.#records.delete(recordId);
    return orphans.length;
  }

  async #keep(
    { recordId, subjectId }: RecordAddress,
    content: JsonObject | Uint8Array,
    scope: string,
    words: ReadonlySet<string>,
  ): Promise<void> {
    if (this.#erased.has(subjectId)) throw new SubjectErased(subjectId);
    const kept = this.#records.get(recordId) ?? { subjectId, content, scope, words };
    this.#records.set(recordId, { ...kept, putAt: Date.now() });
    await Promise.resolve();
  }
}

function copy(content: JsonObject): JsonObject {
  return JSON.parse(canonicalJson(content)) as JsonObject;
}
