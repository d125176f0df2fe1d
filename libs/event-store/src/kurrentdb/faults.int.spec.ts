import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckpointLost } from '#kernel/checkpoint.js';
import { wholeStream } from '#testing/events.js';
import { eventually } from '#testing/eventually.js';
import { ProtocolServer } from '#testing/eventstoredb-protocol/protocol-server.js';
import { failure } from '#testing/eventstoredb-protocol/wire.js';
import { expectNothingLostOrDoubled } from '../concurrency.contract.js';
import { appendPatiently, everything, noted, several, watch } from '../contract-engine.contract.js';
import { AppendMixed, StoreBusy, WrongExpectedVersion, type EventBatch } from '../event-store.js';
import { KurrentDbEventStore } from './kurrentdb-event-store.js';

const timeoutMs = 60_000;
/** The gRPC status of an error within the server. */
const internal = 13;
/** The gRPC status of a user who may not do that. */
const permissionDenied = 7;

describe('the event store on KurrentDB’s protocol, when things go wrong', () => {
  let server: ProtocolServer;
  let opened: KurrentDbEventStore[];
  beforeEach(async () => {
    server = await ProtocolServer.start();
    opened = [];
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    await server.close();
  });

  function open(url = server.url, deadlineMs = 5_000): KurrentDbEventStore {
    const store = new KurrentDbEventStore({ url, deadlineMs });
    opened.push(store);
    return store;
  }

  /** Another process with the store open: it has a client of its own, since it calls the server by another name. */
  const openApart = (): KurrentDbEventStore => open(server.url.replace('127.0.0.1', 'localhost'));

  const idsIn = (stream: string): readonly string[] =>
    server.log.all.filter((event) => event.stream === stream).map(({ id }) => id);

  it(
    'stores an append once whose answer was lost, and gives the retry the first outcome',
    async () => {
      const store = open();
      await store.append('note-1', several(1), 'no_stream');
      const events = several(3);
      server.link.loseAnswers();
      const lost = store.append('note-2', events, 'no_stream').catch((error: unknown) => error);
      await eventually(() => expect(idsIn('note-2')).toHaveLength(3));
      server.link.cut();
      const unknown = await lost;
      expect(unknown).toBeInstanceOf(Error);
      expect(unknown).not.toBeInstanceOf(StoreBusy);
      expect(unknown).not.toBeInstanceOf(WrongExpectedVersion);
      const other = await eventually(() => store.append('note-2', several(1), 2));
      const [last] = await wholeStream(store, 'note-2', 2);
      const { revision, position, recordedAt } = last ?? {};
      expect(await store.append('note-2', events, 'no_stream')).toEqual({ revision, position, recordedAt });
      expect([revision, other.revision]).toEqual([2, 3]);
      expect(await wholeStream(store, 'note-2')).toHaveLength(4);
    },
    timeoutMs,
  );

  it(
    'takes a status that it does not know for an unknown outcome, and stores a retry once',
    async () => {
      const store = open();
      await store.append('note-1', several(1), 'no_stream');
      const events = several(2);
      server.faults.endNext('append', failure(internal, 'out of order'));
      await expect(store.append('note-1', events, 0)).rejects.toThrow('the outcome of the append is unknown');
      const { revision } = await store.append('note-1', events, 0);
      expect(revision).toBe(2);
      expect(idsIn('note-1')).toHaveLength(3);
    },
    timeoutMs,
  );

  it(
    'says why it may not append at all, where others would only be told to come again',
    async () => {
      const headers = { exception: 'access-denied' };
      server.faults.endNext('append', failure(permissionDenied, 'Access Denied', headers));
      await expect(open().append('note-1', several(1), 'no_stream')).rejects.toThrow('Access Denied');
    },
    timeoutMs,
  );

  it(
    'has a deadline of its own for a server that is frozen, and goes on when it is not',
    async () => {
      const store = open(server.url, 400);
      const events = several(1);
      await store.append('note-1', events, 'no_stream');
      server.link.freeze();
      const more = several(1);
      await expect(store.append('note-2', more, 'no_stream')).rejects.toThrow('unknown');
      await expect(wholeStream(store, 'note-1')).rejects.toThrow('did not answer within 400 ms');
      await expect(store.head()).rejects.toThrow('did not answer within 400 ms');
      server.link.thaw();
      await eventually(() => store.append('note-2', more, 'no_stream'));
      expect([...idsIn('note-1'), ...idsIn('note-2')]).toEqual([...events, ...more].map(({ id }) => id));
    },
    timeoutMs,
  );

  it(
    'is busy, having tried nothing, while the server is down or starting, and takes appends as soon as it is there',
    async () => {
      await server.link.refuse();
      const store = open();
      const events = several(1);
      await expect(store.append('note-1', events, 'no_stream')).rejects.toThrow(StoreBusy);
      await server.link.accept();
      server.faults.starts();
      await expect(store.append('note-1', events, 'no_stream')).rejects.toThrow(StoreBusy);
      server.faults.started();
      await eventually(() => store.append('note-1', events, 'no_stream'));
      expect(idsIn('note-1')).toHaveLength(1);
    },
    timeoutMs,
  );

  it(
    'keeps subscribers going through cuts, restarts and a server that is down, without gap or repetition',
    async () => {
      const store = open();
      const writer = openApart();
      const watchers = [
        watch(store),
        watch(store, { batchEventsMax: 3 }),
        watch(store, { lingerMs: 20 }),
        watch(store, { streams: ['note-'] }),
      ];
      const ids: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        const events = several(5);
        await eventually(() => writer.append(`note-${round}`, events, 'no_stream'));
        ids.push(...events.map(({ id }) => id));
        if (round % 4 === 2) server.link.cut();
        if (round % 4 === 3) await server.restart();
        if (round === 7) {
          await server.link.refuse();
          await server.link.accept();
        }
        if (round % 3 === 1) await watchers[0]?.sees(ids.length);
      }
      for (const watcher of watchers) {
        await watcher.sees(ids.length);
        await watcher.stop();
        expect(watcher.ids()).toEqual(ids);
      }
    },
    timeoutMs,
  );

  it(
    'waits for a server that is down when it subscribes',
    async () => {
      const events = several(3);
      await open().append('note-1', events, 'no_stream');
      await server.link.refuse();
      const watcher = watch(open());
      await expect(open().head()).rejects.toThrow();
      await server.link.accept();
      await watcher.sees(3);
      await watcher.stop();
      expect(watcher.ids()).toEqual(events.map(({ id }) => id));
    },
    timeoutMs,
  );

  it(
    'hands a consumer that was cut off for being slow everything, once',
    async () => {
      const store = open();
      const ids: string[] = [];
      const slow = store.subscribe({ consumer: 'slow', signal: new AbortController().signal });
      const take = slow[Symbol.asyncIterator]();
      const seen: string[] = [];
      const next = async (): Promise<void> => {
        const { value } = (await take.next()) as IteratorYieldResult<EventBatch>;
        seen.push(...value.events.map(({ id }) => id));
      };
      const flood = async (): Promise<void> => {
        const events = Array.from({ length: 100 }, () => noted({ text: 'x'.repeat(500) }));
        await store.append(`note-${ids.length}`, events, 'no_stream');
        ids.push(...events.map(({ id }) => id));
      };
      await flood();
      await next();
      await eventually(() => expect(server.faults.liveSubscribers).toBe(1));
      while (server.faults.slowSubscribers === 0 && ids.length < 30_000) await flood();
      expect(server.faults.slowSubscribers).toBe(1);
      while (seen.length < ids.length) await next();
      await take.return?.();
      expect(seen).toEqual(ids);
    },
    timeoutMs,
  );

  it(
    'tells a subscriber under which the store was restored from an older backup that its checkpoint is lost',
    async () => {
      const store = open();
      await store.append('note-1', several(4), 'no_stream');
      const watcher = watch(store);
      await watcher.sees(4);
      server.stop();
      server.log.truncate(server.log.all.length - 2);
      await server.restart();
      await eventually(() => openApart().append('note-1', several(3), 1));
      await expect(watcher.sees(99)).rejects.toThrow(CheckpointLost);
      const lost = watcher.batches.at(-1)?.checkpoint;
      await expect(everything(store, { ...(lost && { after: lost }) })).rejects.toThrow(CheckpointLost);
    },
    timeoutMs,
  );

  it(
    'appends from two processes to one stream, losing and doubling nothing',
    async () => {
      const stores = [open(), openApart()];
      const write = async (writer: number): Promise<readonly string[]> => {
        const ids: string[] = [];
        for (let round = 0; round < 5; round += 1) {
          const events = several(1);
          await appendPatiently(stores[writer % 2]!, 'shared', events);
          ids.push(...events.map(({ id }) => id));
        }
        return ids;
      };
      const acknowledged = await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
      await expectNothingLostOrDoubled(stores[0]!, acknowledged.flat());
    },
    timeoutMs,
  );

  it(
    'answers a repeat that overtakes its original late, and stores it once',
    async () => {
      const store = open();
      await store.append('note-1', several(1), 'no_stream');
      const events = several(1);
      server.faults.answersAfterMs = 300;
      const [first, repeat] = await Promise.allSettled([
        store.append('note-1', events, 0),
        store.append('note-1', events, 0),
      ]);
      server.faults.answersAfterMs = 0;
      expect([first.status, repeat.status]).toEqual(['fulfilled', 'rejected']);
      expect(await store.append('note-1', events, 0)).toMatchObject({ revision: 1 });
      expect(idsIn('note-1')).toHaveLength(2);
    },
    timeoutMs,
  );

  it(
    'never records an earlier time than it has seen, though the server’s clock is set back',
    async () => {
      const times = [
        '2025-05-29T01:00:00Z',
        '2025-05-29T02:00:00Z',
        '2025-05-29T01:30:00Z',
        '2025-05-29T03:00:00Z',
      ];
      const clock = { at: 0, now: () => new Date(times[clock.at] ?? '') };
      const late = await ProtocolServer.start(clock);
      const store = open(late.url);
      for (const [index] of times.entries()) {
        clock.at = index;
        await store.append(`note-${index}`, several(1), 'no_stream');
      }
      const recorded = ['T01:00', 'T02:00', 'T02:00', 'T03:00'].map((time) => `2025-05-29${time}:00.000Z`);
      const events = await everything(store);
      expect(events.map(({ recordedAt }) => recordedAt)).toEqual(recorded);
      const read = await Promise.all(times.map((_, index) => wholeStream(store, `note-${index}`)));
      expect(read.flat().map(({ recordedAt }) => recordedAt)).toEqual(recorded);
      await store.close();
      await late.close();
    },
    timeoutMs,
  );

  it(
    'never records an earlier time than others have, though the clock is set back and the store opened anew',
    async () => {
      const clock = { time: '01:00', now: () => new Date(`2025-05-29T${clock.time}:00.000Z`) };
      const late = await ProtocolServer.start(clock);
      const [store, another] = [open(late.url), open(late.url.replace('127.0.0.1', 'localhost'))];
      const at = async (time: string, writer: KurrentDbEventStore, stream: string): Promise<string> => {
        clock.time = time;
        const [last] = (await wholeStream(writer, stream)).slice(-1);
        const { recordedAt } = await writer.append(stream, several(1), last?.revision ?? 'no_stream');
        return recordedAt.slice(11, 16);
      };
      expect(await at('01:00', store, 'note-1')).toBe('01:00');
      expect(await at('02:00', another, 'note-2')).toBe('02:00');
      expect(await at('01:30', store, 'note-2')).toBe('02:00');
      expect(await at('03:00', another, 'note-3')).toBe('03:00');
      const watcher = watch(store);
      await watcher.sees(4);
      await watcher.stop();
      expect(await at('02:30', store, 'note-4')).toBe('03:00');
      expect(await at('02:29', open(late.url), 'note-5')).toBe('03:00');
      for (const one of opened) await one.close();
      await late.close();
    },
    timeoutMs,
  );

  it(
    'never sends what was given up while it waited for its turn',
    async () => {
      const store = open(server.url, 200);
      await store.append('note-0', several(1), 'no_stream');
      server.link.freeze();
      const appends = Array.from({ length: 240 }, (_, index) =>
        store.append(`note-${index + 1}`, several(1), 'no_stream'),
      );
      const outcomes = await Promise.allSettled(appends);
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(240);
      server.link.thaw();
      await eventually(() => store.append('later', several(1), 'no_stream'));
      expect(idsIn('note-240')).toEqual([]);
    },
    timeoutMs,
  );

  it(
    'refuses streams of the server and of the store itself, and reads nothing that others wrote as its own',
    async () => {
      const store = open();
      for (const stream of ['$stats', 'mangnon-store'])
        await expect(store.append(stream, several(1), 'no_stream')).rejects.toThrow(TypeError);
      const [event] = several(1);
      await store.append('note-1', [event!], 'no_stream');
      await expect(store.append('note-1', [event!, ...several(1)], 'no_stream')).rejects.toThrow(AppendMixed);
      expect(await everything(store)).toHaveLength(1);
    },
    timeoutMs,
  );
});
