import { binaryEvent, type AppendResult } from '@eventstore/db-client';
import { expectedOf, type EncodedAppend } from '../encoding.js';
import {
  AppendMixed,
  AppendTooLarge,
  StoreBusy,
  WrongExpectedVersion,
  type Appended,
  type ExpectedRevision,
} from '../event-store.js';
import { kindOf, type Connection } from './connection.js';
import type { Incarnations } from './incarnations.js';
import type { Latest } from './latest.js';
import type { LogEnd } from './log-end.js';
import type { Names } from './names.js';
import type { ServerReads } from './server-reads.js';
import { anchorOf, metadataBytes, type ClientEvent, type Given } from './stored.js';

/** How many appends, and how many bytes of data in them, may be on their way at once. */
const appendsMax = 1_024;
const bytesMax = 64 * 1_048_576;
const retryAfterMs = 1_000;

/** What an append is made with. */
export interface AppendParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly reads: ServerReads;
  readonly incarnations: Incarnations;
  readonly end: LogEnd;
  readonly latest: Latest;
  readonly deadlineMs: number;
}

/** What an import gives along: where each event stood, in the order of the append. */
export type GivenPlaces = readonly Given[];

/** Appends to the server and finds out what became of it. */
export class Appends {
  #count = 0;
  #bytes = 0;
  #knowsEnd = false;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(private readonly parts: AppendParts) {}

  /** As the port promises; throws what it says. Any other error leaves the outcome unknown. */
  submit(append: EncodedAppend, given?: GivenPlaces): Promise<Appended> {
    if (this.#count >= appendsMax || this.#bytes + append.bytes > bytesMax)
      return Promise.reject(new StoreBusy(retryAfterMs));
    this.#count += 1;
    this.#bytes += append.bytes;
    const appending = this.#append(append, given).finally(() => {
      this.#count -= 1;
      this.#bytes -= append.bytes;
      this.#underWay.delete(appending);
    });
    this.#underWay.add(appending);
    return appending;
  }

  /** Resolves when nothing is on its way any more. */
  async drained(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #append(append: EncodedAppend, given: GivenPlaces | undefined): Promise<Appended> {
    await this.#ready(given !== undefined);
    const settled = given ? undefined : await this.#movedBefore(append);
    if (settled) return settled;
    try {
      const { nextExpectedRevision } = await this.#send(append, given);
      if (Number(nextExpectedRevision) !== append.expected + append.events.length)
        throw new Error(`${append.stream}: the event store answered as to another append`);
      return await this.#outcome(append);
    } catch (error) {
      return this.#refused(append, error);
    }
  }

  /** Nothing was sent while the server was out of reach or is being filled. */
  async #ready(filling: boolean): Promise<void> {
    const { connection, incarnations, deadlineMs } = this.parts;
    try {
      await connection.warm(deadlineMs);
      await incarnations.fresh();
      await this.#seeEnd();
    } catch (error) {
      // Waiting does not mend it, and whoever runs the process has to see it.
      if (kindOf(error) === 'access-denied') throw error;
      throw new StoreBusy(retryAfterMs);
    }
    if (incarnations.filling && !filling) throw new StoreBusy(retryAfterMs);
  }

  /** The process before this one recorded the last event: nothing may be recorded before that, wherever the clock is. */
  async #seeEnd(): Promise<void> {
    if (this.#knowsEnd) return;
    this.parts.latest.sawEvent(await this.parts.end.find());
    this.#knowsEnd = true;
  }

  /**
   * The server compares revisions alone: whether another event stands there than the caller saw, or one of those that are
   * to be appended, is looked up.
   */
  async #movedBefore(append: EncodedAppend): Promise<Appended | undefined> {
    const { stream, expected, after, events } = append;
    if (expected === -1) return undefined;
    const [seen] = await this.parts.reads.stream(stream, expected, 1);
    if (!seen) return undefined;
    this.parts.latest.sawEvent(seen);
    if (events.some(({ id }) => id === seen.id)) throw new AppendMixed(stream);
    if (after === undefined || seen.id === after) return undefined;
    const last = await this.parts.reads.last(stream);
    return this.#repeatedOr(append, expectedOf(last ? Number(last.revision) : -1));
  }

  #send({ stream, expected, events }: EncodedAppend, given: GivenPlaces | undefined): Promise<AppendResult> {
    const { connection, names, deadlineMs, latest } = this.parts;
    const { notBefore } = latest;
    const more = notBefore === undefined ? {} : { notBefore };
    const proposed = events.map((event, index) =>
      binaryEvent({
        id: event.id,
        type: event.type,
        data: Buffer.from(event.data),
        metadata: metadataBytes(event, given ? { given: given[index] } : more),
      }),
    );
    const expectedRevision = expected === -1 ? 'no_stream' : BigInt(expected);
    return connection.append(names.onServer(stream), proposed, expectedRevision, deadlineMs);
  }

  /** Where the last event stands; whoever looks for it right after it was written finds it. */
  async #outcome({ stream, expected, events }: EncodedAppend): Promise<Appended> {
    const revision = expected + events.length;
    const [last] = await this.parts.reads.stream(stream, revision, 1);
    if (last?.id !== events.at(-1)?.id || !last)
      throw new Error(`${stream}: what was appended does not stand at revision ${String(revision)}`);
    return this.#answer(last);
  }

  #answer(last: ClientEvent): Appended {
    const { incarnations, latest } = this.parts;
    const { position, latestMs, revision } = anchorOf(last, incarnations.at(last.position?.commit ?? 0n));
    latest.saw(latestMs);
    return { revision, position, recordedAt: new Date(latestMs).toISOString() };
  }

  #refused(append: EncodedAppend, error: unknown): Promise<Appended> | Appended {
    const kind = kindOf(error);
    if (kind === 'maximum-append-size-exceeded') throw new AppendTooLarge(append.bytes);
    if (kind !== 'wrong-expected-version')
      throw new Error('the outcome of the append is unknown', { cause: error });
    const { actualVersion } = error as { readonly actualVersion: bigint | 'no_stream' };
    return this.#repeatedOr(append, actualVersion === 'no_stream' ? 'no_stream' : Number(actualVersion));
  }

  /** The first outcome where these very events stand; otherwise throws what is wrong. */
  async #repeatedOr(append: EncodedAppend, actual: ExpectedRevision): Promise<Appended> {
    const { stream, expected, events } = append;
    const standing = await this.parts.reads.stream(stream, expected + 1, events.length);
    const last = standing.at(-1);
    if (last && events.every(({ id }, index) => standing[index]?.id === id)) return this.#answer(last);
    const ids = new Set(standing.map(({ id }) => id));
    if (events.some(({ id }) => ids.has(id))) throw new AppendMixed(stream);
    throw new WrongExpectedVersion(stream, expectedOf(expected), actual);
  }
}
