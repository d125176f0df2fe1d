import { describe, expect, it } from '@jest/globals';
import type { FundEvent } from '#domain/fund/fund.events.js';
import { evolve, fundStateVersion, noFund, type FundState } from '#domain/fund/fund.state.js';
import { stateCodec, type Snapshot } from '#event-store/snapshots.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { emptyInbox, evolveInbox, recordOfInbox } from '#kernel/inbox.js';
import { aWalk } from '#testing/walk-log.js';
import { allChecks } from './all-checks.js';
import { SnapshotsCheck } from './snapshots.js';
import { TwoPersonsCheck } from './two-persons.js';

function checked(events: readonly RecordedEvent[]) {
  const checks = allChecks();
  for (const event of events) for (const check of checks) check.take(event);
  for (const check of checks) check.end();
  return checks;
}

/** Rules that do not hold, with their first finding. */
function broken(events: readonly RecordedEvent[]): Record<string, string | undefined> {
  const found = checked(events).filter((check) => check.broken > 0);
  return Object.fromEntries(found.map(({ id, findings }) => [id, findings[0]?.what.en]));
}

const walk = () => aWalk().events;

/** The walk with the n-th event of a type changed. */
function changed(type: string, change: (data: never) => object, nth = 0): RecordedEvent[] {
  const events = walk();
  const wanted = events.filter((event) => event.type === type)[nth]!;
  return events.map((event) => (event === wanted ? { ...event, data: change(event.data as never) } : event));
}

/** The walk without the n-th event of a type, closed up so that only what it meant is missing. */
function without(type: string, nth = 0): RecordedEvent[] {
  const events = walk();
  const gone = events.filter((event) => event.type === type)[nth]!;
  return events
    .filter((event) => event !== gone)
    .map((event) =>
      event.stream === gone.stream && event.revision > gone.revision
        ? { ...event, revision: event.revision - 1 }
        : event,
    );
}

const swapped = (events: RecordedEvent[], a: number, b: number): RecordedEvent[] =>
  events.with(a, events[b]!).with(b, events[a]!);
const vnd = (amount: string) => ({ amount, currency: 'VND' });
type Posted = { postings: { amount: { amount: string } }[]; entryNumber: number };

