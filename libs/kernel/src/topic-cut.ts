/** A topic does not hold all that was ever sent on it: whoever wants all of it cannot have it, however often he tries. */
export class TopicCut extends Error {
  override readonly name = 'TopicCut';

  /** `missing` says in words without data what is not there. */
  constructor(topic: string, missing: string) {
    super(`${topic}: ${missing}`);
  }
}
