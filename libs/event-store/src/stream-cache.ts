/** Keeps what was last seen of the most recently used streams, at most `streamsMax` of them; the oldest goes first. */
export class StreamCache<Entry> {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly streamsMax: number) {}

  /** The entry of a stream, which is then the most recently used; undefined where none is kept. */
  find(stream: string): Entry | undefined {
    const entry = this.entries.get(stream);
    if (entry !== undefined) this.keep(stream, entry);
    return entry;
  }

  /** Keeps the entry in place of an earlier one of the same stream. */
  keep(stream: string, entry: Entry): void {
    this.entries.delete(stream);
    this.entries.set(stream, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.streamsMax) return;
      this.entries.delete(oldest);
    }
  }

  /** Forgets the stream. */
  drop(stream: string): void {
    this.entries.delete(stream);
  }
}
