import { donationsService } from '#apps/donations/src/donations.module.js';
import { LedgerSubscription } from '#apps/donations/src/in/ledger.subscription.js';
import { ReceiptsSubscription } from '#apps/donations/src/in/receipts.subscription.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import type { Cause, RecordedEvent } from '#kernel/domain-event.js';
import type { Caller, GrantInForce } from '#kernel/roles.js';
import {
  echo,
  newWorld,
  ServiceUnderTest,
  startService,
  type Answer,
  type Sending,
} from './service-under-test.js';

const ledger = { source: echo(ledgerTopic, 'fund-'), subscription: LedgerSubscription };
const receipts = { source: echo(receiptsTopic, 'receipt-'), subscription: ReceiptsSubscription };

/** The donations service, listening to a ledger and receipts that say what a test says. */
export class DonationsUnderTest extends ServiceUnderTest {
  readonly store = this.world.store;
  readonly vault = this.world.vault;

  /** Sets the clock of everything. */
  setClock(instant: string): void {
    this.world.clock.set(instant);
  }

  /** POSTs as a person. */
  post(path: string, sending: Sending): Promise<Answer> {
    return this.request('POST', path, sending);
  }

  /** GETs as a person. */
  get(path: string, as: Caller): Promise<Answer> {
    return this.request('GET', path, { as });
  }

  /** What another service says of a fund. */
  say(by: 'ledger' | 'receipts', type: string, data: object, cause?: Cause): Promise<RecordedEvent> {
    const { fundId } = data as { readonly fundId: string };
    return this.record(`${by === 'ledger' ? 'fund' : 'receipt'}-${fundId}`, type, data, cause);
  }

  /** The ledger says that a province's fund was opened, in the zone of Vietnam. */
  async fundOpened(fundId: string): Promise<void> {
    await this.say('ledger', 'FundOpened.v1', {
      ...{ fundId, code: 'LS', level: 'province', zone: 'Asia/Ho_Chi_Minh', currency: 'VND' },
      name: { vi: 'Quỹ thí dụ', en: 'Example fund' },
      decision: { number: '1', date: '2023-12-20', issuer: 'UBND' },
      openedOn: '2024-01-01',
    });
  }

  /** Tells the service again all that the ledger has ever said of a fund. */
  again(_by: 'ledger', fundId: string): Promise<void> {
    return this.retell(ledger, `fund-${fundId}`);
  }
}

/** Opens it at an instant; nothing is recorded yet. */
export async function openDonations(at: string): Promise<DonationsUnderTest> {
  const underTest = { service: donationsService, others: [ledger, receipts] };
  return new DonationsUnderTest(await startService(underTest, newWorld(at)));
}

/** A staff member with grants, second factor given. */
export function staff(staffId: string, ...grants: readonly GrantInForce[]): Caller {
  return { staffId, grants, secondFactor: true };
}
