import type { Message } from '#kernel/message.js';

/** Topics as the brokers keep them, for whoever has to read one from its first message. */
export interface TopicHistory {
  /** Opens a topic for one service. */
  open(topic: string, service: string): Promise<TopicReading>;
}

/** One reading of a topic, which nobody else notices: it is in no consumer's group and commits nothing. */
export interface TopicReading {
  /**
   * Hands over what follows the last call's, up to the topic's end as it is now, those of a key in order; some may come
   * twice. Resolves when all of it was taken, or at the signal, as soon as nothing is being taken; the next call goes on
   * from there. Rejects with `TopicCut` where something is missing, and with what `take` rejects with.
   */
  readOn(take: TakeMessages, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Takes messages in. What cannot be read is left out, as consumers do: `leftOut` has the keys of all that was so far. */
export type TakeMessages = (messages: readonly Message[], leftOut: ReadonlySet<string>) => Promise<void>;

/** The brokers do not hold what a live table has taken in: built from them it would lose rows. */
export class TopicBehind extends Error {
  override readonly name = 'TopicBehind';

  constructor(projection: string) {
    super(
      `${projection}: its topics end before what the table has taken in, so it cannot be built from them`,
    );
  }
}
