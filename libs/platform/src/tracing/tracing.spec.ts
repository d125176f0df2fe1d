import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { Cause, NewEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import type { BatchHandler, Messaging } from '#messaging/messaging.js';
import { newEvent, wholeStream } from '#testing/events.js';
import { MeasuredStore } from '../operations/measured-store.js';
import { readTracingConfig } from './config.js';
import { openTracing } from './open-tracing.js';
import { inSpanAfter, spanHere, traceBy, tracerHere, traceHeaders, within } from './spans.js';
import { handledInSpans, sendInSpans } from './traced-messages.js';

interface Kept {
  readonly name: string;
  readonly parent: string | undefined;
  readonly traceparent: string;
  ended?: 'well' | 'failed';
}

const trace = (letter: string): string => letter.repeat(32);
const at = (letter: string, span: string, flags = '01'): string =>
  `00-${trace(letter)}-${span.repeat(16)}-${flags}`;

let kept: Kept[];
beforeEach(() => {
  kept = [];
  traceBy({
    open({ name, parent = at('f', '1') }) {
      const [, traceId = ''] = parent.split('-');
      const number = (kept.length + 1).toString(16).padStart(16, '0');
      const span: Kept = { name, parent, traceparent: `00-${traceId}-${number}-01` };
      kept.push(span);
      return {
        traceparent: span.traceparent,
        add: () => undefined,
        end: (failure) => (span.ended = failure === undefined ? 'well' : 'failed'),
      };
    },
  });
});
afterEach(() => traceBy(undefined));

function messageWith(id: string, traceparent?: string): Message {
  return {
    ...{
      id,
      topic: 'mangnon.test.v1',
      type: 'Told.v1',
      subject: id,
      key: 'fund',
      time: '2025-05-29T01:00:00Z',
    },
    ...{ position: { incarnation: 1, number: 1 }, actor: 'system:test', correlationId: 'c', data: {} },
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** Hands messages to whoever consumes. */
function deliverTo(handle: BatchHandler): BatchHandler {
  let joined: BatchHandler = handle;
  const messaging: Messaging = {
    consume: async (options) => {
      joined = options.handle;
      return Promise.resolve({ stop: () => Promise.resolve() });
    },
    close: () => Promise.resolve(),
  };
  void handledInSpans(messaging).consume({ group: 'readers', topic: 'mangnon.test.v1', handle });
  return joined;
}

const answering = (eventId: string): Cause => ({
  ...{ kind: 'message', topic: 'mangnon.test.v1', eventId },
  position: { incarnation: 1, number: 1 },
});
const answer = (eventId: string): NewEvent => newEvent('Answered', {}, { cause: answering(eventId) });
const store = (): MeasuredStore => new MeasuredStore(new InMemoryEventStore({ now: () => new Date(0) }));

describe('where something is traced', () => {
  it('an event says in which span it was appended', async () => {
    const events = store();
    await within({ traceparent: at('a', '1') }, () =>
      events.append('s-1', [newEvent('Made', {})], 'no_stream'),
    );
    const [event] = await wholeStream(events, 's-1');
    expect(kept).toMatchObject([{ name: 'append', parent: at('a', '1'), ended: 'well' }]);
    expect(event?.traceparent).toBe(kept[0]?.traceparent);
  });

  it('whoever handles messages is told what came with them', async () => {
    const told: unknown[][] = [];
    const deliver = deliverTo(async (...given) => void told.push(given.slice(1)));
    const passed = { incarnation: 1, number: 9 };
    for (const traced of [undefined, at('a', '1')]) await deliver([messageWith('one', traced)], passed, true);
    expect(told).toEqual([
      [passed, true],
      [passed, true],
    ]);
  });

  it('one append that answers messages of several traces belongs to each', async () => {
    const events = store();
    const deliver = deliverTo(async () => {
      await events.append('s-1', [answer('one'), answer('two'), answer('untraced')], 'no_stream');
    });
    await deliver([
      messageWith('one', at('a', '1')),
      messageWith('two', at('b', '1')),
      messageWith('untraced'),
    ]);
    const [process1, process2, append1, append2] = kept;
    expect(kept.map(({ name, parent }) => [name, parent])).toEqual([
      ['process mangnon.test.v1', at('a', '1')],
      ['process mangnon.test.v1', at('b', '1')],
      ['append', process1?.traceparent],
      ['append', process2?.traceparent],
    ]);
    const recorded = await wholeStream(events, 's-1');
    expect(recorded.map(({ traceparent }) => traceparent)).toEqual([
      append1?.traceparent,
      append2?.traceparent,
      undefined,
    ]);
  });

  it('messages go out after their events, and a send that fails ends its spans as failed', async () => {
    const sent: Message[] = [];
    const messages = [messageWith('one', at('a', '1')), messageWith('untraced')];
    await sendInSpans(messages, (going) => Promise.resolve(void sent.push(...going)));
    expect(kept).toMatchObject([{ name: 'send mangnon.test.v1', parent: at('a', '1'), ended: 'well' }]);
    expect(sent).toEqual([messageWith('one', kept[0]?.traceparent), messageWith('untraced')]);
    await expect(sendInSpans(messages, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(kept[1]?.ended).toBe('failed');
  });

  it('work goes on after the message that asks for it rather than after its event', async () => {
    const drawn = { name: 'draw', kind: 'internal' } as const;
    const event = { id: 'one', traceparent: at('a', '1') };
    const deliver = deliverTo(() => inSpanAfter(event, drawn, () => Promise.resolve()));
    await deliver([messageWith('one', at('a', '2'))]);
    expect(kept[1]).toMatchObject({ name: 'draw', parent: kept[0]?.traceparent, ended: 'well' });
    await inSpanAfter(event, drawn, () => Promise.resolve());
    expect(kept[2]?.parent).toBe(at('a', '1'));
  });

  it.each([undefined, at('a', '1', '00'), 'nonsense'])(
    'what comes after %p has no span',
    async (traceparent) => {
      const event = { id: 'one', ...(traceparent !== undefined && { traceparent }) };
      const drawn = { name: 'draw', kind: 'internal' } as const;
      expect(await inSpanAfter(event, drawn, () => Promise.resolve(spanHere()))).toBeUndefined();
      const deliver = deliverTo(() => Promise.resolve());
      await deliver([messageWith('one', traceparent)]);
      expect(kept).toEqual([]);
    },
  );

  it('a request to another process names the span that it is sent in', () => {
    expect(traceHeaders()).toEqual({});
    expect(within({ traceparent: at('a', '1') }, traceHeaders)).toEqual({ traceparent: at('a', '1') });
  });
});

describe('where nothing is traced', () => {
  beforeEach(() => traceBy(undefined));

  it('messaging is the one that was given, and events and requests say nothing of a trace', async () => {
    const messaging = {} as Messaging;
    expect(handledInSpans(messaging)).toBe(messaging);
    const events = store();
    await within({ traceparent: at('a', '1') }, () =>
      events.append('s-1', [newEvent('Made', {})], 'no_stream'),
    );
    const [event] = await wholeStream(events, 's-1');
    expect(event).not.toHaveProperty('traceparent');
    expect(within({ traceparent: at('a', '1') }, traceHeaders)).toEqual({});
  });

  it('opening and closing it changes nothing', async () => {
    const tracing = await openTracing('mangnon', undefined);
    expect(tracerHere()).toBeUndefined();
    await tracing.flush();
    await tracing.close();
  });
});

describe('the settings of traces', () => {
  it('name a collector, or trace nothing', () => {
    expect(readTracingConfig({})).toBeUndefined();
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(readTracingConfig(given)).toEqual({ url: 'http://collector:4318/v1/traces', share: 0.25 });
  });

  it.each([{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, { OTEL_TRACES_SAMPLER_ARG: '2' }])(
    'are refused where they are wrong: %p',
    (environment) => {
      expect(() => readTracingConfig(environment)).toThrow('is not');
    },
  );
});
