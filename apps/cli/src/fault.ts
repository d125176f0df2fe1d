import type { Bilingual } from './language.js';

/** What the process ends with; documented in `mangnon --help`. */
export const exitCodes = {
  done: 0,
  /** A replay differs, a file is not whole, or an invariant is broken. */
  differs: 1,
  usage: 2,
  /** The database or the server cannot be reached. */
  unreachable: 3,
  /** It was refused: by the server, or by what is there already. */
  refused: 4,
  bug: 70,
} as const;

/** An exit code that is not a success. */
export type FaultCode = Exclude<keyof typeof exitCodes, 'done'>;

/** What keeps a command from being done, told in one sentence in the reader's language. */
export class CliFault extends Error {
  override readonly name = 'CliFault';

  constructor(
    readonly code: FaultCode,
    readonly sentence: Bilingual,
    options: { readonly cause?: unknown } = {},
  ) {
    super(sentence.en, options);
  }
}
