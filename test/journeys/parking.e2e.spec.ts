import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type Provider, type Type } from '@nestjs/common';
import { fundsIn, FUNDS, type Funds } from '#apps/ledger/src/funds.js';
import { ledgerService } from '#apps/ledger/src/ledger.module.js';
import type { PurposeView } from '#apps/ledger/src/in/funds.http.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { fund } from '#domain/fund/fund.decide.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Replay } from '#event-store/handle-parked.js';
import { handle } from '#event-store/handle.js';
import type { HeldByGroup } from '#platform/transport/consumer-desk.js';
import type { ParkedRow } from '#platform/operations/parked.projection.js';
import type { Service } from '#platform/service.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';
import { expectAlerts } from '#testing/alerts.js';
import { eventually } from '#testing/eventually.js';
import {
  approve,
  askToUndo,
  entered,
  entriesOf,
  receipted,
  receiptsOf,
  record,
  refusal,
  stands,
  walkMs,
} from './asking.js';
import { mangnonAs } from './at-the-terminal.js';
import { replayed } from './auditing.js';
import { FundAtWork, vnd, type Colleague } from './fund-at-work.js';

/** The ledger fails on this amount, and cannot fold a fund that has closed a purpose. */
const bewitched = 666_000;
const brokenFund: typeof fund = {
  ...fund,
  decide(state, command) {
    if (command.type === 'PostDonation' && command.source.amount?.amount === String(bewitched))
      throw new TypeError('a bug of ours');
    return fund.decide(state, command);
  },
  evolve(state, event) {
    if (event.type === 'PurposeClosed') throw new TypeError('another bug of ours');
    return fund.evolve(state, event);
  },
};
const brokenFunds: Provider = {
  provide: FUNDS,
  inject: [EVENT_STORE],
  useFactory: (store: EventStore): Funds => ({
    ...fundsIn(store),
    ...handle(store, brokenFund, handlingAs('ledger')),
  }),
};

/** Those of the ledger's module, the broken one last, which wins. */
@Module({
  controllers: Reflect.getMetadata('controllers', ledgerService.module) as Type[],
  providers: [...(Reflect.getMetadata('providers', ledgerService.module) as Provider[]), brokenFunds],
})
class BrokenLedgerModule {}

const withBugs: readonly Service[] = services.map((service) =>
  service === ledgerService ? { ...service, module: BrokenLedgerModule } : service,
);

let work: FundAtWork;
const admin = () => work.people.administrator.api;
const anonymous = { donor: { kind: 'anonymous' } };

/** What is not posted for longer than this keeps everybody out, unless it is parked or held. */
const postingLagMsMax = 60_000;

async function hoursPass(hours: number): Promise<void> {
  await work.clock.moveTo(new Date(work.clock.now().getTime() + hours * 3_600_000).toISOString());
}

async function redeploy(version: readonly Service[]): Promise<void> {
  await work.stop();
  await work.start(version);
}

/** What is parked, by donation, in the order parked. */
async function parked(subject?: string): Promise<readonly ParkedRow[]> {
  const { items } = await admin().get<{ readonly items: readonly ParkedRow[] }>('/v1/admin/parked');
  return items.filter((item) => subject === undefined || item.subject === subject);
}

async function parkedTypes(subject: string, types: readonly string[]): Promise<readonly ParkedRow[]> {
  return eventually(async () => {
    const rows = await parked(subject);
    expect(rows.map(({ type }) => type)).toEqual(types);
    return rows;
  }, walkMs);
}

const replay = (subject: string): Promise<Replay> =>
  admin().post('/v1/admin/parked/replays', { stream: `fund-${work.fundId}`, subject });

