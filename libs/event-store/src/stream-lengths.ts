import { createHash } from 'node:crypto';

const slotsFirst = 1_024;
/** Beyond this part of its slots the table is doubled: fuller ones take long walks. */
const fullAt = 0.75;
const lengthMax = 2 ** 32 - 1;

/**
 * How many events each of millions of streams has, in 16 to 33 bytes a stream whatever their names are: a stream is known
 * by 64 bits of its name's SHA-256. That two of ten million streams share them, and are then taken for one, has a chance
 * of three in a million.
 */
export class StreamLengths {
  #slots = slotsFirst;
  #streams = 0;
  /** Of each slot the two halves of a hash; what it holds counts only where the length is not 0. */
  #hashes = new Uint32Array(2 * slotsFirst);
  #lengths = new Uint32Array(slotsFirst);

  /** Counts one event more of the stream and tells how many came before it: the revision that it is to have. */
  count(stream: string): number {
    if (this.#streams >= this.#slots * fullAt) this.#grow();
    const hash = createHash('sha256').update(stream).digest();
    const slot = this.#slotOf(hash.readUInt32LE(0), hash.readUInt32LE(4));
    const before = this.#lengths[slot] ?? 0;
    if (before === lengthMax) throw new RangeError(`${stream} has more events than are counted`);
    if (before === 0) this.#streams += 1;
    this.#lengths[slot] = before + 1;
    return before;
  }

  /** The slot of this hash, which is written there where the slot is free. */
  #slotOf(high: number, low: number): number {
    const [hashes, lengths] = [this.#hashes, this.#lengths];
    for (let slot = high % this.#slots; ; slot = (slot + 1) % this.#slots) {
      if (lengths[slot] === 0) {
        hashes[2 * slot] = high;
        hashes[2 * slot + 1] = low;
        return slot;
      }
      if (hashes[2 * slot] === high && hashes[2 * slot + 1] === low) return slot;
    }
  }

  #grow(): void {
    const [hashes, lengths] = [this.#hashes, this.#lengths];
    this.#slots *= 2;
    this.#hashes = new Uint32Array(2 * this.#slots);
    this.#lengths = new Uint32Array(this.#slots);
    for (const [slot, length] of lengths.entries()) {
      if (length === 0) continue;
      this.#lengths[this.#slotOf(hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0)] = length;
    }
  }
}
