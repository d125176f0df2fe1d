import type { Database } from '#postgres/pool.js';
import { Site, type Somebody } from '../faults/site.js';
import { ApartStand } from './apart-stand.js';
import type { Asked } from './asked.js';
import type { Watched } from './processes.js';
import { Stand } from './stand.js';

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

/** Starts services anew for each run; whoever opened it closes it. */
export interface Standings {
  start(profile?: string): Promise<Standing>;
  close(): void;
}

/** The default run on copies of one data directory, or, with `--mode distributed`, each service as a process of its own. */
export async function standings({ mode }: Asked): Promise<Standings> {
  if (mode === 'distributed') return { start: () => ApartStand.start(), close: () => undefined };
  const site = await Site.open();
  return { start: (profile) => Stand.start(site, { profile }), close: () => site.close() };
}
