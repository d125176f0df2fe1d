import type { Bell } from '../bell.js';
import { CheckpointLost } from '#kernel/checkpoint.js';
import { inStreams } from '../batches.js';
import type { SubscribeOptions } from '../event-store.js';
import type { Connection } from './connection.js';
import { Feed } from './feed.js';
import type { Incarnations } from './incarnations.js';
import type { Latest } from './latest.js';
import type { LogEnd } from './log-end.js';
import type { Names } from './names.js';
import type { ServerReads } from './server-reads.js';
import {
  anchorIn,
  anchorOf,
  checkpointAt,
  isOurs,
  logPositionOf,
  type Anchor,
  type ClientEvent,
} from './stored.js';

/** What a subscription is made with. */
export interface SubscriptionParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly reads: ServerReads;
  readonly end: LogEnd;
  readonly incarnations: Incarnations;
  readonly latest: Latest;
}

/** Follows the log for one consumer: where it is, and how it goes on from there. */
export class LogFollower {
  #at: Anchor | undefined;

  constructor(
    private readonly parts: SubscriptionParts,
    private readonly options: SubscribeOptions,
  ) {
    const { after, consumer } = options;
    this.#at = after && anchorIn(after);
    if (after && !this.#at) throw new CheckpointLost(consumer, after);
  }

  /** The last event that was looked at. */
  get at(): Anchor | undefined {
    return this.#at;
  }

  /** A feed of what comes after, once it is certain that the log is still the one that was followed. */
  async open(bell: Bell): Promise<{ readonly feed: Feed; readonly head: ClientEvent | undefined }> {
    const { connection, names, end, incarnations } = this.parts;
    incarnations.doubt();
    await incarnations.fresh();
    await this.#stillThere();
    end.doubt();
    const head = await end.find();
    return {
      feed: new Feed(connection.client, this.#at?.log ?? 'start', names, this.options.streams, bell),
      head,
    };
  }

  /** Goes on to the event, unless it is behind already. */
  moveTo(event: ClientEvent): Anchor {
    const { commit } = logPositionOf(event);
    if (this.#at && this.#at.log.commit >= commit) return this.#at;
    this.#at = anchorOf(event, this.parts.incarnations.at(commit), this.#at?.latestMs);
    this.parts.latest.saw(this.#at.latestMs);
    return this.#at;
  }

  /** Whether nothing newer is in the store, as of some time after the call. */
  async atEnd(): Promise<boolean> {
    const head = await this.parts.end.find();
    return !head || !this.isBehind(head);
  }

  /** Whether the event is still to come. */
  isBehind(event: ClientEvent): boolean {
    return !this.#at || this.#at.log.commit < logPositionOf(event).commit;
  }

  /** Whether the consumer wants the event. */
  wants(event: ClientEvent): boolean {
    return isOurs(event) && inStreams(event.streamId, this.options.streams);
  }

  /** Goes on past what the consumer does not want, up to what it wants, by reading what lies between. */
  async skip(max: number): Promise<boolean> {
    const began = this.#at;
    const page = await this.parts.reads.all('forwards', began?.log ?? 'start', max);
    for (const event of page) {
      if (!this.isBehind(event)) continue;
      if (this.wants(event)) break;
      if (isOurs(event)) this.moveTo(event);
    }
    return this.#at !== began;
  }

  /** Goes on to our last event before a place that the server has looked past. */
  async skipTo(log: Anchor['log']): Promise<boolean> {
    const began = this.#at;
    const page = await this.parts.reads.all('backwards', log, 32);
    const last = page.find(isOurs);
    if (last) this.moveTo(last);
    return this.#at !== began;
  }

  async #stillThere(): Promise<void> {
    const at = this.#at;
    if (!at) return;
    const [event] = await this.parts.reads.stream(at.stream, at.revision, 1);
    const same = event?.id === at.eventId && logPositionOf(event).commit === at.log.commit;
    if (!same) throw new CheckpointLost(this.options.consumer, checkpointAt(at));
    this.parts.latest.saw(at.latestMs);
  }
}
