/** One place of the topic on its way from being read to being handled. */
interface Step<Place> {
  readonly place: Place;
  done: boolean;
}

/** How far a consumer has come: what is handled out of order counts only once everything before it is handled. */
export class Progress<Place> {
  private steps: Step<Place>[] = [];
  private reached: Place | undefined;

  /** Starts after `committed`. */
  constructor(committed: Place | undefined) {
    this.reached = committed;
  }

  /** Adds a place in the order of the topic; call what it returns once that is handled. */
  add(place: Place): () => void {
    const step: Step<Place> = { place, done: false };
    this.steps.push(step);
    return () => {
      step.done = true;
      this.advance();
    };
  }

  /** The last place before the lowest one that is not handled. */
  get handled(): Place | undefined {
    return this.reached;
  }

  /** Forgets every place: those on their way count no more, and nothing is handled until one that is added now is. */
  beginAnew(): void {
    this.steps = [];
    this.reached = undefined;
  }

  private advance(): void {
    const open = this.steps.findIndex(({ done }) => !done);
    const finished = this.steps.splice(0, open < 0 ? this.steps.length : open);
    this.reached = finished.at(-1)?.place ?? this.reached;
  }
}
