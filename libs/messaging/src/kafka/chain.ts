import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';

interface Link {
  /** The last message of the key that was seen. */
  seen: Position;
  /** The last of them that was handed over. */
  handed: Position | undefined;
  /** A message that another one names and that never came. */
  missing: Position | undefined;
}

/**
 * Turns the chain of `previous` over all messages of a key into one over those of the wanted types; all when none are
 * named. The whole chain is verified on the way: where a message is missing, wanted or not, the next one handed over
 * names that one, which whoever handles it must then find missing as well. What lies at or before `passed` the group has
 * read, whichever member it was; where that is not known, the first message of a key names none.
 */
export class Chain {
  private readonly links = new Map<string, Link>();

  constructor(
    private readonly types?: ReadonlySet<string>,
    private readonly passed?: Position,
  ) {}

  /** The message with its place in the new chain, or undefined where its type is not wanted. */
  pass(message: Message): Message | undefined {
    const link = this.follow(message);
    return this.types?.has(message.type) === false ? undefined : handedOver(message, link);
  }

  private follow({ key, position, previous }: Message): Link {
    const known = this.links.get(key);
    const link = known ?? { seen: this.passed ?? position, handed: undefined, missing: undefined };
    if (!known) this.links.set(key, link);
    if (previous && comparePositions(previous, link.seen) > 0) link.missing ??= previous;
    if (comparePositions(position, link.seen) > 0) link.seen = position;
    return link;
  }
}

function handedOver(message: Message, link: Link): Message {
  const { previous: _previous, ...rest } = message;
  const before = link.missing ?? link.handed;
  link.missing = undefined;
  if (!link.handed || comparePositions(message.position, link.handed) > 0) link.handed = message.position;
  return before && comparePositions(before, message.position) < 0 ? { ...rest, previous: before } : rest;
}
