import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction, isConnectionError, type Session } from '#postgres/pool.js';
import { openLink } from '#testing/event-store-link.js';
import { eventStoreDatabase, type EventStoreDatabase } from '#testing/postgres-store.js';
import { eventually } from '#testing/eventually.js';
import { wholeStream } from '#testing/events.js';
import { expectNothingLostOrDoubled, writeSideBySide } from '../concurrency.contract.js';
import { everything, several, watch } from '../contract-engine.contract.js';
import { encodeAppend } from '../encoding.js';
import { StoreBusy, WrongExpectedVersion } from '../event-store.js';
import { sendAppends } from './append-call.js';
import { PostgresEventStore, type PostgresEventStoreOptions } from './postgres-event-store.js';

describe('the event store on PostgreSQL, when things go wrong', () => {
  let home: EventStoreDatabase;
  let opened: PostgresEventStore[];

  beforeEach(async () => {
    home = await eventStoreDatabase();
    opened = [];
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    await home.drop();
  });

  /** Another process with the store open. */
  function open(options: Partial<PostgresEventStoreOptions> = {}): PostgresEventStore {
    const store = new PostgresEventStore({ url: home.url, ...options });
    opened.push(store);
    return store;
  }

  /** Appends through the function in the session's own transaction; gives back the ids. */
  async function appendIn(session: Session, stream: string): Promise<readonly string[]> {
    const events = several(2);
    const [outcome] = await sendAppends(session, [encodeAppend(stream, events, 'no_stream')]);
    expect(outcome).toMatchObject({ revision: 1 });
    return events.map(({ id }) => id);
  }

  /** The backend that waits for the log's lock. */
  const waiting = (): Promise<number> =>
    eventually(async () => {
      const { rows } = await home.owner.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'mangnon-events-append' AND wait_event_type = 'Lock'`,
      );
      if (!rows[0]) throw new Error('no append waits');
      return rows[0].pid;
    });

  it('keeps the contract beside 32 transactions that dawdle before they commit or roll back', async () => {
    const stores = [open(), open(), open()];
    const early = stores.map((store) => watch(store, { batchEventsMax: 7 }));
    const committed: string[] = [];
    const dawdle = async (writer: number): Promise<void> => {
      for (let round = 0; round < 5; round += 1) {
        const rollsBack = (writer + round) % 5 === 0;
        const ids = await inTransaction(home.owner, async (session) => {
          const appended = await appendIn(session, `dawdler-${writer}-${round}`);
          await session.query('SELECT pg_sleep(random() * 0.02)');
          if (rollsBack) throw new Error('thought better of it');
          return appended;
        }).catch(() => []);
        committed.push(...ids);
      }
    };
    const dawdlers = Array.from({ length: 32 }, (_, writer) => dawdle(writer));
    const [acknowledged] = await Promise.all([writeSideBySide(stores), ...dawdlers]);
    const order = await expectNothingLostOrDoubled(open(), [...acknowledged, ...committed]);
    expect(order.length).toBeGreaterThan(acknowledged.length);
    const events = await everything(open());
    expect(events.map(({ position }) => position.number)).toEqual(order.map((_, index) => index + 1));
    for (const watcher of early) {
      await watcher.sees(order.length);
      await watcher.stop();
      expect(watcher.ids()).toEqual(order);
    }
  }, 60_000);

  it('cuts off a process that holds the log and falls silent, and undoes what it did', async () => {
    const silent = await home.owner.connect();
    const broke: Error[] = [];
    silent.on('error', (error) => broke.push(error));
    await silent.query('BEGIN');
    await appendIn(silent, 'note-1');
    const store = open();
    await store.append('note-2', several(1), 'no_stream');
    await eventually(() => {
      expect(broke).not.toHaveLength(0);
    });
    silent.release(true);
    expect((await everything(store)).map(({ stream }) => stream)).toEqual(['note-2']);
  }, 20_000);

  it('answers an append whose backend was killed as unknown, and a retry of it as if it were the first', async () => {
    const store = open();
    const events = several(2);
    const holder = await home.owner.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM event_store.head FOR UPDATE');
    const appending = store.append('note-1', events, 'no_stream').catch((error: unknown) => error);
    await home.owner.query('SELECT pg_terminate_backend($1)', [await waiting()]);
    const unknown = (await appending) as Error;
    expect(unknown).not.toBeInstanceOf(WrongExpectedVersion);
    expect(unknown).not.toBeInstanceOf(StoreBusy);
    expect(isConnectionError(unknown.cause)).toBe(true);
    await holder.query('ROLLBACK');
    holder.release();
    const first = await store.append('note-1', events, 'no_stream');
    expect(await store.append('note-1', events, 'no_stream')).toEqual(first);
    expect(await everything(store)).toHaveLength(2);
  }, 20_000);

  it('gives a retry the outcome of an append that was stored though its answer was lost', async () => {
    const link = await openLink(home.url);
    const store = open({ url: link.url });
    await store.append('note-1', several(1), 'no_stream');
    const events = several(3);
    link.loseAnswers();
    const appending = store.append('note-1', events, 0).catch((error: unknown) => error);
    const stored = await eventually(async () => {
      const { rows } = await home.owner.query('SELECT FROM event_store.events');
      expect(rows).toHaveLength(4);
      return wholeStream(open(), 'note-1', 1);
    });
    link.cut();
    const unknown = await appending;
    expect(unknown).toBeInstanceOf(Error);
    expect(unknown).not.toBeInstanceOf(StoreBusy);
    const other = await open().append('note-1', several(1), 3);
    const { revision, position, recordedAt } = stored[2] ?? {};
    expect(await store.append('note-1', events, 0)).toEqual({ revision, position, recordedAt });
    expect(other.revision).toBe(4);
    expect(await wholeStream(store, 'note-1')).toHaveLength(5);
    await link.close();
  }, 20_000);

  it('is busy, having tried nothing, for what waits too long or cannot be sent', async () => {
    const store = open({ limits: { waitMsMax: 150 } });
    const holder = await home.owner.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM event_store.head FOR UPDATE');
    const sent = store.append('note-1', several(1), 'no_stream');
    await waiting();
    const waited = store.append('note-2', several(1), 'no_stream');
    await expect(waited).rejects.toMatchObject({ name: 'StoreBusy', retryAfterMs: 150 });
    await holder.query('COMMIT');
    holder.release();
    await sent;
    const nowhere = open({ url: 'postgresql://nobody@127.0.0.1:1/none' });
    await expect(nowhere.append('note-3', several(1), 'no_stream')).rejects.toThrow(StoreBusy);
    expect((await everything(store)).map(({ stream }) => stream)).toEqual(['note-1']);
  }, 20_000);

  it('is busy when the log stays locked, and has then written nothing', async () => {
    const store = open();
    const holder = await home.owner.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM event_store.head FOR UPDATE');
    const events = several(1);
    await expect(store.append('note-1', events, 'no_stream')).rejects.toThrow(StoreBusy);
    await holder.query('COMMIT');
    holder.release();
    expect(await everything(store)).toEqual([]);
    await store.append('note-1', events, 'no_stream');
  }, 20_000);

  it('keeps subscribers going through lost connections, without gap or repetition', async () => {
    const link = await openLink(home.url);
    const store = open({ url: link.url });
    const writer = open();
    const watchers = [watch(store), watch(store, { batchEventsMax: 3 }), watch(store, { lingerMs: 20 })];
    const ids: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const events = several(5);
      await writer.append(`note-${round}`, events, 'no_stream');
      ids.push(...events.map(({ id }) => id));
      if (round % 4 === 2) link.cut();
      if (round % 6 === 1) await watchers[0]?.sees(ids.length);
    }
    for (const watcher of watchers) {
      await watcher.sees(100);
      await watcher.stop();
      expect(watcher.ids()).toEqual(ids);
    }
    await store.close();
    await link.close();
  }, 60_000);
});
