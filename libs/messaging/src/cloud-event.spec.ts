import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '#kernel/message.js';
import { fromCloudEvent, MalformedCloudEvent, toCloudEvent } from './cloud-event.js';

const message: Message = {
  id: '0b1c0f52-6d0f-5b7e-8f1a-3c2d4e5f6a7b',
  topic: 'mangnon.donations.v1',
  type: 'DonationRecorded.v1',
  subject: 'donation-1',
  key: 'fund-1',
  time: '2025-05-29T01:02:03.004Z',
  position: { incarnation: 2, number: 42 },
  previous: { incarnation: 1, number: 40 },
  actor: 'staff:7',
  correlationId: 'c-1',
  data: { amount: { amount: '500000', currency: 'VND' }, note: 'Măng' },
};

function changed(change: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(toCloudEvent(message)) as object), ...change });
}

describe('a message as a CloudEvent', () => {
  it('is structured JSON of version 1.0 with the fund as partition key', () => {
    expect(JSON.parse(toCloudEvent(message))).toEqual({
      specversion: '1.0',
      id: message.id,
      source: '/topics/mangnon.donations.v1',
      type: 'DonationRecorded.v1',
      datacontenttype: 'application/json',
      subject: 'donation-1',
      time: '2025-05-29T01:02:03.004Z',
      partitionkey: 'fund-1',
      position: '2.42',
      previous: '1.40',
      actor: 'staff:7',
      correlationid: 'c-1',
      data: message.data,
    });
  });

  it('comes back as it was, with and without a previous one', () => {
    const { previous: _previous, ...first } = message;
    expect(fromCloudEvent(toCloudEvent(message))).toEqual(message);
    expect(fromCloudEvent(toCloudEvent(first))).toEqual(first);
    const text = fc.string({ unit: 'grapheme' });
    const name = text.filter((any) => any !== '__proto__');
    const data = fc.dictionary(name, text, { noNullPrototype: true });
    fc.assert(
      fc.property(data, fc.nat(), fc.nat(), (anything, incarnation, number) => {
        const any = { ...message, data: anything, position: { incarnation: incarnation % 1e9, number } };
        expect(fromCloudEvent(toCloudEvent(any))).toEqual(any);
      }),
    );
  });

  it('tells what caused it: a command, a message, an event whose time came, or nothing said', () => {
    const command = { ...message, cause: { kind: 'command', id: 'c-1' } } as const;
    const position = { incarnation: 1, number: 41 };
    const answer = {
      ...message,
      cause: { kind: 'message', topic: 'mangnon.ledger.v1', position, eventId: 'e-1' },
    } as const;
    expect(fromCloudEvent(toCloudEvent(command))).toEqual(command);
    expect(fromCloudEvent(toCloudEvent(answer))).toEqual(answer);
    const later = { ...message, cause: { kind: 'event', eventId: 'e-2' } } as const;
    expect(fromCloudEvent(toCloudEvent(later))).toEqual(later);
    expect(fromCloudEvent(toCloudEvent(message))).not.toHaveProperty('cause');
  });

  it('lets extensions of others pass', () => {
    expect(fromCloudEvent(changed({ sequence: '7' }))).toEqual(message);
  });

  it('tells where in a trace it was sent, and is read without that where it is malformed', () => {
    const traced = { ...message, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect(JSON.parse(toCloudEvent(traced))).toHaveProperty('traceparent', traced.traceparent);
    expect(fromCloudEvent(toCloudEvent(traced))).toEqual(traced);
    for (const traceparent of ['00-1-2-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 7, null])
      expect(fromCloudEvent(changed({ traceparent }))).toEqual(message);
  });

  it.each([
    ['specversion', '0.3'],
    ['id', ''],
    ['source', 'https://elsewhere.example'],
    ['type', 7],
    ['datacontenttype', 'text/plain'],
    ['subject', undefined],
    ['partitionkey', undefined],
    ['time', '2025-05-29 01:02'],
    ['position', '42'],
    ['position', '1.99999999999999999'],
    ['previous', 'x.1'],
    ['actor', 'somebody'],
    ['correlationid', null],
    ['data', 'text'],
    ['data', undefined],
    ['data', []],
  ])('is refused when %s is %p, without telling the value', (attribute, value) => {
    expect(() => fromCloudEvent(changed({ [attribute]: value }))).toThrow(
      new MalformedCloudEvent(`not as it must be: ${attribute}`),
    );
  });

  it.each(['', '{', '[]', 'null', '"text"'])('is refused when it is %p', (json) => {
    expect(() => fromCloudEvent(json)).toThrow(MalformedCloudEvent);
  });
});
