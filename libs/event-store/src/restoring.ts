import { copyLog, type CopyProgress, type CopyTarget, type LogProof } from './copying.js';
import { ImportRefused } from './importing.js';
import type { LogPages } from './log-record.js';

/** What was restored. */
export interface LogRestored extends LogProof {
  /** What later events belong to. */
  readonly incarnation: number;
}

/** No position comes in it, so that a target that is told to open it asks for one above all that it has. */
const noIncarnation = 0;

/**
 * Fills an empty log with the events of a backup, as {@link copyLog} does, and opens the incarnation that `give` answers
 * with, above the one that it is told: what was seen of the log that was lost is seen no more, and numbers that may have
 * gone out are not given again. One that was broken off goes on when it is called again with the same events; until it has
 * come to its end no store over the target takes an append. Throws {@link ImportRefused} for a target that is not empty,
 * for events that are out of order or leave a gap in a stream and for an incarnation that is not above, and `CopyDiffers`.
 */
export async function restoreLog(
  source: () => LogPages,
  target: CopyTarget,
  give: (above: number) => Promise<number>,
  onProgress?: (progress: CopyProgress) => void,
): Promise<LogRestored> {
  if ((await target.state()) === 'open')
    throw new ImportRefused('the event store is not empty; a restore needs an empty one');
  const proof = await copyLog(source, target, onProgress);
  const incarnation = await target.open(noIncarnation, async (above) => {
    const given = await give(above);
    if (given <= above) throw new ImportRefused(`incarnation ${String(given)} was given before`);
    return given;
  });
  return { ...proof, incarnation };
}
