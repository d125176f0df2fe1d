import type { Actor } from '#kernel/domain-event.js';
import type { JsonObject } from '#kernel/json.js';

/**
 * What kind of person a record is about, or `books`: narrations and reasons of the ledger, which are about nobody by
 * themselves. Each kind has its own schema, role and master key.
 */
export type VaultKind = 'donors' | 'staff' | 'payees' | 'children' | 'books';

/** Which record of a person: one person may have several, erased apart. */
export interface RecordAddress {
  /** UUID of the record, named by an event. */
  readonly recordId: string;
  /** UUID of the person; all records of one subject share one data key. */
  readonly subjectId: string;
}

/** Who reads, and what for; logged with every read. */
export interface Reading {
  readonly actor: Actor;
  /** Why, in a few words, such as `receipt rendered`; never personal data. */
  readonly purpose: string;
}

/** Personal data that prints, logs and serialises as `[sealed]`; only {@link Sealed.open} gives it out. */
export class Sealed<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The plain value; call it where it is used, not where it is passed on. */
  open(): T {
    return this.#value;
  }

  toString(): string {
    return '[sealed]';
  }

  toJSON(): string {
    return '[sealed]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[sealed]';
  }
}

/** How a record is found again by the words of a person's name. */
export interface PutOptions {
  /** Scope of searches, such as the fund's id; a search never leaves it. */
  readonly scope?: string;
  /** Texts whose unaccented words are kept as keyed hashes for {@link VaultRoom.search}. */
  readonly searchable?: readonly string[];
}

/** A record of a batch. */
export interface NewRecord {
  readonly address: RecordAddress;
  readonly content: JsonObject;
  readonly options?: PutOptions;
}

/** The person was erased; nothing about them is kept any more. */
export class SubjectErased extends Error {
  override readonly name = 'SubjectErased';

  constructor(readonly subjectId: string) {
    super(`subject ${subjectId} was erased`);
  }
}

/** The vault of one kind of person. Records are sealed with AES-256-GCM under a data key a person. */
export interface VaultRoom {
  /**
   * Seals a record; the same record id again keeps the first content and counts as put now, so that a retried command may
   * write first and append later, whatever sweeps meanwhile. Throws {@link SubjectErased}.
   */
  put(address: RecordAddress, content: JsonObject, options?: PutOptions): Promise<void>;
  /**
   * Seals some hundreds of records at once, each as {@link VaultRoom.put} does, and all of them or none: throws
   * {@link SubjectErased} where one of the people was erased.
   */
  putMany(records: readonly NewRecord[]): Promise<void>;
  /** Opens a record and logs the read; undefined when there is none or it was erased. */
  find(recordId: string, reading: Reading): Promise<Sealed<JsonObject> | undefined>;
  /** Opens many records at once, one log line each; absent ones are left out. */
  findMany(recordIds: readonly string[], reading: Reading): Promise<ReadonlyMap<string, Sealed<JsonObject>>>;
  /** Seals bytes (a PDF, a mail) beside the records; the same record id again as {@link VaultRoom.put} has it. */
  putBytes(address: RecordAddress, bytes: Uint8Array): Promise<void>;
  /** Opens sealed bytes and logs the read. */
  findBytes(recordId: string, reading: Reading): Promise<Sealed<Uint8Array> | undefined>;
  /** Record ids whose searchable words begin with all words of the query (unaccented, any case), newest first; the search is logged without its words. */
  search(scope: string, query: string, limit: number, reading: Reading): Promise<readonly string[]>;
  /** Keyed hash of a normalised text, for matching without the text; equal texts give equal hashes within a kind. */
  keyedHash(text: string): string;
  /** Destroys the person's data key and every record, those being put at that moment too; returns how many records went. */
  erase(subjectId: string): Promise<number>;
  /** Whether the person was erased, so that nothing can be put any more; not where nothing was ever put. */
  isErased(subjectId: string): Promise<boolean>;
  /** Deletes records put last more than `olderThanMs` ago that `isNamed` says no event names; returns how many. */
  sweep(
    olderThanMs: number,
    isNamed: (recordIds: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<number>;
}

/** Opens the room of a kind; a service is given only the rooms it may enter. */
export interface Vault {
  room(kind: VaultKind): VaultRoom;
  close(): Promise<void>;
}
