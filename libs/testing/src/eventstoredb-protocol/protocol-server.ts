import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Certified } from '#platform/certificates/certificates.js';
import { openLink, type Link } from '../event-store-link.js';
import { Faults } from './faults.js';
import { gossipService, featuresService } from './server-info.js';
import { StoredLog, metadataEvent } from './stored-log.js';
import { streamsService } from './streams-service.js';

const messageBytesMax = 17 * 1_048_576;

/**
 * A server that speaks the Streams protocol of EventStoreDB to its real client, keeps streams of its own and answers by
 * the rules that a real EventStoreDB 23.10.8 was seen to follow. Its speed says nothing about a real one's.
 */
export class ProtocolServer {
  #server: Server | undefined;

  private constructor(
    readonly faults: Faults,
    /** The server's streams; they outlive {@link ProtocolServer.stop}. */
    readonly log: StoredLog,
    /** What lies between the clients and the server. */
    readonly link: Link,
    private readonly port: number,
    private readonly certified: Certified | undefined,
  ) {}

  /** Starts one on a free port of this machine, with no streams but the server's own; with a certificate it speaks by TLS alone. */
  static async start(
    clock: { now(): Date } = { now: () => new Date() },
    certified?: Certified,
  ): Promise<ProtocolServer> {
    const log = new StoredLog(clock);
    log.append('$users', 'no_stream', [metadataEvent({ login: 'admin' }, '$User')]);
    log.append(startedStream, 'any', [startedEvent()]);
    const faults = new Faults();
    const server = serverOf(log, faults);
    const port = await bind(server, 0, certified);
    const link = await openLink(`esdb://127.0.0.1:${port}?tls=${String(certified !== undefined)}`);
    const started = new ProtocolServer(faults, log, link, port, certified);
    // Left and taken again, its port could be somebody else's by then.
    started.#server = server;
    return started;
  }

  /** Where clients connect to. */
  get url(): string {
    return this.link.url;
  }

  /** Ends every connection at once; what was stored stays, what was only remembered is forgotten. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
    this.log.restarted();
  }

  /** Stops it if it runs, and starts it again at the same address. */
  async restart(): Promise<void> {
    this.stop();
    this.log.append(startedStream, 'any', [startedEvent()]);
    this.#server = serverOf(this.log, this.faults);
    await bind(this.#server, this.port, this.certified);
  }

  /** Stops it for good. */
  async close(): Promise<void> {
    this.stop();
    await this.link.close();
  }
}

/** What a server records of its own at each start. */
const startedStream = '$stats-127.0.0.1:2113';
function startedEvent(): ReturnType<typeof metadataEvent> {
  return metadataEvent({ started: true }, '$statsCollected');
}

function serverOf(log: StoredLog, faults: Faults): Server {
  const server = new Server({ 'grpc.max_receive_message_length': messageBytesMax });
  server.addService(streamsGrpc.StreamsService, streamsService(log, faults));
  server.addService(featuresGrpc.ServerFeaturesService, featuresService);
  server.addService(gossipGrpc.GossipService, gossipService);
  return server;
}

function bind(server: Server, port: number, certified: Certified | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentialsOf(certified), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}

function credentialsOf(certified: Certified | undefined): ServerCredentials {
  if (!certified) return ServerCredentials.createInsecure();
  const pair = { cert_chain: Buffer.from(certified.certPem), private_key: Buffer.from(certified.keyPem) };
  return ServerCredentials.createSsl(null, [pair]);
}
