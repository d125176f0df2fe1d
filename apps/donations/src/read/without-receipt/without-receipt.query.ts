import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { FiguresDesk } from '#platform/operations/figures.js';
import { READ_DATABASE } from '#platform/tokens.js';

/** So many donations of a fund are looked at in one go. */
const pageMax = 5_000;

interface Page {
  readonly looked: number;
  readonly last: Place | null;
  readonly waiting_since: Date | null;
}

/** Up to where every donation of a fund has its receipt. */
interface Place {
  readonly incarnation: number;
  readonly number: string;
}

/** Donations in order behind a place, the last of them, and when the first was recorded that stands and has no receipt. */
const page = `WITH page AS (
    SELECT donation_id, status, recorded_at, incarnation, number FROM donations.donation
    WHERE fund_id = $1 AND (incarnation, number) > ($2, $3)
    ORDER BY incarnation, number LIMIT ${String(pageMax)}),
  last AS (SELECT incarnation, number::text FROM page ORDER BY incarnation DESC, page.number DESC LIMIT 1)
  SELECT (SELECT count(*)::integer FROM page) AS looked, (SELECT to_json(last) FROM last) AS last,
    (SELECT p.recorded_at FROM page p WHERE p.status = 'standing' AND NOT EXISTS (
      SELECT FROM donations.history h WHERE h.donation_id = p.donation_id AND h.type = 'ReceiptIssued.v1')
     ORDER BY p.incarnation, p.number LIMIT 1) AS waiting_since`;

/**
 * Which donation waits longest for its receipt, as far as the tables stand. A donation that got one keeps it for this, so
 * that only what came later is looked at again.
 */
@Injectable()
export class WithoutReceiptQuery implements OnModuleInit {
  readonly #allBefore = new Map<string, Place>();

  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    private readonly figures: FiguresDesk,
  ) {}

  /** Says that it is known here. */
  onModuleInit(): void {
    this.figures.registerWithoutReceipt('donations', () => this.oldest());
  }

  /** When the longest waiting of all funds was recorded (RFC 3339, UTC); undefined where none waits. */
  async oldest(): Promise<string | undefined> {
    const funds = await this.database.query<{ fund_id: string }[]>('SELECT fund_id FROM donations.fund');
    const times: Date[] = [];
    for (const { fund_id: fundId } of funds) {
      const time = await this.#oldestOf(fundId);
      if (time) times.push(time);
    }
    return times.toSorted((a, b) => a.getTime() - b.getTime())[0]?.toISOString();
  }

  async #oldestOf(fundId: string): Promise<Date | undefined> {
    for (;;) {
      const { looked, last, waiting_since: since } = await this.#look(fundId);
      if (since) return since;
      if (last) this.#allBefore.set(fundId, last);
      if (looked < pageMax) return undefined;
    }
  }

  async #look(fundId: string): Promise<Page> {
    const { incarnation, number } = this.#allBefore.get(fundId) ?? { incarnation: 0, number: '0' };
    const [found] = await this.database.query<Page[]>(page, [fundId, incarnation, number]);
    return found ?? { looked: 0, last: null, waiting_since: null };
  }
}
