import { Site } from '../faults/site.js';
import { ApartStand } from './apart-stand.js';
import type { Asked } from './asked.js';
import { Stand } from './stand.js';
import type { Standing } from './standing.js';

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
