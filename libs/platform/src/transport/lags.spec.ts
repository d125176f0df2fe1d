import { describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { BacklogUnknown } from '#messaging/backlog.js';
import { DirectBacklog } from '#messaging/direct/direct-backlog.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { eventually } from '#testing/eventually.js';
import { numbered, numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { SetClock } from '#testing/set-clock.js';
import { Lags } from './lags.js';

function rig(unsent: () => Promise<string | undefined> = () => Promise.resolve(undefined)) {
  const clock = new SetClock('2025-03-10T09:00:00.000Z');
  const store = new InMemoryEventStore(clock);
  const reading = { store, sources: numberSources, checkpoints: new InMemoryCheckpointStore() };
  const carrier = { backlog: new DirectBacklog(reading), oldestUnsent: unsent };
  const lags = new Lags({ carrier, clock, published: [numbersTopic], toldWithinMs: 300 });
  return { clock, store, lags, carrier, messaging: lags.watching(new DirectMessaging(reading)) };
}

describe('how far behind', () => {
  it('a consumer is grows while it handles nothing, and is nothing once it has', async () => {
    const { clock, store, lags, messaging } = rig();
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await messaging.consume({ group: 'readers', topic: numbersTopic, handle: () => held });
    const lag = (seconds: number | undefined) => [{ group: 'readers', topic: numbersTopic, seconds }];
    expect(await lags.consumers()).toEqual(lag(0));
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    clock.set('2025-03-10T09:01:30.000Z');
    expect(await lags.consumers()).toEqual(lag(90));
    letGo();
    await eventually(async () => expect(await lags.consumers()).toEqual(lag(0)));
    await messaging.close();
  });

  it('a publisher is counts from its oldest event that was not sent, and never backwards', async () => {
    let oldest: string | undefined;
    const { lags } = rig(() => Promise.resolve(oldest));
    expect(await lags.publishers()).toEqual([{ topic: numbersTopic, seconds: 0 }]);
    oldest = '2025-03-10T08:59:18.000Z';
    expect(await lags.publishers()).toEqual([{ topic: numbersTopic, seconds: 42 }]);
    oldest = '2025-03-10T09:00:01.000Z';
    expect(await lags.publishers()).toEqual([{ topic: numbersTopic, seconds: 0 }]);
  });

  it('a publisher is whose store is silent is unknown, and it is asked once', async () => {
    let asked = 0;
    const { lags } = rig(() => {
      asked += 1;
      return new Promise(() => undefined);
    });
    const unknown = [{ topic: numbersTopic, seconds: undefined }];
    expect(await Promise.all([lags.publishers(), lags.publishers()])).toEqual([unknown, unknown]);
    expect(asked).toBe(1);
  });

  it('somebody is whom the brokers do not tell of is unknown', async () => {
    const { lags } = rig(() => Promise.reject(new BacklogUnknown('silent')));
    expect(await lags.publishers()).toEqual([{ topic: numbersTopic, seconds: undefined }]);
  });
});
