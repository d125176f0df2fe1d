import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { eventually } from './eventually.js';
import { KafkaBroker, type BrokerPlace } from './kafka-broker.js';

/** How a cluster of real brokers is started. */
export interface KafkaClusterOptions {
  /** Folder of all brokers; what a cluster left there is there again. */
  readonly directory: string;
  /** 1, or 3 with each message on all of them. */
  readonly brokers: 1 | 3;
  /** Added to every broker's `server.properties`. */
  readonly properties?: Readonly<Record<string, string | number>>;
}

/** Real brokers on loopback, each broker and controller at once (KRaft). */
export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[];
  /** `host:port` of every broker. */
  readonly addresses: readonly string[];
  /** Starts a broker that was stopped or killed, at its old address. */
  start(broker: KafkaBroker): Promise<void>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

interface Ports {
  readonly clients: number;
  readonly controller: number;
}

/** Starts brokers and resolves once the cluster answers. Throws `EngineFault`, nothing left running. */
export async function startKafka(options: KafkaClusterOptions): Promise<KafkaCluster> {
  mkdirSync(options.directory, { recursive: true });
  const clusterId = keptClusterId(options.directory);
  const ports: Ports[] = [];
  for (const _ of Array(options.brokers)) ports.push(await freePorts());
  const brokers = ports.map((_, index) => new KafkaBroker(placeOf(options, ports, index)));
  const addresses = brokers.map(({ address }) => address);
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.stop()));
  };
  try {
    await Promise.all(brokers.map((broker) => broker.start(clusterId)));
    await allAnswer(addresses);
  } catch (error) {
    await Promise.all(brokers.map((broker) => broker.kill()));
    throw error;
  }
  return { brokers, addresses, stop, start: (broker) => broker.start(clusterId) };
}

/** A topic's replicas need all brokers, so none may be missing when the first is made. */
async function allAnswer(addresses: readonly string[]): Promise<void> {
  const admin = openKafka({ brokers: addresses, clientId: 'mangnon-engines' }).admin();
  try {
    await eventually(
      async () => {
        await admin.connect();
        const { brokers } = await admin.describeCluster();
        if (brokers.length < addresses.length) throw new Error(`${String(brokers.length)} brokers answer`);
      },
      { withinMs: 60_000, everyMs: 100 },
    );
  } finally {
    await admin.disconnect();
  }
}

function placeOf(
  { directory, properties }: KafkaClusterOptions,
  ports: readonly Ports[],
  index: number,
): BrokerPlace {
  const id = index + 1;
  const folder = join(directory, `broker-${String(id)}`);
  const { clients = 0, controller = 0 } = ports[index] ?? {};
  const replicas = ports.length;
  const insync = Math.max(1, replicas - 1);
  return {
    id,
    directory: folder,
    port: clients,
    properties: {
      'process.roles': 'broker,controller',
      'node.id': id,
      'controller.quorum.voters': ports
        .map((each, at) => `${String(at + 1)}@127.0.0.1:${String(each.controller)}`)
        .join(','),
      listeners: `CLIENTS://127.0.0.1:${String(clients)},CONTROLLER://127.0.0.1:${String(controller)}`,
      'advertised.listeners': `CLIENTS://127.0.0.1:${String(clients)}`,
      'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'CLIENTS',
      'log.dirs': join(folder, 'data'),
      'auto.create.topics.enable': 'false',
      'default.replication.factor': replicas,
      'min.insync.replicas': insync,
      'offsets.topic.replication.factor': replicas,
      'offsets.topic.num.partitions': 4,
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': insync,
      'transaction.state.log.num.partitions': 1,
      // A lost broker is noticed, and a group is ready, within a second or two.
      'broker.session.timeout.ms': 3_000,
      'broker.heartbeat.interval.ms': 500,
      'controller.quorum.election.timeout.ms': 1_000,
      'controller.quorum.fetch.timeout.ms': 1_500,
      'group.initial.rebalance.delay.ms': 0,
      'group.min.session.timeout.ms': 1_000,
      'num.network.threads': 2,
      'num.io.threads': 2,
      'log.cleaner.dedupe.buffer.size': 8_388_608,
      ...properties,
    },
  };
}

function keptClusterId(directory: string): string {
  const file = join(directory, 'cluster-id');
  // Kafka's tools take an id that begins with a dash for an option.
  if (!existsSync(file)) writeFileSync(file, `M${randomBytes(16).toString('base64url').slice(1)}`);
  return readFileSync(file, 'utf8');
}

async function freePorts(): Promise<Ports> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject).listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [clients = 0, controller = 0] = ports;
  return { clients, controller };
}
