import { setTimeout as delay } from 'node:timers/promises';
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';

/** The calls that a server may be told to end. */
export type Method = 'batchAppend' | 'append' | 'read' | 'delete' | 'tombstone';

/** How long a real server leaves a repeat waiting whose original is not yet answered, in milliseconds. */
const overtakenMs = 2_000;

/** What a test has told the server to do wrong. */
export class Faults {
  #starting = false;
  /** How long each answer to a write is held back after the write is stored, in milliseconds. */
  answersAfterMs = 0;
  /** How many subscribers were told that they are caught up. */
  liveSubscribers = 0;
  /** How many subscribers were cut off because they did not take what was sent. */
  slowSubscribers = 0;
  readonly #ends: { readonly method: Method; readonly status: StatusObject }[] = [];
  readonly #underWay = new Set<string>();

  /** Whether the server says that it is not ready yet. */
  get starting(): boolean {
    return this.#starting;
  }

  /** From now on it is not ready. */
  starts(): void {
    this.#starting = true;
  }

  /** From now on it is. */
  started(): void {
    this.#starting = false;
  }

  /** The next call of the method ends in this status, and nothing of it is done. */
  endNext(method: Method, status: StatusObject): void {
    this.#ends.push({ method, status });
  }

  /** The next call of the method fails within the server, and nothing of it is done. */
  failNext(method: Method): void {
    this.endNext(method, { code: status.INTERNAL, details: 'the server failed', metadata: new Metadata() });
  }

  /** The status in which this call of the method has to end. */
  endOf(method: Method): StatusObject | undefined {
    const at = this.#ends.findIndex((end) => end.method === method);
    return at === -1 ? undefined : this.#ends.splice(at, 1)[0]?.status;
  }

  /** Whether a write is stored and not answered; its repeat is never done, and is answered late. */
  async underWay(key: string): Promise<boolean> {
    if (!this.#underWay.has(key)) return false;
    await delay(overtakenMs);
    return true;
  }

  /** Writes, and gives the answer when it is time. */
  async answered<Answer>(key: string, write: () => Answer): Promise<Answer> {
    const answer = write();
    if (this.answersAfterMs === 0) return answer;
    this.#underWay.add(key);
    await delay(this.answersAfterMs);
    this.#underWay.delete(key);
    return answer;
  }
}
