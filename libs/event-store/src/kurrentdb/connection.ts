import { randomUUID } from 'node:crypto';
import {
  EventStoreDBClient,
  binaryEvent,
  type AppendExpectedRevision,
  type AppendResult,
  type Credentials,
} from '@eventstore/db-client';
import { Slots } from './slots.js';
import { storeStream } from './stored.js';

/** The server did not answer in time; what was asked of it may have been done. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(what: string, withinMs: number) {
    super(`${what}: the event store did not answer within ${String(withinMs)} ms`);
  }
}

/** What the promise gives, or {@link NoAnswer} when that takes too long. */
export function answeredWithin<Answer>(ms: number, what: string, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer(what, ms)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Whether the connection was lost under the call; the client makes another for the next one. */
function lostConnection(error: unknown): boolean {
  const known = kindOf(error);
  if (known !== undefined) return known === 'unavailable' || known === 'cancelled';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 1 || code === 14;
}

/** What kind of error the client says that it is; undefined for what is not one of its own. */
export function kindOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error)) return undefined;
  return typeof error.type === 'string' ? error.type : undefined;
}

/** Asks what may be asked twice, and once more at once where the connection was lost under it. */
export async function askedAgain<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!lostConnection(error)) throw error;
    return ask();
  }
}

/** Appends at a time; see {@link Slots} of the reads. */
const appendsMax = 24;

/** Who asks: as the connection string says; without TLS the client sends no name, whatever it is given. */
function userIn(url: string): Credentials | undefined {
  const [, username, password] = /^[^:]+:\/\/([^:]+):([^@]+)@/.exec(url) ?? [];
  if (username && password)
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return isPlain(url) ? { username: 'nobody', password: '' } : undefined;
}

/** Whether the client talks to the server without TLS; it does not unless it is told so. */
function isPlain(url: string): boolean {
  const options = /\?(.*)$/.exec(url)?.[1]?.split('&') ?? [];
  const last = options.map((option) => option.split('=')).findLast(([key]) => flat(key) === 'tls');
  return last?.[1]?.trim() === 'false';
}

/** The name of an option as the client compares it. */
function flat(key = ''): string {
  return key.trim().toLowerCase().replaceAll(/[_-]/g, '');
}

/** The first event of {@link storeStream}, the same whoever writes it. */
const opened = '6d616e67-6e6f-4e00-8000-000000000001';

/**
 * The client of one server in this process. There is one a server: what waits for an answer to an append is kept for
 * all clients of a process together, and an error of one loses the answers of the others.
 */
export class Connection {
  readonly client: EventStoreDBClient;
  readonly #user: Credentials;
  readonly #slots = new Slots(appendsMax);
  #users = 0;
  #warm: Promise<void> | undefined;

  private constructor(
    private readonly url: string,
    user: Credentials,
  ) {
    const named = `${url}${url.includes('?') ? '&' : '?'}connectionName=mangnon-${randomUUID()}`;
    this.client = EventStoreDBClient.connectionString(named);
    this.#user = user;
  }

  static readonly #open = new Map<string, Connection>();

  /**
   * The connection to the server, for one user more. Throws for what is not a connection string, and `RangeError` for one
   * with TLS (which is the client's default) that names no user: see {@link Connection.append}.
   */
  static to(url: string): Connection {
    const user = userIn(url);
    if (!user)
      throw new RangeError('the event store’s connection string has to name a user: esdb://user:password@…');
    const connection = Connection.#open.get(url) ?? new Connection(url, user);
    Connection.#open.set(url, connection);
    connection.#users += 1;
    return connection;
  }

  /**
   * Appends as a call of its own with a deadline of its own. Without a user the client would send it through a stream
   * that all appends share, and would keep what waits for answers in one table for the whole process: an error of an
   * older stream empties it, and the answer that finds nothing in it ends the process.
   */
  append(
    stream: string,
    events: Parameters<EventStoreDBClient['appendToStream']>[1],
    expectedRevision: AppendExpectedRevision,
    withinMs: number,
  ): Promise<AppendResult> {
    const options = { expectedRevision, deadline: withinMs, credentials: this.#user };
    const what = `appending to ${stream}`;
    let isGivenUp = false;
    // One that waited too long for its turn is not sent after all: whoever gave it up may have gone on, or closed.
    const send = (): Promise<AppendResult> =>
      isGivenUp
        ? Promise.reject(new NoAnswer(what, withinMs * 2))
        : this.client.appendToStream(stream, events, options);
    return answeredWithin(withinMs * 2, what, this.#slots.run(send)).finally(() => {
      isGivenUp = true;
    });
  }

  /** Lets go of it; the last user ends its streams. */
  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    Connection.#open.delete(this.url);
    await this.client.dispose();
  }

  /**
   * Resolves when one append was answered: of the first ones of a cold client, sent without waiting, the very first
   * arrives last. Rejects where the server cannot be reached; the next call tries again.
   */
  warm(withinMs: number): Promise<void> {
    this.#warm ??= askedAgain(() => this.#first(withinMs)).catch((error: unknown) => {
      this.#warm = undefined;
      throw error;
    });
    return this.#warm;
  }

  async #first(withinMs: number): Promise<void> {
    const event = binaryEvent({ id: opened, type: 'StoreOpened', data: Buffer.from('{}') });
    await this.append(storeStream, event, 'no_stream', withinMs);
  }
}
