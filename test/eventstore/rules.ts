/** The rules of writing as docs tell them, put as plainly as can be: what a write should answer, and what should stand. */
export type ModelExpected = 'any' | 'no_stream' | 'stream_exists' | number;

/** What a write answers: the revision to go on from, or why not. */
export type ModelAnswer = number | 'wrong' | 'deleted';

/** One stream. */
interface ModelStream {
  readonly ids: string[];
  /** Revision of the first event that is shown. */
  shownFrom: number;
  softDeleted: boolean;
}

/** What a server with these rules would hold. */
export class Model {
  readonly #streams = new Map<string, ModelStream>();
  /** Which ids a server remembers of each stream since it started, with the revision that each was written at last. */
  readonly #remembered = new Map<string, number>();

  append(name: string, expected: ModelExpected, ids: readonly string[]): ModelAnswer {
    const stream = this.#stream(name);
    const known = missing(stream, expected) ?? this.#known(name, stream, expected, ids);
    return known === 'new' ? this.#write(name, stream, ids) : known;
  }

  /** True where the deletion is done. */
  delete(name: string, expected: ModelExpected): boolean {
    const stream = this.#stream(name);
    if (expected !== 'any' && expected !== stream.ids.length - 1) return false;
    stream.softDeleted = true;
    return true;
  }

  /** The ids that are shown, the first revision of them; undefined where there is no such stream. */
  read(name: string): { readonly from: number; readonly ids: readonly string[] } | undefined {
    const { ids, shownFrom, softDeleted } = this.#stream(name);
    if (ids.length === 0 || softDeleted) return undefined;
    return { from: shownFrom, ids: ids.slice(shownFrom) };
  }

  /** What is only remembered is forgotten; what stands, stands. */
  restart(): void {
    this.#remembered.clear();
  }

  #write(name: string, stream: ModelStream, ids: readonly string[]): number {
    if (stream.softDeleted) stream.shownFrom = stream.ids.length;
    stream.softDeleted = false;
    for (const id of ids) {
      stream.ids.push(id);
      this.#remembered.set(`${name} ${id}`, stream.ids.length - 1);
    }
    return stream.ids.length - 1;
  }

  #known(
    name: string,
    stream: ModelStream,
    expected: ModelExpected,
    ids: readonly string[],
  ): ModelAnswer | 'new' {
    if (expected === 'any' || expected === 'stream_exists') return this.#knownByMemory(name, ids);
    return knownByPlace(stream, expected === 'no_stream' ? -1 : expected, ids);
  }

  #knownByMemory(name: string, ids: readonly string[]): ModelAnswer | 'new' {
    const revisions = ids.map((id) => this.#remembered.get(`${name} ${id}`));
    if (revisions[0] === undefined) return 'new';
    return revisions.includes(undefined) ? 'wrong' : (revisions.at(-1) ?? 'wrong');
  }

  #stream(name: string): ModelStream {
    const stream = this.#streams.get(name) ?? {
      ids: [],
      shownFrom: 0,
      softDeleted: false,
      tombstoned: false,
    };
    this.#streams.set(name, stream);
    return stream;
  }
}

function missing({ ids, softDeleted }: ModelStream, expected: ModelExpected): ModelAnswer | undefined {
  if (expected !== 'stream_exists') return undefined;
  if (softDeleted) return 'deleted';
  return ids.length === 0 ? 'wrong' : undefined;
}

function knownByPlace(stream: ModelStream, revision: number, ids: readonly string[]): ModelAnswer | 'new' {
  const last = stream.ids.length - 1;
  if (revision === last) return 'new';
  if (revision > last) return 'wrong';
  const standing = stream.ids.slice(revision + 1, revision + 1 + ids.length);
  if (standing.length === ids.length && standing.every((id, index) => id === ids[index]))
    return revision + ids.length;
  return revision === -1 && stream.softDeleted && standing[0] !== ids[0] ? 'new' : 'wrong';
}
