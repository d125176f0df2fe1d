import { describe } from '@jest/globals';
import { ProtocolServer } from '#testing/eventstoredb-protocol/protocol-server.js';
import type { Engine } from '../contract-engine.contract.js';
import { eventStoreContract } from '../event-store.contract.js';
import { KurrentDbEventStore } from './kurrentdb-event-store.js';

async function open(): Promise<Engine> {
  const server = await ProtocolServer.start();
  const { url } = server;
  const stores = [new KurrentDbEventStore({ url })];
  const last = (): KurrentDbEventStore => stores.at(-1) ?? new KurrentDbEventStore({ url });
  return {
    store: last(),
    reopen: async () => {
      await last().close();
      await server.restart();
      stores.push(new KurrentDbEventStore({ url }));
      return last();
    },
    close: async () => {
      await last().close();
      await server.close();
    },
  };
}

describe('the event store on KurrentDB’s protocol', () => {
  eventStoreContract(open);
});
