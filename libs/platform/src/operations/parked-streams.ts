import { Injectable } from '@nestjs/common';
import type { Replay } from '#event-store/handle-parked.js';

/** Takes up what is parked in a stream (all, or of one subject). */
export type ReplayParked = (stream: string, subject?: string) => Promise<Replay>;

/** Who replays which streams: each service names its own at start. */
@Injectable()
export class ParkedStreams {
  readonly #byPrefix = new Map<string, ReplayParked>();

  /** Names who takes up what is parked in streams with this prefix. */
  register(prefix: string, replay: ReplayParked): void {
    this.#byPrefix.set(prefix, replay);
  }

  /** Takes up what is parked in the stream; undefined where nobody here writes it. */
  async replay(stream: string, subject?: string): Promise<Replay | undefined> {
    const [, replay] = [...this.#byPrefix]
      .filter(([prefix]) => stream.startsWith(prefix))
      .sort(([a], [b]) => b.length - a.length)
      .at(0) ?? [undefined, undefined];
    return replay && (await replay(stream, subject));
  }
}
