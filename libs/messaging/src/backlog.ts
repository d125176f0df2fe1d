/** Nobody could be asked how far a group is behind: the brokers are away or do not answer in time. It may pass. */
export class BacklogUnknown extends Error {
  override readonly name = 'BacklogUnknown';
}

/** How far those who handle topics are behind, over all processes. */
export interface Backlog {
  /**
   * When the topic's oldest message was recorded that the group has not handled yet (RFC 3339, UTC); undefined where it
   * has handled all of them. What was parked or is held counts as handled. Cheap enough to be asked every second.
   * Rejects with `CheckpointLost` where the group cannot go on at all, with {@link BacklogUnknown} where brokers do not
   * tell, with `RangeError` for a topic that nobody publishes.
   */
  oldestUnhandled(group: string, topic: string): Promise<string | undefined>;
}
