import type { Life } from './life.js';
import type { Mortal } from './mortal.js';

/** Something that goes wrong, and what whoever runs the system does about it. */
export interface Fault<Struck extends Mortal = Life> {
  readonly name: string;
  /** Lets it strike under load; afterwards all processes run and everything that was asked for is acknowledged. */
  readonly strike: (struck: Struck) => Promise<void>;
  /** It needs a data directory that no other fault has struck, or leaves one that none should. */
  readonly isAlone?: true;
}
