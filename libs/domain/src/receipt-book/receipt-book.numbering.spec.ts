import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { receiptBook, type ReceiptBookCommand } from './receipt-book.decide.js';
import type { ReceiptBookEvent, ReceiptIssued } from './receipt-book.events.js';

/** A ledger message as the book hears it: what happened, when, and where it stands in the store. */
interface Told {
  readonly position: number;
  readonly incarnation: number;
  readonly recordedAt: string;
  readonly donationId: string;
  readonly kind: 'posted' | 'void' | 'full' | 'partial';
}

/** What may happen, in any order; `pick` chooses among donations or places. */
type Step =
  | { readonly kind: Told['kind'] | 'reissue' | 'redeliver' | 'restore'; readonly pick: number }
  | { readonly kind: 'deliver' | 'months'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...(['posted', 'posted', 'deliver', 'deliver', 'void', 'full', 'partial'] as const),
    ...(['reissue', 'redeliver', 'months', 'restore'] as const),
  ),
  pick: fc.nat(1000),
});

const fold = (events: readonly ReceiptBookEvent[]) =>
  events.reduce((state, event) => receiptBook.evolve(state, event), receiptBook.initialState);

/** Ledger, book and their restores in one small world; the register a person reads may lag behind. */
class World {
  ledger: Told[] = [];
  /** The book's appends; each is kept or lost as a whole. */
  book: { events: readonly ReceiptBookEvent[]; after: number }[] = [];
  /** Every receipt that was ever given, in timelines lost by a restore too. */
  everIssued: ReceiptIssued[] = [];
  months = 0;
  incarnation = 1;

  constructor() {
    const opened: ReceiptBookEvent = {
      type: 'ReceiptBookOpened',
      data: {
        fundId: 'f',
        code: 'LS',
        name: { vi: 'Quỹ', en: 'Fund' },
        decision: { number: '1', date: localDate('2008-01-01'), issuer: 'UBND' },
        zone: 'Asia/Ho_Chi_Minh',
      },
    };
    this.book.push({ events: [opened], after: -1 });
  }

  events(): readonly ReceiptBookEvent[] {
    return this.book.flatMap(({ events }) => events);
  }

  take(next: Step): void {
    switch (next.kind) {
      case 'months':
        this.months += 1 + (next.pick % 7);
        return;
      case 'deliver':
        return this.deliver(1 + (next.pick % 5));
      case 'redeliver':
        return this.redeliver(next.pick);
      case 'reissue':
        return this.reissue(next.pick);
      case 'restore':
        return this.restore(next.pick);
      default:
        return this.tell(next.kind, next.pick);
    }
  }

  /** The ledger lets each donation be undone once for all and refunded in part before that. */
  private tell(kind: Told['kind'], pick: number): void {
    const standing = this.standing();
    const donationId =
      kind === 'posted'
        ? `d${String(this.incarnation)}.${String(this.ledger.length)}`
        : standing[pick % (standing.length || 1)];
    if (donationId === undefined) return;
    const recordedAt = new Date(Date.UTC(2024, 6 + this.months, 1)).toISOString();
    this.ledger.push({
      position: this.ledger.length,
      incarnation: this.incarnation,
      recordedAt,
      donationId,
      kind,
    });
  }

  /** The donations that nothing has undone. */
  standing(): readonly string[] {
    const undone = new Set(
      this.ledger.filter((m) => m.kind === 'void' || m.kind === 'full').map((m) => m.donationId),
    );
    return this.ledger
      .filter((m) => m.kind === 'posted' && !undone.has(m.donationId))
      .map((m) => m.donationId);
  }

  private watermark(): number {
    return this.book.reduce((max, { after }) => Math.max(max, after), -1);
  }

  deliver(count: number): void {
    for (const told of this.ledger.slice(this.watermark() + 1).slice(0, count))
      this.append(this.commandOf(told), told.position);
  }

  /** What the inbox does: at or below the watermark a message is dropped. */
  private redeliver(pick: number): void {
    const told = this.ledger[pick % (this.ledger.length || 1)];
    if (told !== undefined && told.position > this.watermark())
      this.deliver(told.position - this.watermark());
  }

