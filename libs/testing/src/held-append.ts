import { jest } from '@jest/globals';
import type { EventStore } from '#event-store/event-store.js';

/** Holds the first append with an event of this type, before it reaches the store, until `go` is called. */
export function holdAppendOf(
  store: EventStore,
  type: string,
): { readonly held: Promise<void>; readonly go: () => void } {
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const append = store.append.bind(store);
  const spy = jest.spyOn(store, 'append');
  const held = new Promise<void>((resolve) => {
    spy.mockImplementation(async (stream, events, expected, after) => {
      if (events.some((event) => event.type === type)) {
        spy.mockRestore();
        resolve();
        await gone;
      }
      return append(stream, events, expected, after);
    });
  });
  return { held, go };
}
