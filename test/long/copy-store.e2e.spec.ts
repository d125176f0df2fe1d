import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { Person, type People } from '#apps/standalone/src/demo/people.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { runGateway } from '#apps/gateway/src/apart/run.js';
import { gatewayService } from '#apps/gateway/src/gateway.module.js';
import { topics } from '#contracts/topics.js';
import { everything } from '#event-store/contract-engine.contract.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { systemClock } from '#platform/clock.js';
import { describeToGateway } from '#platform/doors/doors.module.js';
import { loadSigner } from '#platform/keys/key-pairs.js';
import { runServices } from '#platform/run-services.js';
import { createPool } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';
import { kurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { entered, receipted, receiptsOf, record, type AskedFund } from '../journeys/asking.js';
import { FundAtWork } from '../journeys/fund-at-work.js';
import { build, Terminal } from '../terminal.js';

const anonymous = { donor: { kind: 'anonymous' } };
const donor = { class: 'individual', inProvince: true, name: 'Hoàng Thị Mẫu', email: 'mau@example.org' };
const named = { donor: { kind: 'named', details: donor } };
const longMs = 400_000;
/** What whoever is asked in a process that was killed has to wait for. */
const soonMs = { withinMs: 60_000, everyMs: 20 };

describeWithOwnKafka('the default run, moved onto KurrentDB and Kafka', () => {
  let work: FundAtWork;
  let kafka: KafkaCluster;
  let stores: KurrentDbStores;
  let books: TestDatabase;
  let vault: TestDatabase;
  let folder: string;
  let before: readonly RecordedEvent[];
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'mangnon-copy-'));
    kafka = await startKafka({ directory: join(folder, 'kafka'), brokers: 1 });
    await applyTopics(openKafka({ brokers: kafka.addresses, clientId: 'mangnon-tests' }), topics);
    stores = await kurrentDbStores();
    [books, vault] = await Promise.all([testDatabase(), testDatabase()]);
    work = await FundAtWork.open({ begin: new Date().toISOString() });
    for (let given = 0; given < 6; given += 1) {
      const { donationId } = await record(work, given % 2 === 0 ? anonymous : named);
      await receipted(work, donationId, given % 2 === 0 ? {} : { mail: { state: 'sent' } });
    }
  }, longMs);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    await work.close();
    await stores.drop();
    await kafka.stop();
    await Promise.all([books.drop(), vault.drop()]);
    rmSync(folder, { recursive: true, force: true });
  }, longMs);

  /** `mangnon copy-store` as a process of its own. */
  function copying(...more: readonly string[]): Terminal {
    const { url, namespace = '' } = stores.address;
    const environment = {
      MANGNON_EVENT_STORE: 'kurrentdb',
      EVENTSTORE_URL: url,
      EVENTSTORE_NAMESPACE: namespace,
      KAFKA_BROKERS: kafka.addresses.join(','),
      MANGNON_DATABASE_URL: books.url,
      MANGNON_VAULT_URL: vault.url,
    };
    const source = ['--from', work.database.url, '--from-vault', work.vault.url];
    const flags = ['bin/mangnon', 'copy-store', ...source, ...more];
    return new Terminal(folder, environment, { command: process.execPath, flags });
  }

  async function copied(...more: readonly string[]): Promise<Terminal> {
    const copy = copying(...more);
    await eventually(() => expect(copy.exit).toBeDefined(), { withinMs: 200_000 });
    return copy;
  }

  async function source<Row extends object>(
    statement: string,
    url = work.database.url,
  ): Promise<readonly Row[]> {
    const pool = createPool(url, { name: 'a test' });
    try {
      return (await pool.query<Row>(statement)).rows;
    } finally {
      await pool.end();
    }
  }

  /** Kills a copy as soon as this can be seen from outside. */
  async function killedOnce(seen: () => Promise<boolean> | boolean): Promise<void> {
    const copy = copying();
    await eventually(async () => {
      if (copy.exit !== undefined) throw new Error(`it ended before: ${copy.output}`);
      if (!(await seen())) throw new Error('not yet');
    }, soonMs);
    copy.press('SIGKILL');
    await copy.ended();
  }

  const copiedEvents = (): number =>
    stores.server?.log.all.filter(({ type }) => !type.startsWith('$')).length ?? 0;
  const hasTable = async (name: string): Promise<boolean> =>
    (await source<{ there: boolean }>(`SELECT to_regclass('${name}') IS NOT NULL AS there`, books.url))[0]
      ?.there === true;

  it(
    'is refused while it runs, while a consumer lags, and where nothing is known of the target',
    async () => {
      const running = await copied();
      expect([running.exit, running.output]).toEqual([
        4,
        expect.stringMatching(/run on the source .*: stop them/),
      ]);
      await work.stop();
      await source(`UPDATE event_store.head SET clock_offset = '0'`);
      await source(`DELETE FROM platform.checkpoints WHERE consumer = 'direct:ledger:mangnon.donations.v1'`);
      const lagging = await copied();
      expect([lagging.exit, lagging.output]).toEqual([
        4,
        expect.stringMatching(/ledger <- mangnon\.donations\.v1 \(6\)\. Start the old run/),
      ]);
      expect(await source(`SELECT to_regclass('event_store.gate') AS gate`)).toEqual([{ gate: null }]);
      await work.start();
      await eventually(async () => {
        const consumer = 'direct:ledger:mangnon.donations.v1';
        const [at] = await source<{ number: string }>(
          `SELECT number FROM platform.checkpoints WHERE consumer = '${consumer}'`,
        );
        expect(at).toBeDefined();
      }, soonMs);
      await work.stop();
      await source(`UPDATE event_store.head SET clock_offset = '0'`);
      const store = new PostgresEventStore({ url: work.database.url });
      before = await everything(store);
      await store.close();
    },
    longMs,
  );

  it(
    'goes on after each kill, and finds what was changed in the copy meanwhile',
    async () => {
      const count = before.length;
      await killedOnce(() => copiedEvents() > count / 3);
      const half = stores.server?.log.all.findLast(({ stream }) => /\.(staff|fund|donation)-/.test(stream));
      if (!half) throw new Error('nothing was copied');
      const bytes = half.data[20] ?? 0;
      half.data.set([bytes ^ 1], 20);
      const tampered = await copied();
      expect([tampered.exit, tampered.output]).toEqual([1, expect.stringMatching(/differs/)]);
      half.data.set([bytes], 20);
      await killedOnce(() => copiedEvents() > (2 * count) / 3);
      await killedOnce(() => hasTable('ledger.read_model'));
      await killedOnce(() => hasTable('donations.publisher_places'));
      await killedOnce(() => hasTable('receipts.publisher_places'));
      await killedOnce(
        () => stores.server?.log.all.some(({ type }) => type === 'IncarnationOpened') ?? false,
      );
      const givenUp = await copied('--give-up');
      expect([givenUp.exit, givenUp.output]).toEqual([4, expect.stringMatching(/were moved to KurrentDB/)]);
      const whole = await copied();
      expect([whole.exit, whole.output]).toEqual([
        0,
        expect.stringContaining(`${String(count)} events moved`),
      ]);
      expect((await copied()).exit).toBe(0);
      const store = await stores.open();
      const place = ({ cursor: _, ...event }: RecordedEvent) => event;
      expect((await everything(store)).map(place)).toEqual(before.map(place));
    },
    longMs,
  );

  it(
    'is not there any more for the default run',
    async () => {
      await expect(work.start()).rejects.toThrow(/events were moved to KurrentDB at/);
      expect((await copied('--give-up')).exit).toBe(4);
    },
    longMs,
  );

  it(
    'records one donation: one more entry, one more number in the same series, and nothing else happens',
    async () => {
      const moved = await apart();
      const numbers = async (): Promise<readonly string[]> => {
        const path = `/v1/receipts?fund=${moved.fundId}&limit=200`;
        const { items } = await moved.people.accountant.api.get<{ items: readonly ReceiptView[] }>(path);
        return items.map(({ number }) => number).toSorted();
      };
      const entries = () => source('SELECT * FROM ledger.entries', books.url);
      const [given, booked] = [await numbers(), (await entries()).length];
      expect(given).toHaveLength(6);
      const { donationId } = await record(moved, anonymous);
      await entered(moved, donationId, 1);
      await receipted(moved, donationId, {});
      expect(await numbers()).toEqual([...given, given.at(-1)?.replace('000006', '000007')]);
      expect((await receiptsOf(moved, donationId))[0]?.number).toMatch(/^LS-\d{4}-000007$/);
      expect(await entries()).toHaveLength(booked + 1);
      const later = (await everything(await stores.open())).slice(before.length);
      const ofPeople = later.filter(({ stream }) => !/^(login|staff)-/.test(stream));
      const [first] = ofPeople;
      expect(first).toMatchObject({ type: 'DonationRecorded', stream: `donation-${donationId}` });
      expect(new Set(ofPeople.map(({ correlationId }) => correlationId))).toEqual(
        new Set([first?.correlationId]),
      );
    },
    longMs,
  );

  /** Every service by itself on the new engines, and the gateway before them; in this process, which is quicker. */
  async function apart(): Promise<AskedFund> {
    const config = { brokers: kafka.addresses, clientId: 'mangnon-tests' };
    const urls: Record<string, string> = {};
    await loadSigner(work.keys, 'gateway');
    for (const service of services.filter((one) => one !== gatewayService)) {
      const running = await runServices([service], {
        ...{
          databaseUrl: books.url,
          vaultUrl: vault.url,
          keysDirectory: work.keys,
          host: '127.0.0.1',
          port: 0,
        },
        behindGateway: true,
        apart: { kafka: config, topics, eventStore: stores.address },
        prepare: async (app) => describeToGateway(app),
        onTrouble: () => undefined,
      });
      ends.push(() => running.stop());
      urls[service.name] = `http://127.0.0.1:${String(running.port)}`;
    }
    const { access = '', donations = '', ledger = '', receipts = '' } = urls;
    const asked = { access, donations, ledger, receipts };
    const gateway = await runGateway(
      { host: '127.0.0.1', port: 0, trustedProxies: [], services: asked, keysDirectory: work.keys },
      () => undefined,
    );
    ends.push(() => gateway.stop());
    await eventually(async () => {
      const answer = await fetch(`${gateway.url}/health/ready`);
      expect(await answer.text()).toContain('"unknown":[]');
    }, soonMs);
    const person = (login: string): Person => new Person(gateway.url, systemClock, login);
    const people = { ...work.people, accountant: person('ketoan'), cashier: person('thuquy') } as People;
    return { people, fundId: work.fundId, today: work.today };
  }
});
