import { setTimeout as delay } from 'node:timers/promises';
import { Hopeless } from '#testing/eventually.js';
import type { KafkaBroker } from '#testing/kafka-broker.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { donationsTopic } from '#contracts/donations.v1.js';
import { serviceNames } from '../apart/apart.js';
import { MortalEngines } from './apart-engines.js';
import type { ApartLife } from './apart-life.js';
import { pastSessionMs } from './apart-process-strikes.js';
import type { Fault } from './fault.js';

const outageMs = 5_000;

/** Strikes while people work; everything goes on by itself. */
function underLoad(name: string, strike: (life: ApartLife) => Promise<void>): Fault<ApartLife> {
  return {
    name,
    strike: async (life) => {
      await life.start();
      const played = life.play();
      await life.underLoad();
      await strike(life);
      await played;
      assertNoneEnded(life);
    },
  };
}

function assertNoneEnded(life: ApartLife): void {
  for (const name of life.dead) throw new Hopeless(`${name} has ended: ${life.apart.said(name)}`);
}

/** Whoever is started before its engine waits for it, says so, and goes on once it is there. */
function atBoot(
  what: string,
  away: (life: ApartLife) => Promise<void>,
  back: (life: ApartLife) => Promise<void>,
): Fault<ApartLife> {
  return {
    name: `${what} down while services are started`,
    strike: async (life) => {
      await life.start();
      await life.play({ donations: 4, credits: 0 });
      await life.stop();
      await away(life);
      for (const name of serviceNames) life.apart.start(name);
      await delay(pastSessionMs);
      await back(life);
      assertNoneEnded(life);
      await life.apart.ready();
      await life.play();
    },
  };
}

async function allBrokers(life: ApartLife, work: (broker: KafkaBroker) => Promise<void>): Promise<void> {
  await Promise.all(life.apart.kafka.brokers.map(work));
}

const stopBrokers = (life: ApartLife): Promise<void> => allBrokers(life, (broker) => broker.stop());
const startBrokers = (life: ApartLife): Promise<void> =>
  allBrokers(life, (broker) => life.apart.kafka.start(broker));

/** The one at which messages of the fund's donations are written. */
async function leader({ apart }: ApartLife): Promise<KafkaBroker> {
  const admin = openKafka(apart.kafkaConfig).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [donationsTopic] });
  await admin.disconnect();
  const [partition] = topics[0]?.partitions ?? [];
  return apart.kafka.brokers.find(({ id }) => id === partition?.leader) ?? apart.kafka.brokers[0]!;
}

const brokersStopped = underLoad('every broker stopped for five seconds under load', async (life) => {
  await stopBrokers(life);
  await delay(outageMs);
  await startBrokers(life);
});

const brokerLost = underLoad('one of three brokers killed under load, and back later', async (life) => {
  const broker = await leader(life);
  await broker.kill();
  await delay(outageMs);
  await life.apart.kafka.start(broker);
});

const leaderMoved = underLoad('leaders moved from broker to broker under load', async (life) => {
  for (const broker of life.apart.kafka.brokers) {
    await broker.stop();
    await life.apart.kafka.start(broker);
  }
});

const brokerFrozen = underLoad('a broker frozen for longer than any session, and woken', async (life) => {
  const broker = await leader(life);
  broker.freeze();
  await delay(pastSessionMs * 2);
  broker.wake();
});

/** What the ledger says arrives at every broker, and nothing comes back. */
const halfOpen = underLoad('the network half open between the ledger and the brokers', async ({ apart }) => {
  for (const link of apart.kafka.links) link.loseAnswers();
  await delay(pastSessionMs * 2);
  for (const link of apart.kafka.links) link.cut();
});

const networkFrozen = underLoad('the network between the ledger and the brokers dead', async ({ apart }) => {
  for (const link of apart.kafka.links) link.freeze();
  await delay(pastSessionMs * 2);
  for (const link of apart.kafka.links) link.thaw();
});

const networkCut = underLoad(
  'connections between the ledger and the brokers cut again and again',
  async (life) => {
    for (const _ of Array(10)) {
      for (const link of life.apart.kafka.links) link.cut();
      await delay(life.draws.below(800));
    }
  },
);

/** A third connection opened to nobody: the ledger can reach one broker of three. */
const oneReachable = underLoad('two of three brokers out of the ledger’s reach', async ({ apart }) => {
  const [, ...others] = apart.kafka.links;
  await Promise.all(others.map((link) => link.refuse()));
  await delay(pastSessionMs * 2);
  await Promise.all(others.map((link) => link.accept()));
});

function enginesOf({ apart: { engines } }: ApartLife): MortalEngines {
  if (engines instanceof MortalEngines) return engines;
  throw new TypeError('these engines cannot be killed');
}

const postgresKilled = underLoad('kill -9 of PostgreSQL under load, and back later', async (life) => {
  await enginesOf(life).killPostgres();
  await delay(outageMs);
  await enginesOf(life).startPostgres();
});

const answersLost = underLoad('answers of the event store lost, appends among them', async (life) => {
  const { link } = enginesOf(life);
  for (const _ of Array(5)) {
    link.loseAnswers();
    await delay(300 + life.draws.below(500));
    link.cut();
    await delay(life.draws.below(1_500));
  }
});

const storeFrozen = underLoad('the event store silent for a while', async (life) => {
  const { link } = enginesOf(life);
  link.freeze();
  await delay(outageMs);
  link.thaw();
});

const storeRefused = underLoad('the event store refusing connections for a while', async (life) => {
  const { link } = enginesOf(life);
  await link.refuse();
  await delay(outageMs);
  await link.accept();
});

/** Brokers, the network to them, and the store. */
export const ofEngines: readonly Fault<ApartLife>[] = [
  brokersStopped,
  brokerLost,
  leaderMoved,
  brokerFrozen,
  atBoot('every broker', stopBrokers, startBrokers),
  halfOpen,
  networkFrozen,
  networkCut,
  oneReachable,
  postgresKilled,
  answersLost,
  storeFrozen,
  storeRefused,
  atBoot(
    'the event store',
    (life) => enginesOf(life).link.refuse(),
    (life) => enginesOf(life).link.accept(),
  ),
];
