import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { foldProjection } from '#read-models/fold.js';
import { ParkedStreams } from './parked-streams.js';
import { parkedProjection } from './parked.projection.js';

const event = (type: string, data: object): RecordedEvent => ({
  id: 'e',
  stream: 'fund-1',
  revision: 0,
  position: { incarnation: 1, number: 9 },
  cursor: '9',
  recordedAt: '2025-05-29T01:00:00.000Z',
  type,
  schemaVersion: 1,
  data,
  actor: 'service:ledger',
  commandId: 'c',
  correlationId: 'c',
  salt: 's',
  cause: { kind: 'message', topic: 't', position: { incarnation: 1, number: 7 }, eventId: 'm1' },
});
const message = {
  id: 'm1',
  topic: 't',
  type: 'DonationRecorded.v1',
  subject: 'd1',
  position: { incarnation: 1, number: 7 },
};
const parked = event('MessageParked', { message, reason: 'boom' });
const replayed = event('MessageReplayed', { messageId: 'm1', topic: 't' });

describe('parked messages', () => {
  const projection = parkedProjection('ledger', ['fund-']);

  it('are listed while they wait', () => {
    const rows = [...foldProjection(projection, [event('FundOpened', {}), parked]).values()];
    expect(rows).toEqual([
      {
        key: expect.any(String),
        stream: 'fund-1',
        message_id: 'm1',
        topic: 't',
        type: 'DonationRecorded.v1',
        subject: 'd1',
        reason: 'boom',
        source_position: '1.7',
        parked_at: '2025-05-29T01:00:00.000Z',
      },
    ]);
  });

  it('are gone once they are replayed', () => {
    expect([...foldProjection(projection, [parked, replayed])]).toEqual([]);
  });
});

describe('who replays a stream', () => {
  it('is whoever named the longest beginning of it', async () => {
    const streams = new ParkedStreams();
    const through = (replayed: number) => () => Promise.resolve({ replayed, failed: [], waiting: 0 });
    streams.register('receipt-', through(1));
    streams.register('receipt-book-', through(2));
    expect(await streams.replay('receipt-book-7')).toMatchObject({ replayed: 2 });
    expect(await streams.replay('receipt-LS-2025-000001')).toMatchObject({ replayed: 1 });
    expect(await streams.replay('fund-1')).toBeUndefined();
  });
});
