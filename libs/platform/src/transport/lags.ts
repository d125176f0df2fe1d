import type { Messaging } from '#messaging/messaging.js';
import type { Carrier } from '../carrier.js';
import type { Clock } from '../clock.js';
import type { Follower } from './admission.js';
import { Questions } from './questions.js';

/** How long the oldest message has waited that a group has not handled, in seconds. */
export interface ConsumerLag extends Follower {
  /** 0 where it has handled all of them; undefined where that could not be told. */
  readonly seconds: number | undefined;
}

/** How long the oldest event has waited that a topic has not got, in seconds. */
export interface PublishLag {
  readonly topic: string;
  /** 0 where the topic has all of them; undefined where that could not be told. */
  readonly seconds: number | undefined;
}

/** What {@link Lags} looks at. */
export interface LagsOptions {
  readonly carrier: Pick<Carrier, 'backlog' | 'oldestUnsent'>;
  readonly clock: Clock;
  /** Topics that this process publishes. */
  readonly published: readonly string[];
  /** An engine that is away is waited for so long, in milliseconds; 2,000 when absent. */
  readonly toldWithinMs?: number;
}

/** How far behind those are who consume and publish in this process, over all instances of their groups. */
export class Lags {
  private readonly joined = new Map<string, Follower>();
  private readonly questions: Questions;

  constructor(private readonly options: LagsOptions) {
    this.questions = new Questions(options.toldWithinMs ?? 2_000);
  }

  /** The same messaging; whoever consumes by it is looked at from then on. */
  watching(messaging: Messaging): Messaging {
    return {
      consume: async (joining) => {
        const { group, topic } = joining;
        this.joined.set(`${group} <- ${topic}`, { group, topic });
        return messaging.consume(joining);
      },
      close: () => messaging.close(),
    };
  }

  /** Asks how far every group has come; never rejects. */
  async consumers(): Promise<readonly ConsumerLag[]> {
    const { backlog } = this.options.carrier;
    return Promise.all(
      [...this.joined.values()].map(async ({ group, topic }) => ({
        ...{ group, topic },
        seconds: await this.secondsSince(`${group} <- ${topic}`, () => backlog.oldestUnhandled(group, topic)),
      })),
    );
  }

  /** Asks how far every publisher has come; never rejects. */
  async publishers(): Promise<readonly PublishLag[]> {
    const { carrier, published } = this.options;
    return Promise.all(
      published.map(async (topic) => ({
        topic,
        seconds: await this.secondsSince(`-> ${topic}`, () => carrier.oldestUnsent(topic)),
      })),
    );
  }

  private async secondsSince(
    name: string,
    ask: () => Promise<string | undefined>,
  ): Promise<number | undefined> {
    const waited = async (): Promise<number> => {
      const time = await ask();
      return time === undefined ? 0 : secondsBetween(time, this.options.clock.now());
    };
    return this.questions.told(name, waited);
  }
}

/** Seconds from an instant (RFC 3339) until now; 0 where clocks disagree. */
export function secondsBetween(time: string, now: Date): number {
  return Math.max(0, (now.getTime() - Date.parse(time)) / 1_000);
}
