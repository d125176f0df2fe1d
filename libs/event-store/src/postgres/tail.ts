import type { Checkpoint } from '#kernel/checkpoint.js';
import { Bell } from '../bell.js';
import type { LogEntry, LogPage, LogReader } from './log-reader.js';

/** What the tail reads from. */
export type PageReader = Pick<LogReader, 'page'>;

const pollEventsMax = 1_000;
const keptEventsMax = 4_096;
const keptCharactersMax = 16_777_216;
/** What this process appends is read at once; this is for what others do. */
const idleMsMin = 25;
const idleMsMax = 250;

/**
 * The live end of the log, read once for all subscribers of this process: it polls only while somebody waits, at once
 * after an append of this process and otherwise at intervals that grow while nothing happens. What it has read lately
 * it keeps for those who come a little later.
 */
export class Tail {
  readonly #reader: PageReader;
  readonly #news = new Bell();
  readonly #hints = new Bell();
  readonly #closing = new AbortController();
  /** Consecutive; ends with the last event known. */
  #kept: LogEntry[] = [];
  #characters = 0;
  #last: Checkpoint | undefined;
  #atEnd = false;
  #hinted = false;
  #broken = false;
  #polledAt = 0;
  #polling: Promise<void> | undefined;
  #running = false;

  constructor(reader: PageReader) {
    this.#reader = reader;
  }

  /** Something was appended by this process. */
  hint(): void {
    this.#hinted = true;
    this.#hints.ring();
  }

  /** What is kept after the checkpoint, at most `max` events; undefined when that place is not among what is kept. */
  after(at: Checkpoint | undefined, max: number): LogPage | undefined {
    const from = seqOf(at) + 1 - this.#first;
    if (from < 0 || (from > 0 && this.#kept[from - 1]?.checkpoint.eventId !== at?.eventId)) return undefined;
    const entries = this.#kept.slice(from, from + max);
    return { entries, atEnd: this.#atEnd && from + entries.length === this.#kept.length };
  }

  /** How many events are known after the checkpoint. */
  known(at: Checkpoint | undefined): number {
    return Math.max(0, seqOf(this.#last) - seqOf(at));
  }

  /** Resolves when there may be something after the checkpoint; false when the log could not be read on. */
  async heard(at: Checkpoint | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.known(at) > 0 || this.#closing.signal.aborted) return true;
    if (this.#news.waiting === 0 && !this.#polling) this.#beginAt(at);
    const heard = this.#news.heard(signal);
    void this.#run();
    await heard;
    return !this.#broken;
  }

  /** Reads on after an append of this process, and otherwise unless that was done less than `withinMs` ago. */
  async freshen(withinMs: number): Promise<void> {
    if (this.#hinted || performance.now() - this.#polledAt >= withinMs) await this.#poll();
  }

  /** Wakes everybody and reads no more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#hints.ring();
    this.#news.ring();
    await this.#polling;
  }

  /** Sequence number of the first event kept, or of the next one to come. */
  get #first(): number {
    return seqOf(this.#last) - this.#kept.length + 1;
  }

  #beginAt(at: Checkpoint | undefined): void {
    this.#broken = false;
    if (!this.#last || seqOf(this.#last) < seqOf(at)) this.#forget(at);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    let idleMs = idleMsMin;
    while (this.#news.waiting > 0 && !this.#closing.signal.aborted) {
      const before = this.#last;
      await this.#poll();
      if (this.#last !== before || this.#hinted) idleMs = idleMsMin;
      if (!this.#atEnd || this.#hinted) continue;
      await this.#hints.heard(this.#closing.signal, idleMs);
      idleMs = Math.min(idleMs * 2, idleMsMax);
    }
    this.#running = false;
  }

  #poll(): Promise<void> {
    this.#polling ??= this.#read().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #read(): Promise<void> {
    this.#hinted = false;
    const page = await this.#reader.page(this.#last, pollEventsMax).catch(() => undefined);
    this.#polledAt = performance.now();
    if (page) this.#keep(page);
    else this.#break();
  }

  #keep({ entries, atEnd }: LogPage): void {
    this.#atEnd = atEnd;
    const last = entries.at(-1);
    if (!last) return;
    this.#last = last.checkpoint;
    this.#kept.push(...entries);
    for (const { characters } of entries) this.#characters += characters;
    let surplus = 0;
    while (this.#exceeds(this.#kept.length - surplus)) {
      this.#characters -= this.#kept[surplus]?.characters ?? 0;
      surplus += 1;
    }
    this.#kept.splice(0, surplus);
    this.#news.ring();
  }

  #exceeds(events: number): boolean {
    return events > keptEventsMax || (events > 1 && this.#characters > keptCharactersMax);
  }

  #forget(last: Checkpoint | undefined): void {
    this.#kept = [];
    this.#characters = 0;
    this.#last = last;
  }

  /** Forgets everything; those who wait look for themselves, and are told there what is wrong. */
  #break(): void {
    this.#broken = true;
    this.#atEnd = true;
    this.#forget(undefined);
    this.#news.ring();
  }
}

function seqOf(checkpoint: Checkpoint | undefined): number {
  return Number(checkpoint?.cursor ?? '0');
}
