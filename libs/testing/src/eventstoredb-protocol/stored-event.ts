/** An event as a writer proposes it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event where it stands. */
export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Place in the log, as a file offset: it rises, and leaves gaps. */
  readonly position: bigint;
  /** Hundreds of nanoseconds since 1970. */
  readonly created: bigint;
}
