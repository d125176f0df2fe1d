import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { noDoubts, type Doubt, type Doubts } from './doubts.js';

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
 * read, whichever member it was, but of keys in doubt; where that is not known, the first message of a key names none.
 */
export class Chain {
  private readonly links = new Map<string, Link>();
  private inDoubt: Doubts;

  constructor(
    private readonly types?: ReadonlySet<string>,
    private readonly passed?: Position,
    doubts: Doubts = noDoubts,
  ) {
    this.inDoubt = doubts;
  }

  /** What whoever goes on behind the last message must know of keys; never changed, but replaced. */
  get doubts(): Doubts {
    return this.inDoubt;
  }

  /** The message with its place in the new chain, or undefined where its type is not wanted. */
  pass(message: Message): Message | undefined {
    const link = this.linkOf(message);
    const stood = link.seen;
    follow(link, message);
    const handed = this.types?.has(message.type) === false ? undefined : handedOver(message, link);
    this.weigh(message, link, stood);
    return handed;
  }

  /** A record of the key could not be read: it may be the message that a later one names. */
  unreadable(key: string, passed: Position | undefined): void {
    const stood = passed ?? this.links.get(key)?.seen;
    if (stood && !this.inDoubt.has(key)) this.doubt(key, { stood });
  }

  private linkOf({ key, position }: Message): Link {
    const known = this.links.get(key);
    if (known) return known;
    const { stood, missing } = this.inDoubt.get(key) ?? {};
    const link = { seen: stood ?? this.passed ?? position, handed: undefined, missing };
    this.links.set(key, link);
    return link;
  }

  /** A later message of the key that is whole, or was handed over with what is missing, ends the doubt. */
  private weigh({ key, position }: Message, { missing }: Link, stood: Position): void {
    const doubt = this.inDoubt.get(key);
    if (missing) {
      if (!doubt?.missing) this.doubt(key, { stood: doubt?.stood ?? stood, missing });
    } else if (doubt && comparePositions(position, doubt.stood) > 0) this.doubt(key);
  }

  private doubt(key: string, doubt?: Doubt): void {
    const others = [...this.inDoubt].filter(([other]) => other !== key);
    this.inDoubt = new Map(doubt ? [...others, [key, doubt]] : others);
  }
}

function follow(link: Link, { position, previous }: Message): void {
  if (previous && comparePositions(previous, link.seen) > 0) link.missing ??= previous;
  if (comparePositions(position, link.seen) > 0) link.seen = position;
}

/** What comes twice from before what is missing says nothing of it. */
function handedOver(message: Message, link: Link): Message {
  const { previous: _previous, ...rest } = message;
  const isBehind = link.missing !== undefined && comparePositions(link.missing, message.position) < 0;
  const before = isBehind ? link.missing : link.handed;
  if (isBehind) link.missing = undefined;
  if (!link.handed || comparePositions(message.position, link.handed) > 0) link.handed = message.position;
  return before && comparePositions(before, message.position) < 0 ? { ...rest, previous: before } : rest;
}
