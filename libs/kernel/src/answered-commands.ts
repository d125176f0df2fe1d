/** The first event of a command in its stream, and the digest of the command's body where it came with one. */
export interface FirstEvent {
  readonly revision: number;
  readonly digest?: string;
}

interface Entry {
  /** How many were answered before it. */
  readonly nth: number;
  readonly first: FirstEvent;
}

/**
 * The commands that a stream has answered, by id. One more gives a longer list and leaves this one as it was. Lists that
 * grow out of each other share what they hold, so that folding a stream of n commands takes n steps; only where two grow
 * out of one does the second copy.
 */
export class AnsweredCommands {
  /** None yet. */
  static readonly none = new AnsweredCommands(new Map(), 0);

  private constructor(
    private readonly shared: Map<string, Entry>,
    private readonly size: number,
  ) {}

  /** The list of a {@link AnsweredCommands.toJSON record}. */
  static of(record: Readonly<Record<string, FirstEvent>>): AnsweredCommands {
    return Object.entries(record).reduce((list, [id, first]) => list.with(id, first), AnsweredCommands.none);
  }

  /** The command's first event; undefined where it has not been answered. */
  find(commandId: string): FirstEvent | undefined {
    const entry = this.shared.get(commandId);
    return entry && entry.nth < this.size ? entry.first : undefined;
  }

  /** These and one more; the same list where it is known already. */
  with(commandId: string, first: FirstEvent): AnsweredCommands {
    if (this.find(commandId)) return this;
    const isLongest = this.size > 0 && this.shared.size === this.size;
    const shared = isLongest ? this.shared : new Map(this.entries());
    shared.set(commandId, { nth: this.size, first });
    return new AnsweredCommands(shared, this.size + 1);
  }

  /** As a plain record by command id, in the order answered. */
  toJSON(): Readonly<Record<string, FirstEvent>> {
    return Object.fromEntries(this.entries().map(([id, { first }]) => [id, first]));
  }

  private entries(): readonly (readonly [string, Entry])[] {
    return [...this.shared].slice(0, this.size);
  }
}
