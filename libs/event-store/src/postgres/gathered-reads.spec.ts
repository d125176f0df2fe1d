import { describe, expect, it } from '@jest/globals';
import { GatheredReads, type StreamReader } from './gathered-reads.js';
import type { AskedStream, StreamPage } from './log-reader.js';

const page = (revision: number): StreamPage => ({ events: [{ revision } as never], atEnd: true });

/** A reader of streams named after the revision that they hold; which reads fail, and how, is up to the test. */
function reader(failure: (streams: readonly string[]) => Error | undefined = () => undefined): {
  readonly source: StreamReader;
  readonly statements: (readonly string[])[];
} {
  const statements: (readonly string[])[] = [];
  const read = async (asked: readonly AskedStream[]): Promise<readonly StreamPage[]> => {
    const streams = asked.map(({ stream }) => stream);
    statements.push(streams);
    const error = failure(streams);
    if (error) throw error;
    return streams.map((stream) => page(parseInt(stream, 10)));
  };
  return {
    statements,
    source: {
      streams: read,
      stream: async (stream, fromRevision) => (await read([{ stream, fromRevision }]))[0] ?? page(-1),
    },
  };
}

const askAll = (reads: GatheredReads, streams: readonly string[]): Promise<readonly unknown[]> =>
  Promise.all(
    streams.map((stream) =>
      reads.first(stream, 0).then(
        ({ events }) => events[0]?.revision,
        (error: unknown) => (error as Error).message,
      ),
    ),
  );

describe('gathered reads', () => {
  it('share a statement when they are asked for in one turn, each answered with its own stream', async () => {
    const { source, statements } = reader();
    const reads = new GatheredReads(source);
    expect(await askAll(reads, ['3', '1', '2', '1'])).toEqual([3, 1, 2, 1]);
    expect(await askAll(reads, ['7'])).toEqual([7]);
    expect(statements).toEqual([['3', '1', '2', '1'], ['7']]);
  });

  it('go in statements of at most 64', async () => {
    const { source, statements } = reader();
    const streams = Array.from({ length: 130 }, (_, index) => String(index));
    expect(await askAll(new GatheredReads(source), streams)).toEqual(streams.map((_, index) => index));
    expect(statements.map(({ length }) => length)).toEqual([64, 64, 2]);
  });

  it('fail for that one alone which would have failed alone', async () => {
    const { source } = reader((streams) =>
      streams.includes('2') ? new Error('2 is unreadable') : undefined,
    );
    expect(await askAll(new GatheredReads(source), ['1', '2', '3'])).toEqual([1, '2 is unreadable', 3]);
  });

  it('fail together and at once where the connection is lost', async () => {
    const { source, statements } = reader(() => new Error('Connection terminated unexpectedly'));
    const told = await askAll(new GatheredReads(source), ['1', '2']);
    expect(told).toEqual(['Connection terminated unexpectedly', 'Connection terminated unexpectedly']);
    expect(statements).toHaveLength(1);
  });
});
