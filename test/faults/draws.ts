import { createHash } from 'node:crypto';

/** Chance that comes again: the same seed and name draw the same, on every machine. */
export class Draws {
  #drawn = 0;

  constructor(private readonly name: string) {}

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    this.#drawn += 1;
    const hash = createHash('sha256')
      .update(`${this.name} ${String(this.#drawn)}`)
      .digest();
    return hash.readUInt32BE(0) % count;
  }

  /** One of them. */
  of<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }
}
