import { DonationsSubscription } from '#apps/receipts/src/in/donations.subscription.js';
import { LedgerSubscription } from '#apps/receipts/src/in/ledger.subscription.js';
import { receiptsService } from '#apps/receipts/src/receipts.module.js';
import { donationsTopic } from '#contracts/donations.v1.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Caller, Role } from '#kernel/roles.js';
import { echo, ServiceUnderTest, startService, type Answer, type World } from './service-under-test.js';

const ledger = { source: echo(ledgerTopic, 'fund-'), subscription: LedgerSubscription };
const donations = { source: echo(donationsTopic, 'donor-'), subscription: DonationsSubscription };

/** The receipts service, mailing as the environment says, and listening to a ledger and donations that say what a test says. */
export class ReceiptsUnderTest extends ServiceUnderTest {
  /** Starts it over a world. */
  static async open(world: World): Promise<ReceiptsUnderTest> {
    const underTest = { service: receiptsService, others: [ledger, donations] };
    return new ReceiptsUnderTest(await startService(underTest, world));
  }

  /** What the ledger says of a fund. */
  say(type: string, data: { readonly fundId: string }): Promise<RecordedEvent> {
    return this.record(`fund-${data.fundId}`, type, data);
  }

  /** What the donations service says of a donor. */
  async sayOfDonor(type: string, data: { readonly fundId: string; readonly donorId: string }): Promise<void> {
    await this.record(`donor-${data.donorId}`, type, data);
  }

  /** Sends a request as somebody who holds these roles on the fund. */
  send(
    method: string,
    path: string,
    { fundId, roles }: { readonly fundId: string; readonly roles: readonly Role[] },
    body?: object,
    key?: string,
  ): Promise<Answer> {
    const as: Caller = {
      staffId: '33333333-3333-4333-8333-333333333333',
      secondFactor: true,
      grants: roles.map((role) => ({ role, fundId })),
    };
    return this.request(method, path, { as, body, ...(key !== undefined && { key }) });
  }

  /** The ledger's messages of a fund come again. */
  again(fundId: string): Promise<void> {
    return this.retell(ledger, `fund-${fundId}`);
  }
}