describe('a subject behind a poisoned message', () => {
  let poisoned: string;
  let refunded: string;
  let alsoPoisoned: string;
  let refundId: string;
  let lateRefundId: string;
  expectAlerts(
    /^\[parked\] .*"why":"failed","group":"ledger".*"reason":"TypeError: a bug of ours"/,
    /^\[parked\] .*"why":"again","group":"ledger".*"reason":"TypeError: a bug of ours"/,
  );

  beforeAll(async () => {
    work = await FundAtWork.open({ services: withBugs, postingLagMsMax });
  });
  afterAll(() => work.close());

  it('is parked, and operators see which and why', async () => {
    poisoned = (await record(work, { ...anonymous, amount: vnd(bewitched) })).donationId;
    const [row] = await parkedTypes(poisoned, ['DonationRecorded.v1']);
    expect(row).toMatchObject({
      stream: `fund-${work.fundId}`,
      topic: 'mangnon.donations.v1',
      reason: 'TypeError: a bug of ours',
    });
    expect(await entriesOf(work, poisoned)).toEqual([]);
  });

  it('holds up nobody else, however long it stays', async () => {
    await hoursPass(1);
    const { donationId } = await record(work, anonymous);
    await receipted(work, donationId, { number: 'LS-2025-000001' });
  });

  it('has its further messages parked behind it, which would do no harm by themselves', async () => {
    refunded = (await record(work, { ...anonymous, amount: vnd(bewitched) })).donationId;
    refundId = await askToUndo(work, refunded, 'refunds', { amount: vnd(66_000) });
    await approve(work, refunded, `refunds/${refundId}`);
    await parkedTypes(refunded, ['DonationRecorded.v1', 'RefundApproved.v1']);
    await stands(work, refunded, { pending: { id: refundId, step: 'approved' } });
  });

  it('stays parked while the bug is there, whoever replays it', async () => {
    const [{ message_id: messageId } = { message_id: '' }] = await parked(poisoned);
    const told = { type: 'DonationRecorded.v1', subject: poisoned, reason: 'TypeError: a bug of ours' };
    expect(await replay(poisoned)).toEqual({ replayed: 0, failed: [{ messageId, ...told }], waiting: 1 });
    expect(await parked(poisoned)).toHaveLength(1);
  });

  it('is told of at the command line with what it fails on, and in the metrics', async () => {
    const { exit, err, out } = await mangnonAs(work, 'parked', 'replay', `fund-${work.fundId}`);
    expect(exit).toBe(4);
    const failing = (subject: string) => `${subject}\tDonationRecorded.v1\tTypeError: a bug of ours\n`;
    expect(out).toBe(`0 messages went through.\n${failing(poisoned)}${failing(refunded)}`);
    expect(err).toContain('3 messages stay parked');
    const metrics = await (await fetch(`${work.url}/metrics`)).text();
    expect(metrics).toMatch(
      /mangnon_messages_parked_total\{group="ledger",topic="mangnon.donations.v1",why="failed"\} [1-9]/,
    );
    expect(metrics).toContain('mangnon_parked_messages{service="ledger"} 3\n');
    expect(metrics).toContain('mangnon_parked_messages{service="receipts"} 0\n');
  });

  it('is told of in the status, which ends with 1, as a donation that waits for its receipt', async () => {
    await hoursPass(1);
    const { exit, out } = await mangnonAs(work, 'status', '--server');
    expect(out).toMatch(/^Parked messages: 3 \(ledger 3\)$/m);
    expect(out).toMatch(/^The donation that waits longest for its receipt: 3\d\d\d s$/m);
    expect(out).toMatch(/^ {2}ledger <- mangnon\.donations\.v1 +0\.0 s$/m);
    expect(exit).toBe(1);
  });

  it('goes through once the bug is mended, in its order, and no other subject with it', async () => {
    alsoPoisoned = (await record(work, { ...anonymous, amount: vnd(bewitched) })).donationId;
    lateRefundId = await askToUndo(work, alsoPoisoned, 'refunds', { amount: vnd(600_000) });
    await parkedTypes(alsoPoisoned, ['DonationRecorded.v1']);
    await redeploy(services);
    expect(await parked()).toHaveLength(4);
    expect(await replay(refunded)).toEqual({ replayed: 2, failed: [], waiting: 0 });
    await stands(work, refunded, { left: vnd(600_000), settled: [{ id: refundId, outcome: 'completed' }] });
    expect((await entered(work, refunded, 2)).map(({ kind }) => kind)).toEqual(['donation', 'refund']);
    await parkedTypes(refunded, []);
    expect(await parked()).toHaveLength(2);
  });

  it('goes through while a new message of it arrives', async () => {
    await Promise.all([approve(work, alsoPoisoned, `refunds/${lateRefundId}`), replay(alsoPoisoned)]);
    await stands(work, alsoPoisoned, { left: vnd(66_000), settled: [{ id: lateRefundId }] });
    expect((await entered(work, alsoPoisoned, 2)).map(({ kind }) => kind)).toEqual(['donation', 'refund']);
    await parkedTypes(alsoPoisoned, []);
  });

  it('ends as if nothing had happened: posted once, numbered once, without a gap', async () => {
    expect(await replay(poisoned)).toMatchObject({ replayed: 1, failed: [] });
    expect(await replay(poisoned)).toEqual({ replayed: 0, failed: [], waiting: 0 });
    await receipted(work, poisoned, { status: 'in-force' });
    const next = await record(work, anonymous);
    await receipted(work, next.donationId, { status: 'in-force' });
    const donations = [refunded, alsoPoisoned, poisoned, next.donationId];
    const receipts = await Promise.all(donations.map((donationId) => receiptsOf(work, donationId)));
    expect(receipts.flat().map(({ number }) => number)).toEqual(
      ['02', '03', '04', '05', '06', '07'].map((ordinal) => `LS-2025-0000${ordinal}`),
    );
    expect(await parked()).toEqual([]);
    await replayed(work);
  });
});

