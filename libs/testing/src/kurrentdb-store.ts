import type { EventStore } from '#event-store/event-store.js';
import { importEvents } from '#event-store/kurrentdb/importing.js';
import { KurrentDbEventStore } from '#event-store/kurrentdb/kurrentdb-event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { eventsUpTo } from './events-up-to.js';
import { ProtocolServer } from './eventstoredb-protocol/protocol-server.js';

/** The stores of several processes over one protocol server of their own. */
export interface KurrentDbStores {
  readonly server: ProtocolServer;
  /** Another store over the same events. */
  open(): Promise<KurrentDbEventStore>;
  /** Closes every store that is open. */
  closeStores(): Promise<void>;
  /** Closes every store and ends the server. */
  drop(): Promise<void>;
}

/** Makes an empty event store on a protocol server of its own. */
export async function kurrentDbStores(): Promise<KurrentDbStores> {
  const server = await ProtocolServer.start();
  const stores: KurrentDbEventStore[] = [];
  const closeStores = async (): Promise<void> => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  };
  return {
    server,
    async open() {
      const store = new KurrentDbEventStore({ url: server.url });
      stores.push(store);
      return store;
    },
    closeStores,
    async drop() {
      await closeStores();
      await server.close();
    },
  };
}

/** The stores over another server with the events of this one up to the checkpoint, as after a restore. */
export async function restoredKurrentDbStores(store: EventStore, upTo: Checkpoint): Promise<KurrentDbStores> {
  const stores = await kurrentDbStores();
  await importEvents(stores.server.url, eventsUpTo(store, upTo));
  return stores;
}
