import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';

/** What is recorded, as people see it on their screens a moment later. */
export class SeenByPeople {
  constructor(private readonly recorded: () => readonly RecordedEvent[]) {}

  /** Every event of a type, in order. */
  all<Event extends DomainEvent>(type: Event['type']): readonly RecordedEvent<Event>[] {
    return this.recorded().filter(
      (event) => event.type === type,
    ) as readonly DomainEvent[] as readonly RecordedEvent<Event>[];
  }

  /** The events of a stream, in order. */
  of(stream: string): readonly RecordedEvent[] {
    return this.recorded().filter((event) => event.stream === stream);
  }

  /** The streams that there are. */
  streams(): ReadonlySet<string> {
    return new Set(this.recorded().map(({ stream }) => stream));
  }
}

/** One of them by its place, counted round; undefined where there is none. */
export function nth<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(1, items.length)];
}

/**
 * One that an event of this type opened and that nobody went on with, so that most of what is asked meets something that
 * waits for it; where none waits, or once in four, any of them.
 */
export function nthOpen<Event extends DomainEvent>(
  seen: SeenByPeople,
  type: Event['type'],
  which: number,
): RecordedEvent<Event> | undefined {
  const all = seen.all<Event>(type);
  const open = all.filter(({ stream }) => seen.of(stream).length === 1);
  return nth(open.length === 0 || which % 4 === 3 ? all : open, which);
}
