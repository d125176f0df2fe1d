import { describe } from '@jest/globals';
import { kurrentDbEngine } from '#testing/kurrentdb-store.js';
import { eventStoreContract } from '../event-store.contract.js';

describe('the event store on KurrentDB’s protocol', () => {
  eventStoreContract(kurrentDbEngine);
});
