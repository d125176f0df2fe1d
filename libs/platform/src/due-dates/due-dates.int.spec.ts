import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, NewEvent } from '#kernel/domain-event.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { createPool, type Database } from '#postgres/pool.js';
import { ReadModels } from '#read-models/read-models.js';
import { eventually } from '#testing/eventually.js';
import { aCount, count, readDatabase } from '#testing/read-models.js';
import { DueDates, type DueDatesOptions } from './due-dates.js';
import { dueDatesProjection, type DueDate, type DueDateRule } from './due-date.js';

type Pledged = DomainEvent<'Pledged', { readonly remindOn: string | null }>;

const reminders: DueDateRule<Pledged> = {
  name: 'remind',
  streams: ['pledge-'],
  change: ({ stream, data }) =>
    data.remindOn === 'never heard of'
      ? undefined
      : { key: stream, dueAt: data.remindOn ?? undefined, payload: { say: 'xin nhắc' } },
};

const pledged = (remindOn: string | null): NewEvent => ({
  ...aCount('1'),
  type: 'Pledged',
  data: { remindOn },
});
const day = (date: string) => `${date}T00:00:00.000Z`;

let now: Date;
const clock = { now: () => now };
let store: InMemoryEventStore;
let database: Database;
let models: ReadModels;
let close: () => Promise<void>;
let sent: DueDate[];
const open: DueDates[] = [];

beforeEach(async () => {
  now = new Date(day('2025-01-01'));
  sent = [];
  store = new InMemoryEventStore(clock);
  const { database: readable, url, drop } = await readDatabase();
  database = createPool(url, { name: 'due dates' });
  models = new ReadModels({ store, database: readable, lingerMs: 0 });
  models.register('pantry', [dueDatesProjection('pantry', 1, [reminders])]);
  await models.start();
  close = async () => {
    await Promise.all(open.splice(0).map((due) => due.stop()));
    await models.stop();
    await database.end();
    await drop();
  };
});

afterEach(() => close());

async function pledge(stream: string, remindOn: string | null): Promise<void> {
  await models.waitFor('pantry', await count(store, stream, pledged(remindOn)), 5_000);
}

async function dueDates(changes: Partial<DueDatesOptions> = {}): Promise<DueDates> {
  const send = async (due: DueDate) => void sent.push(due);
  const due = await DueDates.open({ service: 'pantry', database, clock, send, pollMs: 5, ...changes });
  open.push(due);
  return due;
}

const expireLeases = () =>
  database.query(`UPDATE pantry.due_dates_sent SET claimed_until = now() - interval '1 second'`);

