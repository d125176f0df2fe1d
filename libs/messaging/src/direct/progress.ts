import type { Checkpoint } from '#kernel/checkpoint.js';

/** One place of the topic on its way from being read to being handled. */
interface Step {
  readonly checkpoint: Checkpoint;
  done: boolean;
}

/** How far a consumer has come: what is handled out of order counts only once everything before it is handled. */
export class Progress {
  private readonly steps: Step[] = [];
  private reached: Checkpoint | undefined;

  /** Starts after `committed`. */
  constructor(committed: Checkpoint | undefined) {
    this.reached = committed;
  }

  /** Adds a place in the order of the topic; call what it returns once that is handled. */
  add(checkpoint: Checkpoint): () => void {
    const step: Step = { checkpoint, done: false };
    this.steps.push(step);
    return () => {
      step.done = true;
      this.advance();
    };
  }

  /** The last place before the lowest one that is not handled. */
  get handled(): Checkpoint | undefined {
    return this.reached;
  }

  private advance(): void {
    const open = this.steps.findIndex(({ done }) => !done);
    const finished = this.steps.splice(0, open < 0 ? this.steps.length : open);
    this.reached = finished.at(-1)?.checkpoint ?? this.reached;
  }
}
