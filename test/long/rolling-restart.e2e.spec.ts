import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPool, type Database } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';
import { Apart, startMs } from '../apart/apart.js';
import { Balancer } from '../apart/balancer.js';
import { signIn } from '../faults/site.js';
import { Donating } from '../load/donating.js';
import { Walk } from '../load/walk.js';

const clients = 8;
const readyMs = { withinMs: 90_000, everyMs: 100 };
/** Longer than whoever balances takes to see that a process is not ready any more. */
const drained = { DRAIN_SECONDS: '4' };

type Rolled = 'donations' | 'gateway';

describeWithOwnKafka('a rolling restart', () => {
  let apart: Apart;
  let balancers: Readonly<Record<Rolled, Balancer>>;
  let database: Database;

  /** One more process of a service; requests may go to it by the time this resolves. */
  async function joined(name: Rolled, as: string): Promise<void> {
    apart.start(name, as, { ...drained, DONATIONS_URL: balancers.donations.url });
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${String(portOf(as))}/health/ready`);
      const told = await answer.text();
      if (!answer.ok || (name === 'gateway' && !told.includes('"unknown":[]'))) throw new Error(told);
    }, readyMs);
    balancers[name].add(portOf(as));
    await balancers[name].looked();
  }

  function portOf(as: string): number {
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(apart.said(as)) ?? [];
    if (port === undefined) throw new Error(`${as} has not told its address: ${apart.said(as)}`);
    return Number(port);
  }

  beforeAll(async () => {
    balancers = { donations: await Balancer.open(), gateway: await Balancer.open() };
    apart = await Apart.open(drained);
    database = createPool(apart.books.url, { name: 'rolling', connectionsMax: 1 });
    balancers.donations.add(portOf('donations'));
    await balancers.donations.looked();
    for (const as of ['gateway-2', 'gateway-3']) await joined('gateway', as);
    await joined('donations', 'donations-2');
  }, startMs);
  afterAll(async () => {
    await database.end();
    await apart.close();
    for (const balancer of Object.values(balancers)) await balancer.close();
  }, startMs);

  it(
    'loses no request while every process of a service and of the gateway is replaced',
    async () => {
      const { fundId, people } = apart;
      const [cashier, accountant] = [
        await signIn(apart.url, people.cashier),
        await signIn(apart.url, people.accountant),
      ];
      const office = { url: balancers.gateway.url, fundId, people: { cashier, accountant } };
      const donating = new Donating(office, clients, 'anonymous');
      let isOver = false;
      const client = async (): Promise<void> => {
        while (!isOver) await donating.record();
      };
      const recording = Promise.all(Array.from({ length: clients }, client));
      const replacing = async (): Promise<void> => {
        for (const [name, as] of [
          ['donations', 'donations'],
          ['donations', 'donations-2'],
          ['gateway', 'gateway-2'],
          ['gateway', 'gateway-3'],
        ] as const) {
          const [port, before] = [portOf(as), donating.acknowledged];
          await apart.signal(as, 'SIGTERM');
          balancers[name].remove(port);
          expect(donating.acknowledged).toBeGreaterThan(before);
          await joined(name, `${as}-anew`);
        }
      };
      await Promise.race([replacing(), recording]).finally(() => {
        isOver = true;
      });
      await recording;
      await donating.close();
      expect([...donating.answered.keys()]).toEqual([201]);
      const { DonationRecorded, ReceiptIssued } = await new Walk(database).ended();
      expect([DonationRecorded.count, ReceiptIssued.count]).toEqual([
        donating.acknowledged,
        donating.acknowledged,
      ]);
    },
    startMs,
  );
});
