import type { Database } from '#postgres/pool.js';
import type { Somebody } from '../faults/site.js';
import type { Watched } from './processes.js';

/** The fund that donations are recorded for, and who records and looks. */
export interface Office {
  /** Of the API. */
  readonly url: string;
  readonly fundId: string;
  readonly people: Readonly<Record<'cashier' | 'accountant', Somebody>>;
}

/** Services that run, with a fund that was just opened. */
export interface Standing {
  readonly office: Office;
  /** Where the events are, asked beside the services. */
  readonly database: Database;
  /** Those that count, whoever asks included. */
  readonly processes: readonly Watched[];
  /** Ends the services. */
  stop(): Promise<void>;
  /** Removes what a stopped one has left. */
  clear(): void;
}
