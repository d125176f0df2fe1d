import type { Environment } from './config.js';
import type { Interruption } from './interruption.js';
import type { Terminal } from './terminal.js';

/** What every command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly interruption: Interruption;
  /** Pours a text of any length into the result, waiting for whoever reads it. */
  readonly pour: (texts: AsyncIterable<string>) => Promise<void>;
  /** Asks somebody at the keyboard; `secretly` shows nothing of what is typed. Undefined where nobody sits there. */
  readonly ask: (question: string, secretly?: boolean) => Promise<string | undefined>;
  /** What was piped in. */
  readonly readInput: () => Promise<string>;
}
