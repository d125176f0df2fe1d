import { Site } from '../faults/site.js';
import { Donating } from './donating.js';
import { Stand, type StandOptions } from './stand.js';
import { tell } from './told.js';
import { Walk, type Tallies } from './walk.js';

/** A stand whose fund was given something, each donation all the way to its number. */
export interface Filled {
  readonly stand: Stand;
  readonly tallies: Tallies;
  /** Events in the log. */
  readonly events: number;
  close(): Promise<void>;
}

/** Opens a fund and records so many donations of nobody known, over HTTP like everybody. */
export async function filledStand(
  count: number,
  clients: number,
  options: StandOptions = {},
): Promise<Filled> {
  const site = await Site.open();
  const stand = await Stand.start(site, options);
  const donating = new Donating(site, clients, 'anonymous');
  const close = async (): Promise<void> => {
    await stand.stop();
    site.close();
  };
  try {
    tell(`recording ${String(count)} donations`);
    let left = count;
    const client = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        await donating.record();
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    const walk = new Walk(stand.database);
    return { stand, tallies: await walk.ended(), events: await walk.end(), close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    await donating.close();
  }
}
