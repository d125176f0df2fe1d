import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FundEvent } from '#domain/fund/fund.events.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { dateInZone } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { expectAlerts } from '#testing/alerts.js';
import { aSource, fundId, openLangSon, schoolPurpose, thingsSource, vnd } from '#testing/fund-stories.js';
import { DonationsTopic } from '#testing/ledger-messages.js';
import { streamOf } from '../fund-streams.js';
import { fundsIn, type Funds } from '../funds.js';
import { commandOf } from './donation-messages.js';
import { DonationsSubscription } from './donations.subscription.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const march = '2024-03-15T03:00:00.000Z';

let now: string;
let store: InMemoryEventStore;
let funds: Funds;
let subscription: DonationsSubscription;
let topic: DonationsTopic;

/** As a process that has just started: nothing in memory but the store. */
function restart(): void {
  funds = fundsIn(store);
  subscription = new DonationsSubscription(funds);
}

async function openFund(): Promise<void> {
  const context = { actor: 'system:test', commandId: uuid(900), correlationId: uuid(900) } as const;
  await funds.open(openLangSon(), context);
}

async function events(): Promise<readonly RecordedEvent<FundEvent>[]> {
  const all: RecordedEvent<FundEvent>[] = [];
  for await (const page of store.read(streamOf(fundId)))
    all.push(...(page as readonly RecordedEvent<FundEvent>[]));
  return all;
}

const entryIds = async (): Promise<readonly string[]> =>
  (await events()).flatMap(({ data }) => ('entryId' in data ? [data.entryId] : []));

beforeEach(async () => {
  now = march;
  store = new InMemoryEventStore({ now: () => new Date(now) });
  topic = new DonationsTopic();
  restart();
  await openFund();
});

