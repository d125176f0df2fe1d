import type { Life } from './life.js';

/** Something that goes wrong, and what whoever runs the system does about it. */
export interface Fault {
  readonly name: string;
  /** Lets it strike under load; afterwards a process runs and everything that was asked for is acknowledged. */
  readonly strike: (life: Life) => Promise<void>;
  /** It needs a data directory that no other fault has struck, or leaves one that none should. */
  readonly isAlone?: true;
}