  /** A person reissues what the register, some events behind, shows as in force. */
  private reissue(pick: number): void {
    const seen = this.events().slice(0, Math.max(1, this.events().length - (pick % 4)));
    const inForce = [...liveOf(seen).values()];
    const receipt = inForce[pick % (inForce.length || 1)];
    if (receipt === undefined) return;
    const { number, year, entryId, donation } = receipt.data;
    const command: ReceiptBookCommand = {
      type: 'ReissueReceipt',
      replaces: { number, donationId: donation.donationId, year, inForce: true },
      voidingsSeen: seen.filter((event) => event.type === 'ReceiptVoided').length,
      entryId,
      donation,
      storeIncarnation: this.incarnation,
      reasonRecordId: 'r',
    };
    try {
      this.append(command, -1);
    } catch (error) {
      if (!(error instanceof DomainRefusal)) throw error;
    }
  }

  /** Ledger and book fall back to the same instant of the past; what the book had not yet answered comes again. */
  private restore(pick: number): void {
    const kept = pick % (this.ledger.length + 1);
    this.ledger = this.ledger.slice(0, kept);
    const cut = this.book.findIndex(({ after }) => after >= kept);
    if (cut > 0) this.book = this.book.slice(0, cut);
    this.book = this.book.slice(0, Math.max(1, this.book.length - (pick % 3)));
    this.incarnation += 1;
  }

  private append(command: ReceiptBookCommand, after: number): void {
    const events = receiptBook.decide(fold(this.events()), command);
    this.book.push({ events, after });
    this.everIssued.push(...issuedOf(events));
  }

  private commandOf(told: Told): ReceiptBookCommand {
    const { donationId } = told;
    if (told.kind === 'void') return { type: 'VoidReceipt', donationId, cause: 'void' };
    if (told.kind === 'full') return { type: 'VoidReceipt', donationId, cause: 'refund' };
    const issuing =
      told.kind === 'posted'
        ? ({ type: 'IssueReceipt' } as const)
        : ({ type: 'ReplaceReceipt', cause: 'refund', isPayerNew: false } as const);
    return {
      ...issuing,
      entryId: `e${String(told.position)}`,
      recordedAt: told.recordedAt,
      incarnations: { message: told.incarnation, store: this.incarnation },
      donation: {
        donationId,
        payer: { kind: 'anonymous' },
        method: 'cash',
        amount: { amount: '1000', currency: 'VND' },
        items: [],
        purpose: 'unrestricted',
        receivedOn: localDate('2024-07-01'),
        language: 'vi',
      },
    };
  }
}

/** The receipt in force of each donation; throws when a donation has two at once. */
function liveOf(events: readonly ReceiptBookEvent[]): Map<string, ReceiptIssued> {
  const live = new Map<string, ReceiptIssued>();
  for (const event of events) {
    if (event.type === 'ReceiptVoided') live.delete(event.data.donationId);
    if (event.type !== 'ReceiptIssued') continue;
    const { donationId } = event.data.donation;
    if (live.has(donationId)) throw new Error(`${donationId} has two receipts in force`);
    live.set(donationId, event);
  }
  return live;
}

function issuedOf(events: readonly ReceiptBookEvent[]): readonly ReceiptIssued[] {
  return events.filter((event) => event.type === 'ReceiptIssued');
}

function assertGapless(events: readonly ReceiptBookEvent[]): void {
  const last = new Map<string, number>();
  for (const { data } of issuedOf(events)) {
    const series = data.year + data.letter;
    expect(data.sequence).toBe((last.get(series) ?? 0) + 1);
    last.set(series, data.sequence);
  }
}

describe('numbering, whatever happens in whatever order', () => {
  it('gives no number twice, leaves none out, and keeps one receipt in force a donation', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const world = new World();
        steps.forEach((next) => world.take(next));
        world.deliver(world.ledger.length);

        const everyNumber = world.everIssued.map(({ data }) => data.number);
        expect(new Set(everyNumber).size).toBe(everyNumber.length);
        assertGapless(world.events());
        const inForce = [...liveOf(world.events()).keys()];
        expect(new Set(inForce)).toEqual(new Set(world.standing()));

        const first = issuedOf(world.events()).filter(({ data }) => !data.reissue);
        const posted = world.ledger.filter(({ kind }) => kind === 'posted');
        expect(first.map(({ data }) => data.donation.donationId)).toEqual(
          posted.map(({ donationId }) => donationId),
        );
      }),
      { numRuns: 500 },
    );
  });
});
