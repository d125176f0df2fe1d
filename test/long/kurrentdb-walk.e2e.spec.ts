import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '#testing/eventually.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';
import { kurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { Apart, startMs } from '../apart/apart.js';
import { receipted, receiptsOf, record } from '../journeys/asking.js';

const anonymous = { donor: { kind: 'anonymous' } };

describeWithOwnKafka(
  'services in processes of their own, over Kafka and a server that speaks as KurrentDB does',
  () => {
    let stores: KurrentDbStores;
    let apart: Apart;
    beforeAll(async () => {
      stores = await kurrentDbStores();
      const { url, namespace = '' } = stores.address;
      const where = { EVENTSTORE_URL: url, EVENTSTORE_NAMESPACE: namespace };
      apart = await Apart.open({ MANGNON_EVENT_STORE: 'kurrentdb', ...where });
    }, startMs);
    afterAll(async () => {
      await apart.close();
      await stores.drop();
    }, startMs);

    it(
      'record, post and number a donation, and let it be refused no second time',
      async () => {
        const { donationId } = await record(apart, anonymous, { key: 'first' });
        await receipted(apart, donationId, {});
        expect(await record(apart, anonymous, { key: 'first' })).toMatchObject({ donationId });
      },
      startMs,
    );

    it(
      'go on where they stood after each was killed',
      async () => {
        for (const name of ['donations', 'ledger', 'receipts'] as const) {
          await apart.signal(name, 'SIGKILL');
          apart.start(name);
        }
        await apart.ready();
        const { donationId } = await record(apart, anonymous);
        await eventually(async () => expect(await receiptsOf(apart, donationId)).toHaveLength(1), {
          withinMs: 60_000,
        });
        const [receipt] = await receiptsOf(apart, donationId);
        expect(receipt?.number).toMatch(/-000002$/);
      },
      startMs,
    );
  },
);