describe('the rules of a log', () => {
  it('hold for a walk, and each has looked at something', () => {
    expect(broken(walk())).toEqual({});
    expect(checked(walk()).filter(({ counted }) => counted === 0)).toEqual([]);
  });

  it('hold for a log that has only begun', () => {
    expect(broken(walk().slice(0, 6))).toEqual({});
    expect(broken([])).toEqual({});
  });

  it.each<[string, () => RecordedEvent[], string]>([
    ['order', () => swapped(walk(), 4, 5), 'does not come after position 1.6'],
    ['order', () => walk().filter(({ type }) => type !== 'RefundRequested'), 'revision 2 instead of 1'],
    [
      'order',
      () =>
        walk().map((event, at) => (at === 5 ? { ...event, recordedAt: '2020-01-01T00:00:00.000Z' } : event)),
      'was recorded before position 1.5',
    ],
    [
      'order',
      () =>
        walk().map((event, _, all) => (event.type === 'RefundPosted' ? { ...event, id: all[0]!.id } : event)),
      'stands twice',
    ],
    ['folds', () => without('FundOpened'), 'OpeningBalancesPosted in a fund that is not open'],
    [
      'folds',
      () =>
        walk().map((event) => (event.type === 'RefundPosted' ? { ...event, type: 'RefundImagined' } : event)),
      'type RefundImagined is not known',
    ],
    [
      'folds',
      () => walk().map((event) => ({ ...event, stream: event.stream.replace('donation-', 'basket-') })),
      'a stream of no known kind',
    ],
    [
      'zero-sum',
      () => changed('DonationPosted', (data: Posted) => ({ ...data, postings: data.postings.slice(0, 1) })),
      'is off by 500000',
    ],
    [
      'entry-numbers',
      () => changed('RefundPosted', (data: Posted) => ({ ...data, entryNumber: 7 })),
      'entry number 7 instead of 4',
    ],
    [
      'entry-numbers',
      () => changed('DonationPosted', (data: Posted) => ({ ...data, entryId: 'opening' })),
      'entry opening stands twice',
    ],
    [
      'never-below-zero',
      () =>
        changed('RefundPosted', (data: Posted) => ({
          ...data,
          postings: data.postings.map((line, at) => ({
            ...line,
            amount: vnd(at === 0 ? '-9000000' : '9000000'),
          })),
        })),
      'stands at -7200000',
    ],
    [
      'conservation',
      () =>
        changed('DonationPosted', (data: Posted) => ({
          ...data,
          postings: data.postings.map((line, at) => ({
            ...line,
            amount: vnd(at === 0 ? '400000' : '-400000'),
          })),
        })),
      '1800000 came, 200000 went, 1500000 are held',
    ],
    [
      'refunds',
      () => changed('RefundPosted', (data: object) => ({ ...data, amount: vnd('600000') })),
      '100000 too much refunded',
    ],
    [
      'refunds',
      () => changed('RefundPosted', (data: object) => ({ ...data, full: true })),
      '300000 left, full is true',
    ],
    [
      'refunds',
      () =>
        changed('RefundPosted', (data: object) => ({ ...data, amount: { amount: '2', currency: 'USD' } })),
      'refunded in USD',
    ],
    ['refunds', () => without('DonationPosted'), 'was never posted'],
    [
      'two-persons',
      () => changed('RefundApproved', (data: object) => ({ ...data, approvedBy: 'lan' })),
      'was approved by who asked for it',
    ],
    [
      'two-persons',
      () =>
        walk().map((event) => (event.type === 'RefundApproved' ? { ...event, actor: 'staff:lan' } : event)),
      'was approved by who asked for it',
    ],
    ['two-persons', () => without('RefundRequested'), 'was approved and never asked for'],
    ['posted-once', () => without('DonationPosted'), 'was passed over'],
    ['posted-once', () => without('DonationRecorded'), 'was never told of'],
    ['numbered-once', () => without('ReceiptIssued'), 'was passed over'],
    ['receipt-numbers', () => without('ReceiptIssued'), 'LS-2025-000002 where number 1 is to come'],
    ['receipt-numbers', () => without('ReceiptVoided'), 'LS-2025-000003 while LS-2025-000001 is in force'],
    [
      'receipt-numbers',
      () => changed('ReceiptIssued', (data: object) => ({ ...data, number: 'LS-2025-000001' }), 1),
      'LS-2025-000001 was given twice',
    ],
    [
      'receipt-numbers',
      () => changed('ReceiptIssued', (data: object) => ({ ...data, reissue: false }), 2),
      'reissue is false, which it is not',
    ],
  ])('tell when %s is broken', (id, events, what) => {
    expect(broken(events())[id]).toContain(what);
  });

  it('tell when one person alone said what a bank item was, where two are needed', () => {
    const [first] = walk();
    const said = (type: string, data: object, revision: number): RecordedEvent => ({
      ...first!,
      ...{ id: `said ${String(revision)}`, stream: 'bank-item-1', type, revision },
      actor: revision === 1 ? 'staff:lan' : 'staff:minh',
      data: { classificationId: 'c1', classification: { as: 'other' }, ...data },
    });
    const check = (...events: readonly RecordedEvent[]) => {
      const found = new TwoPersonsCheck();
      for (const event of events) found.take(event);
      return found.findings.map(({ what }) => what.en);
    };
    const proposed = said('ClassificationProposed', { proposedBy: 'lan' }, 1);
    expect(check(proposed, said('BankItemClassified', { approvedBy: 'minh' }, 2))).toEqual([]);
    expect(check(proposed, said('BankItemClassified', { approvedBy: 'lan' }, 2))).toEqual([
      'c1 was approved by who asked for it',
    ]);
    expect(check(said('BankItemClassified', {}, 1))).toEqual(['c1 was approved by nobody']);
    expect(check(said('BankItemClassified', { classification: { as: 'bank-fee' } }, 1))).toEqual([]);
  });

  it('tell when one person alone agreed to a journal that needs two, or to opening the books again', () => {
    const [first] = walk();
    const done = (stream: string, by: string, data: object): RecordedEvent => ({
      ...first!,
      ...{ stream, actor: `staff:${by}`, data },
    });
    const check = (...events: readonly RecordedEvent[]) => {
      const found = new TwoPersonsCheck();
      for (const event of events) found.take(event);
      return found.findings.map(({ what }) => what.en);
    };
    const written = (kind: string) => done('journal-1', 'lan', { kind, draftedBy: 'lan' });
    const agreed = (kind: string, by: string) => ({
      ...done('journal-1', by, { kind, approvedBy: by }),
      type: 'JournalApproved',
    });
    expect(check(written('manual'), agreed('manual', 'minh'))).toEqual([]);
    expect(check(written('manual'), agreed('manual', 'lan'))).toEqual([
      'journal-1 was approved by who asked for it',
    ]);
    expect(check(written('fee'), agreed('fee', 'lan'))).toEqual([]);
    const later = { ...agreed('fee', 'lan'), commandId: 'later' };
    expect(check(written('fee'), later)).toEqual(['journal-1 was approved by who asked for it']);
    expect(check(written('fee'), { ...agreed('fee', 'minh'), commandId: 'later' })).toEqual([]);
    const asked = done('fund-1', 'lan', { reopeningId: 'r1', requestedBy: 'lan' });
    expect(check(asked, done('fund-1', 'lan', { reopeningId: 'r1', approvedBy: 'lan' }))).toEqual([
      'r1 was approved by who asked for it',
    ]);
  });

  it('tell when one person alone entered more than the ceiling that was in force then', () => {
    const [first] = walk();
    const check = (stream: string, ...events: readonly (readonly [string, object])[]) => {
      const found = new TwoPersonsCheck();
      for (const [type, data] of events) found.take({ ...first!, stream, type, actor: 'staff:lan', data });
      return [found.counted, ...found.findings.map(({ what }) => what.en)];
    };
    const fee = (sum: string, ceiling: object) => {
      const item = { amount: vnd(`-${sum}`) };
      const said = { classificationId: 'c1', classification: { as: 'bank-fee' }, item, classifiedBy: 'lan' };
      return check('bank-item-1', ['BankItemClassified', { ...said, ...ceiling }]);
    };
    expect(fee('3000000', { ceiling: vnd('3000000') })).toEqual([1]);
    expect(fee('3000001', { ceiling: vnd('3000000') })).toEqual([
      1,
      'c1: one person alone entered -3000001 VND, above the ceiling of 3000000',
    ]);
    expect(fee('3000001', {})).toEqual([0]);
    const cash = (sum: string, ceilings: object) => {
      const postings = ['cash', 'bank.vcb'].map((account, at) => ({
        account,
        purpose: 'unrestricted',
        amount: vnd(at === 0 ? sum : `-${sum}`),
      }));
      const terms = { kind: 'transfer', postings };
      const draft = ['JournalDrafted', { ...terms, draftedBy: 'lan' }] as const;
      return check('journal-1', draft, ['JournalApproved', { ...terms, approvedBy: 'lan', ...ceilings }]);
    };
    expect(cash('500', { ceilings: [vnd('500')] })).toEqual([1]);
    expect(cash('501', { ceilings: [vnd('500')] })).toEqual([
      1,
      'journal-1: one person alone entered 501 VND, above the ceiling of 500',
    ]);
    expect(cash('501', {})).toEqual([0]);
  });

  it('tell when a message or a command is answered twice', () => {
    const log = aWalk();
    const [posted] = log.events.filter(({ type }) => type === 'DonationPosted');
    const again = {
      ...posted!,
      id: 'again',
      revision: 5,
      position: { incarnation: 1, number: 99 },
      recordedAt: '2025-06-01T00:00:00.000Z',
    };
    const found = broken([...log.events, again]);
    expect(found['once']).toContain('was answered at revision 2 already');
    expect(found['posted-once']).toContain('was answered twice');
    const [requested] = log.events.filter(({ type }) => type === 'DonationRecorded');
    const repeated = { ...requested!, id: 'repeated', revision: 4, position: { incarnation: 1, number: 99 } };
    expect(broken([...log.events, repeated])['once']).toContain('was answered at revision 0 already');
  });

  it('count what is parked as waiting', () => {
    const parked = walk().map((event) =>
      event.type === 'DonationPosted'
        ? {
            ...event,
            type: 'MessageParked',
            data: {
              reason: 'bug',
              message: {
                id: (event.cause as { eventId: string }).eventId,
                subject: 's',
                topic: 'mangnon.donations.v1',
              },
            },
          }
        : event,
    );
    expect(broken(parked)).not.toHaveProperty('posted-once');
  });

  it('keep the first findings and count the others', () => {
    const [order] = checked(Array.from({ length: 50 }, () => walk()[0]!));
    expect(order!.findings).toHaveLength(20);
    expect(order!.broken).toBe(98);
  });
});

