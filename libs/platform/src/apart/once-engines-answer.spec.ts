import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#event-store/handle-errors.js';
import { onceEnginesAnswer } from './once-engines-answer.js';

const away = [
  new StoreUnavailable('s', undefined),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('Connection error'), { name: 'KafkaJSNumberOfRetriesExceeded' }),
];

describe('the start of a service', () => {
  it('comes once its engines answer, and tells of each failure before', async () => {
    const failures = [...away];
    const told: unknown[] = [];
    const started = await onceEnginesAnswer(
      async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        return 'started';
      },
      {
        onTrouble: (_where, cause) => told.push(cause),
        signal: new AbortController().signal,
        firstPauseMs: 1,
      },
    );
    expect([started, told]).toEqual(['started', away]);
  });

  it('fails at once with whatever no waiting mends', async () => {
    const cause = new Error('the topic t has 2 partitions and not the 3 that it was made with');
    const signal = new AbortController().signal;
    const starting = onceEnginesAnswer(() => Promise.reject(cause), { onTrouble: fail, signal });
    await expect(starting).rejects.toBe(cause);
  });

  it.each([
    { name: 'KafkaJSSASLAuthenticationError' },
    { name: 'KafkaJSProtocolError', type: 'TOPIC_AUTHORIZATION_FAILED' },
    { name: 'KafkaJSConnectionError', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    { message: '14 UNAVAILABLE: No connection established. Last error: self-signed certificate' },
  ])('fails at once with what only another setting mends: %j', async (told) => {
    const cause = Object.assign(new Error(told.message), told);
    const signal = new AbortController().signal;
    const starting = onceEnginesAnswer(() => Promise.reject(cause), { onTrouble: fail, signal });
    await expect(starting).rejects.toBe(cause);
  });

  it('waits a while, and not for ever, for brokers that end every connection at once', async () => {
    const cause = Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' });
    let tries = 0;
    const starting = onceEnginesAnswer(() => Promise.reject(cause), {
      ...{ onTrouble: () => (tries += 1), signal: new AbortController().signal },
      ...{ firstPauseMs: 10, wireWithinMs: 50 },
    });
    await expect(starting).rejects.toBe(cause);
    expect(tries).toBeGreaterThan(0);
  });

  it('is given up by whoever stops the process meanwhile', async () => {
    const stopping = new AbortController();
    const onTrouble = (): void => stopping.abort();
    const [cause] = away;
    const starting = onceEnginesAnswer(() => Promise.reject(cause!), { onTrouble, signal: stopping.signal });
    await expect(starting).rejects.toBe(cause);
  });
});

function fail(): never {
  throw new Error('nothing is to be told');
}