/** As the server does when the processes at the other end of what holds due dates have died. */
const cutConnections = () =>
  database.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE locktype = 'advisory' AND d.datname = current_database()`,
  );

const keysSent = () => sent.map(({ key }) => key);

/** A process that has begun to send the first due date and does not come back from that before it may. */
async function stuckAtItsFirst() {
  let goOn: () => void = () => undefined;
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  let began = 0;
  const due = await dueDates({
    send: async (one) => {
      began += 1;
      await mayGoOn;
      sent.push(one);
    },
  });
  const done = due.sendDue();
  await eventually(() => expect(began).toBe(1));
  return { due, done, goOn };
}

describe('due dates', () => {
  it('are sent when their time has come, once, with the revision that set them', async () => {
    const first = pledged(day('2025-02-01'));
    await pledge('pledge-b', day('2025-02-02'));
    await count(store, 'pledge-a', first);
    await pledge('pledge-c', day('2025-03-01'));
    const due = await dueDates();
    expect(await due.sendDue()).toBe(0);
    now = new Date(day('2025-02-02'));
    expect(await due.sendDue()).toBe(2);
    await expireLeases();
    expect(await due.sendDue()).toBe(0);
    expect(sent).toEqual([
      {
        rule: 'remind',
        key: 'pledge-a',
        dueAt: day('2025-02-01'),
        payload: { say: 'xin nhắc' },
        stream: 'pledge-a',
        revision: 0,
        eventId: first.id,
      },
      expect.objectContaining({ key: 'pledge-b' }),
    ]);
  });

  it('are replaced and taken away by later events', async () => {
    await pledge('pledge-a', day('2025-02-01'));
    await pledge('pledge-b', day('2025-02-01'));
    await pledge('pledge-a', day('2025-02-03'));
    await pledge('pledge-b', null);
    await pledge('pledge-a', 'never heard of');
    const due = await dueDates();
    now = new Date(day('2025-02-02'));
    expect(await due.sendDue()).toBe(0);
    now = new Date(day('2025-02-03'));
    expect(await due.sendDue()).toBe(1);
    expect(sent).toMatchObject([{ key: 'pledge-a', revision: 1 }]);
    await pledge('pledge-a', day('2025-02-01'));
    expect(await due.sendDue()).toBe(1);
    expect(sent).toMatchObject([{ revision: 1 }, { revision: 3 }]);
  });

  it('come again after a rejection, and hold up no others', async () => {
    await pledge('pledge-a', day('2025-02-01'));
    await pledge('pledge-b', day('2025-02-02'));
    now = new Date(day('2025-03-01'));
    let broken = true;
    const faults: unknown[] = [];
    const due = await dueDates({
      send: async (one) => {
        if (broken && one.key === 'pledge-a') throw new Error('store is busy');
        sent.push(one);
      },
      onError: (one, error) => faults.push([one.key, error]),
    });
    expect(await due.sendDue()).toBe(1);
    expect(faults).toEqual([['pledge-a', new Error('store is busy')]]);
    expect(await due.sendDue()).toBe(0);
    broken = false;
    await expireLeases();
    expect(await due.sendDue()).toBe(1);
    expect(sent.map(({ key }) => key)).toEqual(['pledge-b', 'pledge-a']);
  });

  it('do not wait for a clock that was stepped back after a rejection', async () => {
    await pledge('pledge-a', day('2025-01-01'));
    let broken = true;
    const due = await dueDates({
      send: async (one) => {
        if (broken) throw new Error('store is busy');
        sent.push(one);
      },
    });
    await due.sendDue();
    broken = false;
    expect(await due.sendDue()).toBe(0);
    // As it stands there where the clock was half an hour ahead.
    await database.query(
      `UPDATE pantry.due_dates_sent SET claimed_until = claimed_until + interval '30 minutes'`,
    );
    expect(await due.sendDue()).toBe(1);
  });

  it('are sent at once by another process when the first died while sending, and by one only while it lives', async () => {
    await pledge('pledge-a', day('2025-01-01'));
    const first = await stuckAtItsFirst();
    const second = await dueDates();
    expect(await second.sendDue()).toBe(0);
    await cutConnections();
    expect(await second.sendDue()).toBe(1);
    first.goOn();
    await first.done;
    expect(await second.sendDue()).toBe(0);
  });

  it('are sent by another process when the first is frozen for minutes, which then leaves it what it took', async () => {
    await pledge('pledge-a', day('2025-01-01'));
    await pledge('pledge-b', day('2025-01-01'));
    const first = await stuckAtItsFirst();
    await expireLeases();
    const second = await dueDates();
    expect(await second.sendDue()).toBe(2);
    first.goOn();
    expect(await first.done).toBe(1);
    expect(keysSent()).toEqual(['pledge-a', 'pledge-b', 'pledge-a']);
  });

  it('are gone on with by a process whose connection broke, each once', async () => {
    await pledge('pledge-a', day('2025-01-01'));
    await pledge('pledge-b', day('2025-01-01'));
    const first = await stuckAtItsFirst();
    await cutConnections();
    first.goOn();
    expect(await first.done).toBe(1);
    expect(await first.due.sendDue()).toBe(1);
    expect(keysSent()).toEqual(['pledge-a', 'pledge-b']);
  });

  it('are left to others by a process that stops', async () => {
    await pledge('pledge-a', day('2025-01-01'));
    await pledge('pledge-b', day('2025-01-01'));
    const first = await stuckAtItsFirst();
    const stopped = first.due.stop();
    first.goOn();
    await first.done;
    await stopped;
    expect(await (await dueDates()).sendDue()).toBe(1);
    expect(keysSent()).toEqual(['pledge-a', 'pledge-b']);
  });

  it('are sent by one of several processes that look at once', async () => {
    for (let n = 10; n < 40; n += 1) await pledge(`pledge-${String(n)}`, day('2025-01-01'));
    const all = await Promise.all([dueDates(), dueDates(), dueDates()]);
    const counts = await Promise.all(all.map((due) => due.sendDue()));
    expect(counts.reduce((sum, one) => sum + one)).toBe(30);
    expect(new Set(keysSent()).size).toBe(30);
  });

  it('survive a restart and a rebuild of the table, more of them than one batch holds', async () => {
    for (let n = 10; n < 55; n += 1) await pledge(`pledge-${String(n)}`, day('2025-01-01'));
    const first = await dueDates();
    expect(await first.sendDue()).toBe(45);
    await models.rebuild('pantry.due_dates');
    await expireLeases();
    await pledge('pledge-60', day('2025-01-01'));
    const second = await dueDates();
    second.start();
    await eventually(() => expect(sent).toHaveLength(46));
    expect(sent.at(-1)!.key).toBe('pledge-60');
  });
});

describe('dueDatesProjection', () => {
  it('refuses two rules of one name', () => {
    const rule = reminders as DueDateRule;
    expect(() => dueDatesProjection('pantry', 1, [rule, rule])).toThrow('two due date rules of one name');
  });
});
