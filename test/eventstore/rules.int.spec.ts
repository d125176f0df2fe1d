import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EventStoreDBClient,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  jsonEvent,
} from '@eventstore/db-client';
import fc from 'fast-check';
import { Model, type ModelAnswer, type ModelExpected } from './rules.js';
import { tryServer, type TriedServer } from './tried-server.js';

type Call =
  | {
      readonly op: 'append';
      readonly stream: string;
      readonly expected: ModelExpected;
      readonly ids: readonly string[];
    }
  | { readonly op: 'delete'; readonly stream: string; readonly expected: ModelExpected }
  | { readonly op: 'read'; readonly stream: string }
  | { readonly op: 'restart' };

const stream = fc.constantFrom('s', 't');
const revision = fc.integer({ min: 0, max: 4 });
const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 3 });
const append = fc.record({
  op: fc.constant('append' as const),
  stream,
  expected: fc.oneof(
    revision,
    fc.constantFrom<ModelExpected>('any', 'no_stream', 'no_stream', 'stream_exists'),
  ),
  ids,
});
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 10, arbitrary: append },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('read' as const), stream }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('delete' as const),
      stream,
      expected: fc.oneof(revision, fc.constant<ModelExpected>('any')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restart' as const) }) },
);

/** The streams and ids of one sequence, which nobody else has. */
class Played {
  readonly #own = randomUUID();
  readonly #ids = new Map<string, string>();

  constructor(private readonly client: EventStoreDBClient) {}

  async append({ stream: name, expected, ids: keys }: Extract<Call, { op: 'append' }>): Promise<ModelAnswer> {
    const events = keys.map((key) => jsonEvent({ id: this.#idOf(key), type: 'Happened', data: { key } }));
    const expectedRevision = typeof expected === 'number' ? BigInt(expected) : expected;
    try {
      const appended = await this.client.appendToStream(this.#nameOf(name), events, { expectedRevision });
      return Number(appended.nextExpectedRevision);
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return 'wrong';
      if (error instanceof StreamDeletedError) return 'deleted';
      throw error;
    }
  }

  async delete({ stream: name, expected }: Extract<Call, { op: 'delete' }>): Promise<boolean> {
    const expectedRevision = typeof expected === 'number' ? BigInt(expected) : 'any';
    try {
      await this.client.deleteStream(this.#nameOf(name), { expectedRevision });
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return false;
      throw error;
    }
  }

  async read(name: string): Promise<ReturnType<Model['read']>> {
    const read: { key: unknown; revision: number }[] = [];
    try {
      for await (const { event } of this.client.readStream(this.#nameOf(name)))
        if (event) read.push({ key: (event.data as { key: string }).key, revision: Number(event.revision) });
    } catch (error) {
      if (error instanceof StreamNotFoundError) return undefined;
      throw error;
    }
    return { from: read[0]?.revision ?? 0, ids: read.map(({ key }) => String(key)) };
  }

  #nameOf(name: string): string {
    return `${this.#own}-${name}`;
  }

  #idOf(key: string): string {
    const id = this.#ids.get(key) ?? randomUUID();
    this.#ids.set(key, id);
    return id;
  }
}

describe('the rules of writing', () => {
  let tried: TriedServer;
  beforeAll(async () => {
    tried = await tryServer();
  });
  afterAll(() => tried.close());

  /** What the server answers and what it should; a restart that cannot be made of a real one is left out of both. */
  async function answers(played: Played, model: Model, one: Call): Promise<readonly [unknown, unknown]> {
    switch (one.op) {
      case 'append':
        return [await played.append(one), model.append(one.stream, one.expected, one.ids)];
      case 'delete':
        return [await played.delete(one), model.delete(one.stream, one.expected)];
      case 'read':
        return [await played.read(one.stream), model.read(one.stream)];
      case 'restart':
        if (tried.server) {
          tried.server.log.restarted();
          model.restart();
        }
        return [undefined, undefined];
    }
  }

  it('are kept by the server in any sequence of appends, deletions, reads and restarts', async () => {
    const property = fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 25 }), async (calls) => {
      const [played, model] = [new Played(tried.client), new Model()];
      for (const one of calls) {
        const [answered, expected] = await answers(played, model, one);
        expect({ ...one, answer: answered }).toEqual({ ...one, answer: expected });
      }
      for (const name of ['s', 't']) expect(await played.read(name)).toEqual(model.read(name));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
