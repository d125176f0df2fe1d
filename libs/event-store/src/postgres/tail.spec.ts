import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { LogEntry, type LogPage } from './log-reader.js';
import { Tail, type PageReader } from './tail.js';

function entry(seq: number, data = '{}'): LogEntry {
  return new LogEntry({
    seq: String(seq),
    id: `event-${seq}`,
    stream: 'note-1',
    revision: String(seq - 1),
    incarnation: 1,
    number: String(seq),
    recorded_at: new Date(0),
    schema_version: 1,
    type: 'Noted',
    metadata: '{}',
    data,
  });
}

/** A log in memory that counts how often it is read. */
class Log implements PageReader {
  #reads = 0;
  #broken = false;
  readonly entries: LogEntry[] = [];

  grow(count: number, data?: string): void {
    for (let more = 0; more < count; more += 1) this.entries.push(entry(this.entries.length + 1, data));
  }

  async page(after: Checkpoint | undefined, max: number): Promise<LogPage | undefined> {
    this.#reads += 1;
    if (this.#broken) throw new Error('the connection broke');
    const from = Number(after?.cursor ?? '0');
    const entries = this.entries.slice(from, from + max);
    return { entries, atEnd: from + entries.length === this.entries.length };
  }

  /** How often it was read since this was last asked. */
  reads(): number {
    const reads = this.#reads;
    this.#reads = 0;
    return reads;
  }

  break(broken: boolean): void {
    this.#broken = broken;
  }

  at(seq: number): Checkpoint | undefined {
    return this.entries[seq - 1]?.checkpoint;
  }
}

describe('the tail of the log', () => {
  let log: Log;
  let tail: Tail;
  const { signal } = new AbortController();

  beforeEach(() => {
    jest.useFakeTimers();
    log = new Log();
    tail = new Tail(log);
  });
  afterEach(async () => {
    await tail.close();
    jest.useRealTimers();
  });

  const seqs = (page: LogPage | undefined): readonly number[] | undefined =>
    page?.entries.map(({ seq }) => seq);

  it('asks for twenty subscribers at the live end no more often than five times a second', async () => {
    log.grow(3);
    const heard = Array.from({ length: 20 }, () => tail.heard(log.at(3), signal));
    await jest.advanceTimersByTimeAsync(1_000);
    log.reads();
    await jest.advanceTimersByTimeAsync(10_000);
    const reads = log.reads();
    expect(reads).toBeLessThanOrEqual(50);
    expect(reads).toBeGreaterThan(10);
    log.grow(1);
    await jest.advanceTimersByTimeAsync(300);
    expect(await Promise.all(heard)).not.toContain(false);
    expect(seqs(tail.after(log.at(3), 10))).toEqual([4]);
  });

  it('reads at once when this process has appended', async () => {
    log.grow(1);
    const heard = tail.heard(log.at(1), signal);
    await jest.advanceTimersByTimeAsync(10_000);
    log.grow(1);
    tail.hint();
    await jest.advanceTimersByTimeAsync(0);
    expect(await heard).toBe(true);
    expect(tail.after(log.at(1), 10)).toMatchObject({ atEnd: true });
  });

  it('reads nothing while nobody waits', async () => {
    const stop = new AbortController();
    const heard = tail.heard(undefined, stop.signal);
    await jest.advanceTimersByTimeAsync(100);
    stop.abort();
    await heard;
    await jest.advanceTimersByTimeAsync(1_000);
    log.reads();
    tail.hint();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(log.reads()).toBe(0);
  });

  it('hands what it has read to later ones without reading again, and sends away who is too far behind', async () => {
    log.grow(2);
    const heard = tail.heard(log.at(2), signal);
    log.grow(5_000);
    await jest.advanceTimersByTimeAsync(100);
    await heard;
    while (tail.known(log.at(2)) < 5_000) await tail.freshen(0);
    log.reads();
    expect(seqs(tail.after(log.at(4_000), 3))).toEqual([4_001, 4_002, 4_003]);
    expect(tail.after(log.at(4_000), 3)?.atEnd).toBe(false);
    expect(seqs(tail.after(log.at(5_002), 3))).toEqual([]);
    expect(tail.after(log.at(2), 3)).toBeUndefined();
    expect(log.reads()).toBe(0);
  });

  it('keeps less of large events', async () => {
    log.grow(1);
    const heard = tail.heard(log.at(1), signal);
    log.grow(40, `"${'x'.repeat(1_000_000)}"`);
    await jest.advanceTimersByTimeAsync(100);
    await heard;
    expect(tail.after(log.at(1), 3)).toBeUndefined();
    expect(seqs(tail.after(log.at(38), 10))).toEqual([39, 40, 41]);
  });

  it('does not take a checkpoint of another event for its own', async () => {
    log.grow(1);
    await tail.heard(undefined, signal);
    log.grow(4);
    await tail.freshen(0);
    const forged = { ...entry(3).checkpoint, eventId: 'event-other' };
    expect(tail.after(forged, 10)).toBeUndefined();
    expect(seqs(tail.after(log.at(3), 10))).toEqual([4, 5]);
  });

  it('begins where the first one waits, not where it stopped long ago', async () => {
    log.grow(1);
    const heard = tail.heard(undefined, signal);
    await jest.advanceTimersByTimeAsync(100);
    await heard;
    log.grow(100_000);
    log.reads();
    const again = tail.heard(log.at(100_001), signal);
    await jest.advanceTimersByTimeAsync(10);
    log.grow(1);
    await jest.advanceTimersByTimeAsync(300);
    expect(await again).toBe(true);
    expect(log.reads()).toBeLessThan(20);
  });

  it('wakes everybody to look for themselves when it cannot read on, and goes on later', async () => {
    log.grow(2);
    const heard = [tail.heard(log.at(2), signal), tail.heard(log.at(2), signal)];
    await jest.advanceTimersByTimeAsync(100);
    log.break(true);
    await jest.advanceTimersByTimeAsync(300);
    expect(await Promise.all(heard)).toEqual([false, false]);
    log.break(false);
    const again = tail.heard(log.at(2), signal);
    log.grow(1);
    await jest.advanceTimersByTimeAsync(300);
    expect(await again).toBe(true);
    expect(seqs(tail.after(log.at(2), 10))).toEqual([3]);
  });

  it('lets go of those who wait when it is closed', async () => {
    const heard = tail.heard(undefined, signal);
    await jest.advanceTimersByTimeAsync(50);
    await tail.close();
    await heard;
    await tail.heard(undefined, signal);
    log.reads();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(log.reads()).toBe(0);
  });
});
