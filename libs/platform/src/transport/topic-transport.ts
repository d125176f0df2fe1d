import { BaseRpcContext, Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { NewerEvent, reasonOf } from '#event-store/handle-errors.js';
import type { BatchHandler, Consumer, Messaging } from '#messaging/messaging.js';
import type { Message } from '#kernel/message.js';
import type { Database } from '#postgres/pool.js';
import { noFailPoints, type FailPoints } from '../fail-points.js';
import type { ConsumerDesk, ConsumerGroup, Release } from './consumer-desk.js';
import { Delivery } from './delivery.js';
import type { HeldKey, HoldStore } from './hold-store.js';
import { PostgresHoldStore } from './postgres-hold-store.js';
import {
  assignSubscriptions,
  transportIdOf,
  type SubscribingService,
  type SubscriptionExtras,
} from './subscriptions.js';
import { keysHeld, messagesIgnored } from './transport-metrics.js';

/** How the subscriptions of one service are served. */
export interface TopicTransportOptions {
  /** Name of the service: its consumer group, and the schema of its hold table. */
  readonly group: string;
  /** All services of the process, by which each subscription is told whose it is. */
  readonly services: readonly SubscribingService[];
  readonly messaging: Messaging;
  /** Where held messages are kept, in a schema of the group's name. */
  readonly database: Database;
  /** Held messages are kept here instead when given. */
  readonly holds?: HoldStore;
  /** Operators find this service's consumers here. */
  readonly desk?: ConsumerDesk;
  /** Types that the service knows, by topic; others are ignored and counted. All are known where a topic is absent. */
  readonly types?: ReadonlyMap<string, ReadonlySet<string>>;
  /** For tests alone: where the process is to die. */
  readonly failPoints?: FailPoints;
  /** Told of consumers that stop and of keys that are held. */
  readonly onTrouble: (where: string, cause: unknown) => void;
}

/**
 * Serves Nest's `@EventPattern(topic)` methods of one service over our messaging. A method gets `readonly Message[]` of
 * one key, in order; what it throws is kept as it is, and a key that fails for good is held instead of blocking others.
 */
export class TopicTransport extends Server implements CustomTransportStrategy, ConsumerGroup {
  override readonly propagatesEventHandlerErrors = true;
  private readonly consumers: Consumer[] = [];
  private readonly deliveries = new Map<string, Delivery>();
  private readonly stops = new Map<string, string>();
  private readonly strays: string[] = [];
  private readonly wanted = new Map<string, ReadonlySet<string>>();
  private holds: HoldStore | undefined;

  constructor(private readonly options: TopicTransportOptions) {
    super();
    assignSubscriptions(options.services);
    this.setTransportId(transportIdOf(options.group));
  }

  /** Remembers a method of no service, which Nest hands to every transport, for {@link listen} to refuse. */
  override addHandler(
    topic: string,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras: SubscriptionExtras = {},
  ): void {
    if (extras.group !== this.options.group) this.strays.push(topic);
    if (extras.types) this.wanted.set(topic, new Set(extras.types));
    super.addHandler(topic, callback, isEventHandler, extras);
  }

  /** Refuses to start where a method subscribes to a topic that nobody publishes, or two methods to the same one. */
  override listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  override async close(): Promise<void> {
    await Promise.all(this.consumers.splice(0).map((consumer) => consumer.stop()));
  }

  override on(event: string): never {
    throw new Error(`topics have no event "${event}"`);
  }

  override unwrap(): never {
    throw new Error('topics have no server of their own');
  }

  async held(): Promise<readonly HeldKey[]> {
    return (await this.holds?.keys()) ?? [];
  }

  async release(key: string): Promise<Release> {
    let released = 0;
    let failure: unknown;
    for (const { topic } of await this.heldOf(key)) {
      const fed = await this.deliveries.get(topic)?.release(key);
      if (!fed) continue;
      released += fed.released;
      failure ??= fed.failure;
      if (fed.failure !== undefined) this.tellHeld(topic, key, fed.failure);
    }
    const waiting = (await this.heldOf(key)).reduce((sum, { messages }) => sum + messages, 0);
    return { released, waiting, failure };
  }

  stopped(): ReadonlyMap<string, string> {
    return this.stops;
  }

  private async heldOf(key: string): Promise<readonly HeldKey[]> {
    return (await this.held()).filter((held) => held.key === key);
  }

  private tellHeld(topic: string, key: string, cause: unknown): void {
    const where = `${this.options.group} <- ${topic}`;
    this.logger.error(`${where}: key ${key} is held, ${reasonOf(cause)}`);
    this.options.onTrouble(`${where}, key ${key}`, cause);
  }

  private async start(): Promise<void> {
    const { group, database, desk, failPoints = noFailPoints } = this.options;
    if (this.messageHandlers.size === 0) return;
    const [stray] = this.strays;
    if (stray !== undefined) throw new Error(`a subscription to ${stray} belongs to no service's module`);
    this.holds = this.options.holds ?? failPoints.holds(await PostgresHoldStore.open(database, group));
    desk?.register(group, this);
    try {
      for (const topic of this.messageHandlers.keys()) await this.subscribe(topic, this.holds);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async subscribe(topic: string, holds: HoldStore): Promise<void> {
    const { group, messaging, types, onTrouble } = this.options;
    const where = `${group} <- ${topic}`;
    const known = types?.get(topic);
    const wanted = this.wanted.get(topic);
    const delivery = new Delivery({
      topic,
      holds,
      handle: this.handlerOf(topic),
      ...(known ? { types: known } : {}),
      alerts: {
        held: (key, _reason, cause) => {
          keysHeld.inc({ group, topic });
          this.tellHeld(topic, key, cause);
        },
        ignored: (type) => messagesIgnored.inc({ group, topic, type }),
      },
    });
    this.deliveries.set(topic, delivery);
    const onStopped = (cause: unknown): void => {
      this.stops.set(topic, cause instanceof Error ? cause.message : String(cause));
      onTrouble(where, cause);
    };
    const handle: BatchHandler = async (messages, ...told) => {
      try {
        await delivery.deliver(messages, ...told);
      } catch (error) {
        if (error instanceof NewerEvent && !this.stops.has(topic)) {
          onStopped(error);
          // Not waited for: it waits itself for what is being handled.
          void joining.then((consumer) => consumer.stop());
        }
        throw error;
      }
    };
    const onUnwanted = (letter: Message): Promise<void> => delivery.passOver(letter);
    const filter = wanted && { types: wanted, onUnwanted };
    const joining = messaging.consume({ group, topic, handle, onStopped, ...filter });
    this.consumers.push(await joining);
  }

  private handlerOf(topic: string): BatchHandler {
    const { group } = this.options;
    const handler = this.messageHandlers.get(topic);
    if (!handler?.isEventHandler || handler.next)
      throw new Error(`${group} must have one @EventPattern method for ${topic}`);
    return async (messages) => {
      const result: unknown = await handler(messages, new BaseRpcContext([{ group, topic }]));
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    };
  }
}
