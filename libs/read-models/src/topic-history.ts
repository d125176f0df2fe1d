import type { Message } from '#kernel/message.js';

/** Topics as the brokers keep them, for whoever has to read one from its first message. */
export interface TopicHistory {
  /** Opens a topic for one service. Rejects where the topic's first messages are gone. */
  open(topic: string, service: string): Promise<TopicReading>;
}

/** One reading of a topic, which nobody else notices: it is in no consumer's group and commits nothing. */
export interface TopicReading {
  /**
   * Hands over what follows the last call's, up to the topic's end as it is now, those of a key in order; some may come
   * twice. What cannot be read is left out, as consumers do. Resolves when all of it was taken; rejects with what `take`
   * rejects with.
   */
  readOn(take: (messages: readonly Message[]) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The brokers do not hold what a live table has taken in: built from them it would lose rows. */
export class TopicBehind extends Error {
  override readonly name = 'TopicBehind';

  constructor(projection: string) {
    super(
      `${projection}: its topics end before what the table has taken in, so it cannot be built from them`,
    );
  }
}
