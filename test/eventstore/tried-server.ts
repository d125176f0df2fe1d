import { EventStoreDBClient } from '@eventstore/db-client';
import { ProtocolServer } from '#testing/eventstoredb-protocol/protocol-server.js';
import { eventStoreUrl } from '#testing/run.config.js';

/** The server that is tried, through the real client. */
export interface TriedServer {
  readonly client: EventStoreDBClient;
  /** Undefined where it is a real one, by `EVENTSTORE_URL`. */
  readonly server: ProtocolServer | undefined;
  /** Lets go of the client, and ends a server that was started here. */
  close(): Promise<void>;
}

/** Connects to the server given, or to a protocol server of its own, and awaits a first append: a cold client's lands last. */
export async function tryServer(): Promise<TriedServer> {
  const server = eventStoreUrl === undefined ? await ProtocolServer.start() : undefined;
  const client = EventStoreDBClient.connectionString(eventStoreUrl ?? server?.url ?? '');
  await client.appendToStream('warm', [], { expectedRevision: 'any' });
  return {
    client,
    server,
    async close() {
      await client.dispose();
      await server?.close();
    },
  };
}
