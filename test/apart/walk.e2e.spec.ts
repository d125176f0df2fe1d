import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { eventually } from '#testing/eventually.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';
import { startOtlpCollector, wayTo, type OtlpCollector } from '#testing/otlp-collector.js';
import { entered, historyOf, mailsTo, receipted, record } from '../journeys/asking.js';
import { replayed } from '../journeys/auditing.js';
import { ApartLife, failPointFile } from '../faults/apart-life.js';
import { apartSample } from '../faults/apart-sample.js';
import { struckApart } from '../faults/apart-struck.js';
import { Apart, serviceNames, startMs } from './apart.js';

const anonymous = { donor: { kind: 'anonymous' } };
const named = {
  donor: {
    kind: 'named',
    details: { class: 'individual', inProvince: true, name: 'Hoàng Thị Mẫu', email: 'mau@example.org' },
  },
};
/** After a member that died a group is divided anew once its session has ended, which takes six seconds here. */
const takenOverMs = { withinMs: 60_000, everyMs: 200 };

describeWithOwnKafka('services in processes of their own, over Kafka', () => {
  let apart: Apart;
  let collector: OtlpCollector;
  const donations: string[] = [];
  beforeAll(async () => {
    collector = await startOtlpCollector();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, KAFKA_SESSION_SECONDS: '6' };
    apart = await Apart.open(environment, { failPointIn: failPointFile });
  }, startMs);
  afterAll(async () => {
    await apart.close();
    await collector.close();
  }, startMs);

  async function give(count: number): Promise<void> {
    for (let given = 0; given < count; given += 1)
      donations.push((await record(apart, anonymous)).donationId);
  }

  /** Each donation given so far has one number, and the numbers have no gap. */
  async function allNumbered(): Promise<void> {
    await eventually(async () => {
      const path = `/v1/receipts?fund=${apart.fundId}&limit=200`;
      const { items } = await apart.people.accountant.api.get<{ items: readonly ReceiptView[] }>(path);
      const numbers = items.map(({ number }) => Number.parseInt(number.slice(-6), 10));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(donations.map((_, index) => index + 1));
      expect(new Set(items.map(({ donationId }) => donationId))).toEqual(new Set(donations));
    }, takenOverMs);
  }

  it(
    'lets a donation be recorded by one, posted by another, numbered and mailed by a third',
    async () => {
      const { donationId } = await record(apart, named);
      donations.push(donationId);
      expect(await entered(apart, donationId, 1)).toHaveLength(1);
      const [receipt] = await receipted(apart, donationId, { mail: { state: 'sent' } });
      expect(receipt?.number).toMatch(/^LS-\d{4}-000001$/);
      expect(await mailsTo(apart, 'mau@example.org')).toHaveLength(1);
      await eventually(async () => {
        const services = (await historyOf(apart, donationId)).map(({ service }) => service);
        expect(new Set(services)).toEqual(new Set(['donations', 'ledger', 'receipts']));
      }, takenOverMs);
    },
    startMs,
  );

  it(
    'follows it as one trace through every process',
    async () => {
      const told = (topic: string) => `append > send mangnon.${topic}.v1 > process mangnon.${topic}.v1`;
      const way = ['POST /v1/* > POST /v1/donations', told('donations'), told('ledger'), told('receipts')];
      await eventually(() => {
        const { spans } = collector;
        const traceId = spans.find(({ name }) => name === 'mail receipt')?.traceId ?? '';
        const mailed = [...way, 'draw receipt > append > mail receipt'].join(' > ');
        expect(wayTo(spans, traceId, 'mail receipt')).toBe(mailed);
        const services = spans.filter((span) => span.traceId === traceId).map(({ service }) => service);
        // Access is asked only where the gateway does not know the session yet.
        for (const name of ['gateway', 'donations', 'ledger', 'receipts'])
          expect(services).toContain(`mangnon-${name}`);
      }, takenOverMs);
    },
    startMs,
  );

  it(
    'shows in the metrics of each process how far it is',
    async () => {
      const expected = {
        gateway: ['mangnon_gateway_unknown_services 0'],
        access: ['mangnon_publish_lag_seconds{topic="mangnon.access.v1"} 0'],
        donations: [
          'mangnon_oldest_donation_without_receipt_seconds{service="donations"} 0',
          'mangnon_publish_lag_seconds{topic="mangnon.donations.v1"} 0',
        ],
        ledger: ['mangnon_consumer_lag_seconds{group="ledger",topic="mangnon.donations.v1"} 0'],
        receipts: [
          'mangnon_consumer_lag_seconds{group="receipts-render",topic="mangnon.receipts.v1"} 0',
          'mangnon_parked_messages{service="receipts"} 0',
          'mangnon_unknown_figures 0',
        ],
      } as const;
      for (const name of serviceNames)
        await eventually(async () => {
          const metrics = await (await fetch(`${apart.urlOf(name)}/metrics`)).text();
          expect(metrics.split('\n')).toEqual(expect.arrayContaining([...expected[name]]));
        }, takenOverMs);
    },
    startMs,
  );

  it(
    'posts and numbers once what was recorded while the ledger was dead',
    async () => {
      await apart.signal('ledger', 'SIGKILL');
      await give(10);
      apart.start('ledger');
      await give(5);
      await allNumbered();
    },
    startMs,
  );

  it(
    'loses and doubles nothing when instances join, leave and are killed',
    async () => {
      apart.start('ledger', 'ledger-2');
      apart.start('receipts', 'receipts-2');
      await eventually(() => expect(apart.said('receipts-2')).toContain('http://'), takenOverMs);
      await give(10);
      await apart.signal('ledger', 'SIGTERM');
      await give(10);
      await apart.signal('receipts-2', 'SIGKILL');
      await give(10);
      await allNumbered();
    },
    startMs,
  );

  it(
    'is not harmed by an instance that was frozen and wakes after another has taken over',
    async () => {
      apart.start('ledger');
      await apart.ready(['ledger']);
      await apart.signal('ledger-2', 'SIGSTOP');
      await give(10);
      await allNumbered();
      await apart.signal('ledger-2', 'SIGCONT');
      await give(10);
      await allNumbered();
    },
    startMs,
  );

  it(
    'leaves books that replay to what every table shows',
    async () => {
      const told = await eventually(() => replayed(apart.audited), takenOverMs);
      expect(told).toMatch(/rows equal/);
    },
    startMs,
  );

  describe('loses nothing, doubles nothing and keeps everything in order after', () => {
    let life: ApartLife;
    beforeAll(async () => {
      // Whoever dies at a fail-point is to be the only one who could.
      await apart.signal('ledger-2', 'SIGTERM');
      life = await ApartLife.begin(apart, '2025');
    });
    afterAll(() => life.close());

    it.each(apartSample)('$name', (fault) => struckApart(life, fault, false), startMs);
  });
});
