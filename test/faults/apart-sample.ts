import type { ApartLife } from './apart-life.js';
import { ofEngines } from './apart-engine-strikes.js';
import { atFailPointsApart } from './apart-process-strikes.js';
import type { Fault } from './fault.js';

const names = [
  'kill -9 of the process at donation-posted:after',
  'every broker stopped for five seconds under load',
];

/** Faults that every run of the suite plays, on one set of processes and the one broker that these have. */
export const apartSample: readonly Fault<ApartLife>[] = [...ofEngines, ...atFailPointsApart].filter(
  ({ name }) => names.includes(name),
);