describe('a fund whose stream cannot be folded', () => {
  let broken: string;
  let colleague: Colleague;
  const donations: string[] = [];
  expectAlerts(/^\[Server\] ledger <- mangnon\.donations\.v1: key \S+ is held, KeyUnusable: /);

  beforeAll(async () => {
    work = await FundAtWork.open({ postingLagMsMax });
    const opened = await admin().post<{ readonly fundId: string }>('/v1/funds', {
      code: 'CB',
      level: 'province',
      name: { vi: 'Quỹ khác (giả định)', en: 'Another fund (made up)' },
      decision: { number: '02/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2024-01-01',
    });
    broken = opened.fundId;
    colleague = await work.join('thu.quy.khac', ['accountant'], broken);
    const { api } = colleague.person;
    const { purpose } = await api.post<PurposeView>(`/v1/funds/${broken}/purposes`, {
      code: 'TIM',
      name: { vi: 'Mổ tim (giả định)', en: 'Heart surgery (made up)' },
    });
    await api.post(`/v1/funds/${broken}/purposes/${purpose}/close`);
    await redeploy(withBugs);
  });
  afterAll(() => work.close());

  const held = async (): Promise<readonly HeldByGroup[]> =>
    (await admin().get<{ readonly items: readonly HeldByGroup[] }>('/v1/admin/held')).items;
  const release = (): Promise<{ readonly released: number }> =>
    admin().post('/v1/admin/held/releases', { group: 'ledger', key: broken });
  const give = async (): Promise<void> => {
    const given = { ...anonymous, fundId: broken };
    donations.push((await record(work, given, { by: colleague.person })).donationId);
  };

  it('is held, and other funds go on', async () => {
    await give();
    await eventually(async () => {
      expect(await held()).toMatchObject([{ group: 'ledger', key: broken, topic: 'mangnon.donations.v1' }]);
    }, walkMs);
    await give();
    await hoursPass(1);
    const other = await record(work, anonymous);
    await receipted(work, other.donationId, { number: 'LS-2025-000001' });
    await give();
    expect(await held()).toHaveLength(1);
  });

  it('stays held while it cannot be folded', async () => {
    await expect(release()).rejects.toEqual(refusal(409, 'operations/stream-unusable'));
    await eventually(async () => {
      expect(await held()).toMatchObject([{ key: broken, messages: 3 }]);
    }, walkMs);
  });

  it('is told of at the command line, which ends with another code than success', async () => {
    const { exit, err } = await mangnonAs(work, 'held', 'release', 'ledger', broken);
    expect(exit).toBe(4);
    expect(err).toMatch(
      /^The stream of this key still cannot be used.*\(operations\/stream-unusable\)\n {2}released: 0\n {2}waiting: 3\n$/,
    );
    expect(err).not.toMatch(/TypeError|KeyUnusable|bug of ours/);
  });

  it('is fed back in order once it can, and goes on by itself', async () => {
    await redeploy(services);
    await give();
    await eventually(async () => {
      expect(await held()).toMatchObject([{ key: broken, messages: 4 }]);
    }, walkMs);
    expect(await release()).toEqual({ released: 4 });
    await eventually(async () => expect(await held()).toEqual([]), walkMs);
    await give();
    await eventually(async () => {
      const path = `/v1/receipts?fund=${broken}`;
      const { items } = await colleague.person.api.get<{ items: { number: string; donationId: string }[] }>(
        path,
      );
      expect(items.toReversed()).toMatchObject(
        donations.map((donationId, index) => ({ donationId, number: `CB-2025-00000${String(index + 1)}` })),
      );
    }, walkMs);
    await replayed(work);
  });
});