describe('snapshots', () => {
  const { events } = aWalk();
  const [opened] = events;
  const stream = opened!.stream;
  const own = events.filter((event) => event.stream === stream);

  /** As `handle` keeps them: the stream folded up to a revision. */
  function snapshotAt(revision: number): Snapshot {
    const upTo = own.slice(0, revision + 1);
    const state = upTo.reduce<FundState>(
      (before, { type, data }) => evolve(before, { type, data } as FundEvent),
      noFund,
    );
    return {
      stream,
      deciderVersion: fundStateVersion,
      revision,
      eventId: own[revision]?.id ?? '',
      state: stateCodec.toJson(state),
      inbox: recordOfInbox(upTo.reduce(evolveInbox, emptyInbox)),
    };
  }

  const told = (snapshot: Snapshot) => {
    const check = new SnapshotsCheck([snapshot]);
    for (const event of events) check.take(event);
    check.end();
    return { counted: check.counted, found: check.findings.map(({ what }) => what.en) };
  };

  it('are what their streams fold to', () => {
    expect(told(snapshotAt(2))).toEqual({ counted: 1, found: [] });
    expect(told(snapshotAt(own.length - 1))).toEqual({ counted: 1, found: [] });
  });

  it('of another version are begun from by nobody', () => {
    expect(told({ ...snapshotAt(2), deciderVersion: 99 })).toEqual({ counted: 0, found: [] });
  });

  it.each<[Partial<Snapshot>, string]>([
    [{ state: snapshotAt(1).state }, 'the state in the snapshot differs'],
    [{ inbox: recordOfInbox(emptyInbox) }, 'the inbox in the snapshot differs'],
    [{ eventId: own[1]!.id }, 'the snapshot stands on another event'],
    [{ revision: 99 }, `${stream}: the snapshot at revision 99 is beyond the stream`],
  ])('that are not are told: %#', (change, what) => {
    expect(told({ ...snapshotAt(2), ...change }).found).toEqual([what]);
  });
});
