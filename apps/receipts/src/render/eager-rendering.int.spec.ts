import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { ConsumerDesk } from '#platform/transport/consumer-desk.js';
import { expectAlerts } from '#testing/alerts.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type World } from '#testing/service-under-test.js';
import { receiptsPublisher } from '../out/receipts.publisher.js';
import { RegisterQuery } from '../read/register/register.query.js';
import { EagerRendering } from './eager-rendering.js';
import { RenderedReceipts } from './rendered-receipts.js';

let world: World;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;

beforeEach(async () => {
  world = newWorld('2025-03-01T02:00:00Z');
  receipts = await ReceiptsUnderTest.open(world);
  story = new ReceiptStory(receipts);
  await story.fundOpens();
});

afterEach(() => receipts.close());

const typesOf = async (number: string): Promise<readonly string[]> =>
  (await receipts.events(`receipt-${number}`)).map(({ type }) => type);

describe('rendering as receipts are issued', () => {
  expectAlerts(
    /^\[receipts\] LS-2025-000001 is not rendered: ZodError/,
    /^\[receipts\] receipts-render <- mangnon\.receipts\.v1 cannot go on: CheckpointLost/,
  );

  it('records what fails by a fault of ours and goes on with the others of the fund', async () => {
    const broken = await story.donor('x');
    const identityRecordId = randomUUID();
    const { subjectId } = broken;
    await world.vault.room('donors').put({ recordId: identityRecordId, subjectId }, { title: 'no name' });
    await story.posted({ ...broken.source, identityRecordId } as typeof broken.source);
    const whole = await story.donor('Hoàng Thị Mẫu');
    await story.posted(whole.source);
    await eventually(async () => expect(await typesOf('LS-2025-000002')).toContain('ReceiptRendered'));
    const [failed] = await receipts.events('receipt-LS-2025-000001');
    expect(failed).toMatchObject({ type: 'ReceiptRenderingFailed', data: { fundId, reason: 'ZodError' } });
  });

  it('tells the consumer desk when it cannot go on at all, as after a restore from before its checkpoint', async () => {
    const checkpoints = new InMemoryCheckpointStore();
    const lost = { cursor: '1', position: { incarnation: 1, number: 1 }, eventId: randomUUID() };
    await checkpoints.move('direct:receipts-render:mangnon.receipts.v1', undefined, lost);
    const messaging = new DirectMessaging({ store: world.store, sources: [receiptsPublisher], checkpoints });
    const { app, readModels } = receipts;
    const desk = new ConsumerDesk();
    const rendered = app.get(RenderedReceipts);
    const rendering = new EagerRendering(messaging, readModels, app.get(RegisterQuery), rendered, desk);
    expect(desk.stopped().size).toBe(0);
    await rendering.onApplicationBootstrap();
    await eventually(async () =>
      expect([...desk.stopped()]).toEqual([
        ['receipts-render <- mangnon.receipts.v1', expect.stringContaining('CheckpointLost')],
      ]),
    );
    await rendering.beforeApplicationShutdown();
    expect(app.get(ConsumerDesk).stopped().size).toBe(0);
  });
});
