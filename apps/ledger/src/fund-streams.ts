import { uuidV5 } from '#event-store/command-id.js';

const prefix = 'fund-';

/** Namespace of the ids of funds; never to be changed. */
const funds = '3b8f1d9a-52c4-4e0b-9d5e-6b1c7a2f4e80';

/**
 * The id of the fund with this code. Because the code makes the id, two funds opened at once under one code meet in one
 * stream, and the second is refused.
 */
export function fundIdOfCode(code: string): string {
  return uuidV5(funds, code);
}

/** The id of the purpose with this code in a fund; a campaign's purpose has the campaign's own. */
export function purposeIdOfCode(fundId: string, code: string): string {
  return uuidV5(fundId, `purpose ${code}`);
}

/** The stream of a fund. */
export function streamOf(fundId: string): string {
  return `${prefix}${fundId}`;
}

/** The stream that binds the key of a command which opens a fund to its body. */
export function foundingStreamOf(commandId: string): string {
  return `founding-${commandId}`;
}

/** The fund of a stream made by {@link streamOf}. */
export function fundIdOf({ stream }: { readonly stream: string }): string {
  return stream.slice(prefix.length);
}
