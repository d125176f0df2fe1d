import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';

/**
 * Finds messages that never arrived: each names the one before it of its key. Knows only what passed through this
 * process, so the first message of a key is taken as it comes.
 */
export class Gaps {
  private readonly last = new Map<string, Position>();

  /** Index of the first message whose predecessor was not among those passed and is not in front of it; −1 if none. */
  find(messages: readonly Message[]): number {
    let last = this.last.get(messages[0]?.key ?? '');
    return messages.findIndex(({ previous, position }) => {
      const missing = previous !== undefined && last !== undefined && comparePositions(previous, last) > 0;
      last = last === undefined || comparePositions(position, last) > 0 ? position : last;
      return missing;
    });
  }

  /** These messages of one key were handled, or are held. */
  passed(messages: readonly Message[]): void {
    for (const { key, position } of messages) {
      const last = this.last.get(key);
      if (last === undefined || comparePositions(position, last) > 0) this.last.set(key, position);
    }
  }
}
