import { randomUUID } from 'node:crypto';
import type { Engine } from '#event-store/contract-engine.contract.js';
import type { EventStore } from '#event-store/event-store.js';
import { KurrentDbCopyTarget } from '#event-store/kurrentdb/copy-target.js';
import { KurrentDbEventStore } from '#event-store/kurrentdb/kurrentdb-event-store.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { recordsOfEvents } from '#event-store/log-record.js';
import { restoreLog } from '#event-store/restoring.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { eventsUpTo } from './events-up-to.js';
import { ProtocolServer } from './eventstoredb-protocol/protocol-server.js';
import { eventStoreUrl } from './run.config.js';

/** The stores of several processes over one log of their own. */
export interface KurrentDbStores {
  readonly address: KurrentDbAddress;
  /** The server that they are on, where it is the protocol server. */
  readonly server: ProtocolServer | undefined;
  /** Another store over the same events. */
  open(deadlineMs?: number): Promise<KurrentDbEventStore>;
  /** Closes every store that is open. */
  closeStores(): Promise<void>;
  /** Closes every store and ends the server. */
  drop(): Promise<void>;
}

/** Makes an empty event store: on a protocol server of its own, or in a namespace of its own on the server given. */
export async function kurrentDbStores(): Promise<KurrentDbStores> {
  const server = eventStoreUrl === undefined ? await ProtocolServer.start() : undefined;
  const url = server?.url ?? eventStoreUrl ?? '';
  const address = { url, namespace: `test-${randomUUID()}.` };
  const stores: KurrentDbEventStore[] = [];
  const closeStores = async (): Promise<void> => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  };
  return {
    address,
    server,
    async open(deadlineMs) {
      const store = new KurrentDbEventStore({
        ...address,
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      });
      stores.push(store);
      return store;
    },
    closeStores,
    async drop() {
      await closeStores();
      await server?.close();
    },
  };
}

/** The engine under the contract of the event store; a restart restarts the protocol server too. */
export async function kurrentDbEngine(): Promise<Engine> {
  const stores = await kurrentDbStores();
  return {
    store: await stores.open(),
    reopen: async () => {
      await stores.closeStores();
      await stores.server?.restart();
      return stores.open();
    },
    close: () => stores.drop(),
  };
}

/** The stores over another log with the events of this one up to the checkpoint, as after a restore. */
export async function restoredKurrentDbStores(store: EventStore, upTo: Checkpoint): Promise<KurrentDbStores> {
  const stores = await kurrentDbStores();
  const target = new KurrentDbCopyTarget(stores.address);
  const events = () => recordsOfEvents(eventsUpTo(store, upTo));
  await restoreLog(events, target, (above) => Promise.resolve(above + 1)).finally(() => target.close());
  return stores;
}
