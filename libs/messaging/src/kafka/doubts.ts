import { formatPosition, parsePosition, type Position } from '#kernel/position.js';

/** What may be missing of a key although its partition was read on. */
export interface Doubt {
  /** Whatever there is of the key up to there was read. */
  readonly stood: Position;
  /** A message behind it that another one names and that never came, where nobody was told of it yet. */
  readonly missing?: Position;
}

/** By key: each behind which a record could not be read, or a message is missing, until a later one of it was handed over. */
export type Doubts = ReadonlyMap<string, Doubt>;

/** No key is in doubt. */
export const noDoubts: Doubts = new Map();

/** As text without spaces or semicolons, empty for none. */
export function formatDoubts(doubts: Doubts): string {
  return [...doubts].map(([key, doubt]) => `${encodeURIComponent(key)}=${formatDoubt(doubt)}`).join(',');
}

/** The reverse of {@link formatDoubts}; passes over what is no such text. */
export function parseDoubts(text: string): Doubts {
  return new Map(
    text.split(',').flatMap((one): readonly (readonly [string, Doubt])[] => {
      const { key, stood, missing } = written.exec(one)?.groups ?? {};
      if (key === undefined || stood === undefined) return [];
      const doubt = { stood: parsePosition(stood), ...(missing && { missing: parsePosition(missing) }) };
      return [[decodeURIComponent(key), doubt]];
    }),
  );
}

const written = /^(?<key>[^=]*)=(?<stood>\d+\.\d+)(?::(?<missing>\d+\.\d+))?$/;

function formatDoubt({ stood, missing }: Doubt): string {
  return [stood, ...(missing ? [missing] : [])].map(formatPosition).join(':');
}
