/** What is said of a topic once and for all, in the one registry that everything about topics is made from. */
export interface TopicDeclaration {
  /** Such as `mangnon.donations.v1`. */
  readonly name: string;
  /** Never changes: which partition a key is in follows from it. For another number a new topic is opened. */
  readonly partitions: number;
  /** How long messages are kept, in milliseconds. A new reader begins at the first message, so topics keep them for ever. */
  readonly retentionMs: number | 'for ever';
  /** Whether the broker may drop all but the last message of a key. */
  readonly compaction: boolean;
  /** The one service that writes it. */
  readonly owner: string;
  /** Consumer groups that read it, such as `ledger`. */
  readonly readers: readonly string[];
}
