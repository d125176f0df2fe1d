import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import { expectAlerts } from '#testing/alerts.js';
import { appendNext, newEvent } from '#testing/events.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type Answer, type World } from '#testing/service-under-test.js';
import { receiptsPublisher } from '../out/receipts.publisher.js';
import { DrawingFailed, PdfPress } from './pdf-press.js';

const number = 'LS-2025-000001';
const stream = `receipt-${number}`;
let world: World;
let receipts: ReceiptsUnderTest;

beforeEach(async () => {
  world = newWorld('2025-03-01T02:00:00Z');
  receipts = await ReceiptsUnderTest.open(world);
  const story = new ReceiptStory(receipts);
  await story.fundOpens();
  await story.posted({ kind: 'anonymous' });
  const issued = await eventually(async () => {
    const events = await receipts.events(`receipt-book-${fundId}`);
    const [found] = events.filter(({ type }) => type === 'ReceiptIssued');
    expect(found).toBeDefined();
    return found as RecordedEvent<ReceiptIssued>;
  });
  const message = messageOf(receiptsPublisher, issued);
  const { topic, position, id: eventId } = message!;
  const cause = { kind: 'message', topic, position, eventId } as const;
  const parked = newEvent('MessageParked', { message, reason: 'TypeError: a bug' }, { cause });
  await appendNext(world.store, stream, parked);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await receipts.close();
});

const replay = (of = stream): Promise<Answer> => {
  const operator = { fundId: '*', roles: ['administrator'] } as const;
  return receipts.send('POST', '/v1/admin/parked/replays', operator, { stream: of });
};
const types = async () => (await receipts.events(stream)).map(({ type }) => type);

describe('a message parked in the stream of a receipt', () => {
  expectAlerts(/^\[parked\] .*"why":"again","group":"receipts".*"reason":"DrawingFailed: /);
  it('is taken up: the PDF is drawn, once', async () => {
    const { status, json } = await replay();
    expect([status, json]).toEqual([200, { replayed: 1, failed: [], waiting: 0 }]);
    expect(await types()).toEqual(['MessageParked', 'ReceiptRendered', 'MessageReplayed']);
    expect((await replay()).json).toMatchObject({ replayed: 0 });
    expect(await types()).toHaveLength(3);
  });

  it('stays parked while the drawing fails, and the answer says on what', async () => {
    jest.spyOn(receipts.app.get(PdfPress), 'draw').mockRejectedValueOnce(new DrawingFailed('Error'));
    expect((await replay()).json).toMatchObject({
      ...{ replayed: 0, waiting: 1 },
      failed: [{ type: 'ReceiptIssued.v1', reason: 'DrawingFailed: Error' }],
    });
    expect(await types()).toEqual(['MessageParked']);
    expect((await replay()).json).toMatchObject({ replayed: 1, waiting: 0 });
  });

  it('of a number that nobody gave is nobody’s', async () => {
    const { status, json } = await replay('receipt-LS-2025-000099');
    expect([status, json]).toMatchObject([404, { code: 'operations/stream-unknown' }]);
  });

  it.each([1, 2, 3])('asks to come again while the store is away, at its reading no. %i', async (at) => {
    await receipts.caughtUp();
    const read = world.store.read.bind(world.store);
    let readings = 0;
    jest.spyOn(world.store, 'read').mockImplementation((of, from) => {
      if (of === stream) readings += 1;
      if (of === stream && readings === at) throw new Error('away');
      return read(of, from);
    });
    const { status, json } = await replay();
    expect([status, json]).toMatchObject([503, { code: 'http/busy' }]);
    expect((await replay()).json).toMatchObject({ replayed: 1 });
  });
});