describe('what the donations service tells', () => {
  expectAlerts(
    /^\[parked\] .*"why":"failed","group":"ledger".*"reason":"ZodError: /,
    /^\[parked\] .*"why":"failed","group":"ledger".*"reason":"InvariantViolation: PostDonation for a fund that is not open"/,
  );

  it('is posted with its source, its cause and the service as actor', async () => {
    const source = aSource(uuid(1), {
      donor: {
        kind: 'named',
        class: 'business',
        inProvince: true,
        subjectId: uuid(2),
        identityRecordId: uuid(3),
        organisation: 'Công ty Hoa Đào',
      },
    });
    const message = topic.recorded(source, march);
    await subscription.on([message]);
    const posted = (await events()).at(-1);
    expect(posted).toMatchObject({
      type: 'DonationPosted',
      actor: 'service:ledger',
      correlationId: message.correlationId,
      cause: { kind: 'message', topic: message.topic, position: message.position },
    });
    expect(posted?.data).toHaveProperty('source', source);
  });

  it('is ignored where it is no concern of the books', async () => {
    await subscription.on([topic.other('PledgeMade.v1', uuid(5), march, { anything: true })]);
    await subscription.on([]);
    expect(await entryIds()).toEqual([]);
  });

  it('is posted once, in order, whatever is redelivered and however often the process starts anew', async () => {
    const told = [
      topic.recorded(aSource(uuid(1)), march),
      topic.recorded(thingsSource(uuid(2)), march),
      topic.recorded(aSource(uuid(3), { purpose: uuid(77) }), march),
      topic.refundApproved(
        uuid(11),
        aSource(uuid(1)),
        { amount: vnd(200_000), left: vnd(300_000), effectiveOn: '2024-03-15' },
        march,
      ),
      topic.voidApproved(uuid(12), aSource(uuid(1)), vnd(300_000), '2024-03-15', march),
      topic.recorded(aSource(uuid(4)), march),
    ];
    const once = [1, 2, 3].map((n) => `donation.${uuid(n)}`);
    once.push(`refund.${uuid(11)}`, `void.${uuid(12)}`, `donation.${uuid(4)}`);
    // Each delivery begins anywhere at or before the first message never delivered, as after a lost commit.
    const delivery = fc.record({
      back: fc.nat(6),
      count: fc.integer({ min: 1, max: 6 }),
      anew: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { maxLength: 12 }), async (deliveries) => {
        store = new InMemoryEventStore({ now: () => new Date(now) });
        restart();
        await openFund();
        let reached = 0;
        for (const { back, count, anew } of [...deliveries, { back: 6, count: 6, anew: true }]) {
          if (anew) restart();
          const from = Math.max(0, reached - back);
          await subscription.on(told.slice(from, from + count));
          reached = Math.max(reached, Math.min(told.length, from + count));
        }
        expect(await entryIds()).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });

  it('of banks and matches is posted as people say, a donation that an item was with that donation alone', async () => {
    const item = {
      ...{ bankItemId: uuid(21), fundId, account: 'bank.vcb1', kind: 'unexplained', amount: vnd(9_000) },
      ...{ bookedOn: '2024-03-15', statementId: uuid(20), line: 3 },
    };
    const fee = { ...item, bankItemId: uuid(22), kind: 'debit', amount: vnd(-1_000) };
    const openingEntry = { amount: vnd(50_000), effectiveOn: '2024-03-01' };
    const classified = (of: object, classification: object, n: number) => ({
      ...{ fundId, classificationId: uuid(n), item: of, classification },
    });
    const explained = aSource(uuid(1), { bankItemId: uuid(21), amount: vnd(9_000) });
    const asFee = classified(fee, { as: 'bank-fee', purpose: 'unrestricted' }, 31);
    const match = {
      ...{ fundId, matchId: uuid(41), left: vnd(9_000), effectiveOn: '2024-03-15', was: explained },
      source: { ...explained, purpose: schoolPurpose },
    };
    const tell = (type: string, subject: string, data: object) => topic.other(type, subject, march, data);
    await subscription.on([
      tell('StatementConfirmed.v1', uuid(20), {
        ...{ fundId, statementId: uuid(20), account: 'bank.vcb1', openingEntry },
      }),
      tell('BankItemRecorded.v1', uuid(21), { fundId, item }),
      tell('BankItemRecorded.v1', uuid(22), { fundId, item: fee }),
      tell('BankItemClassified.v1', uuid(21), classified(item, { as: 'donation' }, 30)),
      topic.recorded(explained, march),
      tell('BankItemClassified.v1', uuid(22), asFee),
      tell('ClassificationUndone.v1', uuid(22), asFee),
      tell('DonationMatched.v1', uuid(1), match),
    ]);
    expect(await entryIds()).toEqual([
      `opening.${uuid(20)}`,
      `bank-item.${uuid(21)}`,
      `bank-item.${uuid(22)}`,
      `donation.${uuid(1)}`,
      `classification.${uuid(31)}`,
      `classification-undone.${uuid(31)}`,
      `match.${uuid(41)}`,
    ]);
  });

  it('of an unopened fund waits, and is posted in order once the fund is there', async () => {
    store = new InMemoryEventStore({ now: () => new Date(now) });
    restart();
    await subscription.on([topic.recorded(aSource(uuid(1)), march), topic.recorded(aSource(uuid(2)), march)]);
    expect((await events()).map(({ type }) => type)).toEqual(['MessageParked', 'MessageParked']);
    await openFund();
    expect(await funds.replayParked(streamOf(fundId), commandOf)).toMatchObject({ replayed: 2 });
    expect(await entryIds()).toEqual([`donation.${uuid(1)}`, `donation.${uuid(2)}`]);
  });

  it('holds up no other donation where one message breaks its contract', async () => {
    const broken = topic.recorded(aSource(uuid(1)), march);
    const bad = { ...broken, data: { fundId, source: { donationId: uuid(1) } } };
    const behind = topic.refundApproved(
      uuid(11),
      aSource(uuid(1)),
      { amount: vnd(500_000), left: vnd(0), effectiveOn: '2024-03-15' },
      march,
    );
    await subscription.on([bad, behind, topic.recorded(aSource(uuid(2)), march)]);
    expect((await events()).slice(-3).map(({ type }) => type)).toEqual([
      'MessageParked',
      'MessageParked',
      'DonationPosted',
    ]);
  });

  it('takes the money of a diverted donation back out of suspense', async () => {
    const source = aSource(uuid(1), { purpose: uuid(77) });
    const campaign = {
      campaignId: uuid(77),
      fundId,
      purpose: uuid(77),
      code: 'TET',
      name: { vi: 'Tết', en: 'New Year' },
      opensOn: '2024-01-01',
      closesOn: '2024-12-31',
    };
    await subscription.on([
      topic.recorded(source, march),
      topic.other('CampaignOpened.v1', uuid(77), march, campaign),
      topic.recorded(aSource(uuid(2), { purpose: uuid(77) }), march),
      topic.refundApproved(
        uuid(11),
        source,
        { amount: vnd(500_000), left: vnd(0), effectiveOn: '2024-03-15' },
        march,
      ),
    ]);
    const posted = (await events()).filter(({ data }) => 'postings' in data).map(({ data }) => data);
    expect(posted).toMatchObject([
      { postedPurpose: 'suspense', diverted: 'purpose-unknown' },
      { postedPurpose: uuid(77) },
      { entryId: `refund.${uuid(11)}`, postings: [{ purpose: 'suspense' }, { purpose: 'suspense' }] },
    ]);
  });
});

describe('a refund across New Year', () => {
  it('counts on the day it was agreed on and belongs to the year in which its entry was recorded', async () => {
    const source = aSource(uuid(1), { purpose: schoolPurpose });
    await subscription.on([topic.recorded(source, march)]);
    const lastSecond = '2024-12-31T16:59:59.000Z'; // 23:59:59 in the fund's zone
    const terms = { amount: vnd(200_000), left: vnd(300_000), effectiveOn: '2024-12-31' };
    const refund = topic.refundApproved(uuid(11), source, terms, lastSecond);
    now = '2024-12-31T17:00:01.000Z';
    await subscription.on([refund]);
    const posted = (await events()).at(-1);
    expect(posted).toMatchObject({ type: 'RefundPosted', data: { effectiveOn: '2024-12-31' } });
    expect(dateInZone(posted?.recordedAt ?? '').slice(0, 4)).toBe('2025');
  });
});
