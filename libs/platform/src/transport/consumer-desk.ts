import { Injectable } from '@nestjs/common';
import type { HeldKey } from './hold-store.js';

/** One service's consumers, as an operator sees and mends them. */
export interface ConsumerGroup {
  held(): Promise<readonly HeldKey[]>;
  /** Feeds the held messages of a key back, on every topic where it is held. Rejects only with what may pass. */
  release(key: string): Promise<Release>;
  /** Topics that cannot go on at all, with the reason. */
  stopped(): ReadonlyMap<string, string>;
}

/** What came of releasing a key. */
export interface Release {
  /** Messages that went through. */
  readonly released: number;
  /** Messages of the key that wait still. */
  readonly waiting: number;
  /** What the first of those fails with for good; undefined where the key was let go. */
  readonly failure: unknown;
}

/** A held key and the service that holds it. */
export interface HeldByGroup extends HeldKey {
  readonly group: string;
}

/** The consumers of this process: every transport registers its own when it starts. */
@Injectable()
export class ConsumerDesk {
  private readonly groups = new Map<string, ConsumerGroup>();
  private readonly publishers = new Map<string, string>();

  register(name: string, group: ConsumerGroup): void {
    this.groups.set(name, group);
  }

  /** A topic that this process publishes cannot go on. */
  publisherStopped(topic: string, cause: unknown): void {
    this.publishers.set(`-> ${topic}`, cause instanceof Error ? cause.message : String(cause));
  }

  /** Every held key of every service here. */
  async held(): Promise<readonly HeldByGroup[]> {
    const lists = [...this.groups].map(async ([group, consumers]) =>
      (await consumers.held()).map((held) => ({ ...held, group })),
    );
    return (await Promise.all(lists)).flat();
  }

  /** Releases a key of a service; undefined where that service is not here. Rejects only with what may pass. */
  async release(group: string, key: string): Promise<Release | undefined> {
    return this.groups.get(group)?.release(key);
  }

  /** Consumers that cannot go on, such as after a restore, by `service <- topic`; and publishers, by `-> topic`. */
  stopped(): ReadonlyMap<string, string> {
    const lists = [...this.groups].map(([group, consumers]) =>
      [...consumers.stopped()].map(([topic, reason]) => [`${group} <- ${topic}`, reason] as const),
    );
    return new Map([...this.publishers, ...lists.flat()]);
  }
}
