import { TopicCut } from '#kernel/topic-cut.js';
import { ProjectionFailed } from './fold.js';
import { pause } from './pause.js';
import { reasonOf } from './projector.js';
import { RebuildUnderWay } from './rebuilds.js';
import { TopicBehind } from './topic-history.js';

/** A rebuild that is due. */
export interface DueRebuild {
  /** Looks whether it still is, and does it. */
  readonly build: () => Promise<void>;
  /** Told of each end that was none: `stopped` waits for a person, `outdated` is tried again. */
  readonly tell: (state: 'stopped' | 'outdated', reason: string) => void;
  readonly signal: AbortSignal;
  /** Waits between tries. */
  readonly wait?: typeof pause;
}

const firstPauseMs = 1_000;
const pauseMsMax = 60_000;

/**
 * Tries until it is done, until the signal, or until it is plain that somebody has to mend something first. What fails is
 * tried again after a pause that doubles up to a minute, since each try may read everything; while another process is at
 * it, this one looks again every second.
 */
export async function untilBuilt({ build, tell, signal, wait = pause }: DueRebuild): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted)
    try {
      await build();
      return;
    } catch (error) {
      const state = isBeyondRetry(error) ? 'stopped' : 'outdated';
      tell(state, reasonOf(error));
      if (state === 'stopped') return;
      if (error instanceof RebuildUnderWay) pauseMs = firstPauseMs;
      await wait(pauseMs, signal);
      if (!(error instanceof RebuildUnderWay)) pauseMs = Math.min(pauseMs * 2, pauseMsMax);
    }
}

/** Whether the fold, or the topics, have to be mended by somebody: each try would come to the same end. */
function isBeyondRetry(error: unknown): boolean {
  return [ProjectionFailed, TopicBehind, TopicCut].some((kind) => error instanceof kind);
}
