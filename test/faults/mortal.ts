import type { RecordedEvent } from '#kernel/domain-event.js';
import type { SmtpPeer } from '#testing/smtp-peer.js';
import type { Draws } from './draws.js';
import type { LoadSize } from './load.js';
import type { StubbornClient } from './stubborn-client.js';

/** What can be killed at a fail-point: one process with every service in it, or a process for each. */
export interface Mortal {
  readonly site: { readonly fundId: string; readonly bouncesPort: number };
  readonly draws: Draws;
  readonly client: StubbornClient;
  readonly peer: SmtpPeer;
  /** Has everything run and answer; whoever comes to the fail-point dies there, if one is named. */
  start(failPoint?: string): Promise<void>;
  /** People work as fast as they can; resolves when all that they asked for is acknowledged. */
  play(size?: LoadSize): Promise<void>;
  /** Waits until a process has killed itself. */
  dies(): Promise<void>;
  /** Looks at a consumer's place while nothing moves it: whatever is behind it is answered, and something is where `isMoved`. */
  assertNothingPassedOver(way: string, isMoved: boolean): Promise<void>;
  /** Waits until nothing is on its way any more; everything that is recorded. */
  settled(): Promise<readonly RecordedEvent[]>;
  stop(): Promise<void>;
  /** Asks the database of the books itself. */
  query<Row extends object>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}
