import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type Provider, type Type } from '@nestjs/common';
import { DonationsSubscription } from '#apps/ledger/src/in/donations.subscription.js';
import { ledgerService } from '#apps/ledger/src/ledger.module.js';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import type { Service } from '#platform/service.js';
import { eventually } from '#testing/eventually.js';
import { entered, receipted, record, refusal, walkMs, type Recorded } from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork } from './fund-at-work.js';

const metadata = (name: string): unknown => Reflect.getMetadata(name, ledgerService.module);

/** The ledger without the one who takes donations in: in this process nobody posts. */
@Module({
  controllers: (metadata('controllers') as Type[]).filter((one) => one !== DonationsSubscription),
  providers: metadata('providers') as Provider[],
})
class LedgerThatPostsNothing {}

const postingNothing: readonly Service[] = services.map((service) =>
  service === ledgerService ? { ...service, module: LedgerThatPostsNothing } : service,
);

const postingLagMsMax = 60_000;
const anonymous = { donor: { kind: 'anonymous' } };

describe('a ledger that does not keep up with what is recorded', () => {
  let work: FundAtWork;
  const acknowledged: Recorded[] = [];

  beforeAll(async () => {
    work = await FundAtWork.open({ services: postingNothing, postingLagMsMax });
  });
  afterAll(() => work.close());

  const give = async (key: string): Promise<void> => {
    acknowledged.push(await record(work, anonymous, { key }));
  };
  const secondsPass = (seconds: number): Promise<void> =>
    work.clock.moveTo(new Date(work.clock.now().getTime() + seconds * 1_000).toISOString());
  /** What was measured counts for a second, so that a few may still come in. */
  const refused = (): Promise<void> =>
    eventually(
      () => expect(give(`early ${String(acknowledged.length)}`)).rejects.toEqual(refusal(503, 'http/behind')),
      walkMs,
    );

  it('keeps nobody out until a donation has waited for longer than it may', async () => {
    await give('line 1');
    await secondsPass(50);
    await give('line 2');
  });

  it('keeps further donations out from then on', async () => {
    await secondsPass(20);
    await refused();
    await expect(give('line 3')).rejects.toEqual(refusal(503, 'http/behind'));
  });

  it('tells those who watch since when the oldest donation has no receipt', async () => {
    await eventually(async () => {
      const metrics = await (await fetch(`${work.url}/metrics`)).text();
      const [, seconds = '0'] =
        /^mangnon_oldest_donation_without_receipt_seconds\{[^}]*\} (\S+)$/m.exec(metrics) ?? [];
      expect(Number.parseFloat(seconds)).toBeGreaterThanOrEqual(70);
    }, walkMs);
  });

  it('answers again for what is recorded already, and everything else goes on', async () => {
    expect(await record(work, anonymous, { key: 'line 1' })).toEqual(acknowledged[0]);
    const path = `/v1/donations?fundId=${work.fundId}`;
    expect(await everyItem(work.people.accountant.api, path)).toHaveLength(acknowledged.length);
    await work.people.accountant.api.post('/v1/donors', {
      fundId: work.fundId,
      ...{ class: 'individual', inProvince: true, name: 'Lò Văn Mẫu (giả định)', address: 'Bản Mẫu' },
    });
  });

  it('takes donations again once another process has posted what waited, and has lost nothing', async () => {
    const beside = await work.beside(services);
    await eventually(() => give('line 3'), walkMs);
    for (const { donationId } of acknowledged) await entered(work, donationId, 1);
    for (const { donationId } of acknowledged) await receipted(work, donationId, { status: 'in-force' });
    await beside.stop();
    await replayed(work);
  });
});
