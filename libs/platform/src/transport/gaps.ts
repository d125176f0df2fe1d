import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';

/**
 * Index of the first message of a key whose predecessor neither stands in front of it nor lies at or before `passed`, the
 * last one known to have been handled; −1 if none.
 */
export function gapAt(messages: readonly Message[], passed: Position | undefined): number {
  let last = passed;
  return messages.findIndex(({ previous, position }) => {
    const missing = previous !== undefined && last !== undefined && comparePositions(previous, last) > 0;
    last = laterOf(last, position);
    return missing;
  });
}

/** The later of two positions, the first of which may not be known. */
export function laterOf(one: Position | undefined, other: Position): Position {
  return one === undefined || comparePositions(other, one) > 0 ? other : one;
}

/**
 * Finds messages that never arrived: each names the one before it of its key. Knows only what passed through this
 * process and what it was told, so the first message of a key may be taken as it comes.
 */
export class Gaps {
  private readonly last = new Map<string, Position>();

  /** As {@link gapAt}, after what has passed. */
  find(messages: readonly Message[]): number {
    return gapAt(messages, this.lastOf(messages[0]?.key ?? ''));
  }

  /** Where the last message of the key stands that passed; undefined where none did. */
  lastOf(key: string): Position | undefined {
    return this.last.get(key);
  }

  /** These messages of one key were handled, or are held. */
  passed(messages: readonly Message[]): void {
    for (const { key, position } of messages) this.passedUpTo(key, position);
  }

  /** Whatever there is of the key up to there was handled, or is held, by this process or another. */
  passedUpTo(key: string, position: Position): void {
    this.last.set(key, laterOf(this.last.get(key), position));
  }
}
