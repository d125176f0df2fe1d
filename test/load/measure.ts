import type { Invariant } from '../faults/invariants.js';
import type { Asked } from './asked.js';
import type { Figure } from './statistics.js';

/** What one run of a case found. */
export interface Taken {
  readonly figures: readonly Figure[];
  /** What must hold after it; the bench fails where one is broken. */
  readonly invariants: readonly Invariant[];
}

/** One row of a measure, run several times, each time on something fresh. */
export interface Case {
  readonly name: string;
  /** What is aimed at, in words. */
  readonly aim?: string;
  run(): Promise<Taken>;
}

/** A measure with what it needs; whoever opened it closes it. */
export interface Opened {
  readonly cases: readonly Case[];
  close(): Promise<void> | void;
}

/** What `npm run bench -- <name>` measures. */
export interface Measure {
  readonly name: string;
  /** One line for the help. */
  readonly what: string;
  /** Length of a run and how many there are, where nobody asks for others. */
  readonly seconds: number;
  readonly runs: number;
  open(asked: Asked): Promise<Opened>;
}
