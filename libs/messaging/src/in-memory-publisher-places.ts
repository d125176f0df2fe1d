import { CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { Position } from '#kernel/position.js';
import type { PublisherPlace, PublisherPlaces } from './publisher-places.js';

/** Places of publishers for tests: every promise of the port but durability. */
export class InMemoryPublisherPlaces implements PublisherPlaces {
  private readonly places = new Map<string, PublisherPlace>();

  async find(topic: string): Promise<PublisherPlace | undefined> {
    return this.places.get(topic);
  }

  async standing(topic: string): Promise<Checkpoint | undefined> {
    return this.places.get(topic)?.checkpoint;
  }

  async move(
    topic: string,
    expected: Checkpoint | undefined,
    next: Checkpoint,
    last: ReadonlyMap<string, Position>,
  ): Promise<void> {
    const place = this.places.get(topic);
    if (place?.checkpoint.eventId !== expected?.eventId) throw new CheckpointMoved(`publisher:${topic}`);
    this.places.set(topic, { checkpoint: next, last: new Map([...(place?.last ?? []), ...last]) });
  }

  async forget(topic: string): Promise<void> {
    this.places.delete(topic);
  }
}
