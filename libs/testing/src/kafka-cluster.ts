import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { openLink, type Link } from './event-store-link.js';
import { eventually } from './eventually.js';
import { KafkaBroker, type BrokerPlace } from './kafka-broker.js';
import type { KafkaSecurity } from './kafka-security.js';

/** How a cluster of real brokers is started. */
export interface KafkaClusterOptions {
  /** Folder of all brokers; what a cluster left there is there again. */
  readonly directory: string;
  /** 1, or 3 with each message on all of them. */
  readonly brokers: 1 | 3;
  /** Added to every broker's `server.properties`. */
  readonly properties?: Readonly<Record<string, string | number>>;
  /** Whether each broker can also be reached through a link that a test can spoil. */
  readonly linked?: boolean;
  /** TLS, passwords and access control lists; plain text for everybody when absent. */
  readonly security?: KafkaSecurity;
}

/** Real brokers on loopback, each broker and controller at once (KRaft). */
export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[];
  /** `host:port` of every broker. */
  readonly addresses: readonly string[];
  /** A link to each broker; who begins at one is led to the others through their links. Empty unless asked for. */
  readonly links: readonly Link[];
  /** Starts a broker that was stopped or killed, at its old address. */
  start(broker: KafkaBroker): Promise<void>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

interface Ports {
  readonly clients: number;
  readonly controller: number;
  /** Where the link ends at the broker, and the link. */
  readonly linked?: { readonly port: number; readonly link: Link };
}

/** Starts brokers and resolves once the cluster answers. Throws `EngineFault`, nothing left running. */
export async function startKafka(options: KafkaClusterOptions): Promise<KafkaCluster> {
  mkdirSync(options.directory, { recursive: true });
  const clusterId = keptClusterId(options.directory);
  const ports: Ports[] = [];
  for (const _ of Array(options.brokers)) ports.push(await portsOf(options));
  const brokers = ports.map((_, index) => new KafkaBroker(placeOf(options, ports, index)));
  const addresses = brokers.map(({ address }) => address);
  const links = ports.flatMap(({ linked }) => (linked ? [linked.link] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.stop()));
    await Promise.all(links.map((link) => link.close()));
  };
  try {
    await Promise.all(brokers.map((broker) => broker.start(clusterId)));
    await allAnswer(addresses, options.security);
  } catch (error) {
    await Promise.all(brokers.map((broker) => broker.kill()));
    await Promise.all(links.map((link) => link.close()));
    throw error;
  }
  return { brokers, addresses, links, stop, start: (broker) => broker.start(clusterId) };
}

/** A topic's replicas need all brokers, so none may be missing when the first is made. */
async function allAnswer(addresses: readonly string[], security?: KafkaSecurity): Promise<void> {
  const signedIn = security?.as('admin');
  const admin = openKafka({ brokers: addresses, clientId: 'mangnon-engines', ...signedIn }).admin();
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
  { directory, properties, security }: KafkaClusterOptions,
  ports: readonly Ports[],
  index: number,
): BrokerPlace {
  const id = index + 1;
  const folder = join(directory, `broker-${String(id)}`);
  const { clients = 0, controller = 0, linked } = ports[index] ?? {};
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
      ...listenersOf(clients, controller, linked),
      'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,LINKED:PLAINTEXT',
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
      ...security?.properties,
      ...properties,
    },
    formatFlags: security?.formatFlags ?? [],
  };
}

/** Where it listens, and where it says that it does: behind the link where there is one. */
function listenersOf(clients: number, controller: number, linked: Ports['linked']): Record<string, string> {
  const own = `CLIENTS://127.0.0.1:${String(clients)}`;
  const all = `${own},CONTROLLER://127.0.0.1:${String(controller)}`;
  if (!linked) return { listeners: all, 'advertised.listeners': own };
  return {
    listeners: `${all},LINKED://127.0.0.1:${String(linked.port)}`,
    'advertised.listeners': `${own},LINKED://${addressOf(linked.link)}`,
  };
}

/** `host:port` of a link, as brokers are named. */
export function addressOf({ url }: Link): string {
  return new URL(url).host;
}

async function portsOf({ linked = false }: KafkaClusterOptions): Promise<Ports> {
  const [clients = 0, controller = 0, port = 0] = await freePorts(3);
  if (!linked) return { clients, controller };
  return { clients, controller, linked: { port, link: await openLink(`kafka://127.0.0.1:${String(port)}`) } };
}

function keptClusterId(directory: string): string {
  const file = join(directory, 'cluster-id');
  // Kafka's tools take an id that begins with a dash for an option.
  if (!existsSync(file)) writeFileSync(file, `M${randomBytes(16).toString('base64url').slice(1)}`);
  return readFileSync(file, 'utf8');
}

/** Free together, so that none of them is another. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
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
  return ports;
}
