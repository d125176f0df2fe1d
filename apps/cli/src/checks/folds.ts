import { evolveBankItem, noBankItem } from '#domain/bank-item/bank-item.state.js';
import { evolveCampaignKey } from '#domain/campaign/campaign-key.state.js';
import { evolveCampaign, noCampaign } from '#domain/campaign/campaign.state.js';
import { evolveDonation, noDonation } from '#domain/donation/donation.state.js';
import { evolveDonor, noDonor } from '#domain/donor/donor.state.js';
import { evolveFoundingKey } from '#domain/fund/founding-key.state.js';
import { evolve as evolveFund, fundStateVersion, noFund } from '#domain/fund/fund.state.js';
import { evolveJournal, noJournal } from '#domain/journal/journal.state.js';
import { evolvePledge, noPledge } from '#domain/pledge/pledge.state.js';
import {
  evolveReceiptBook,
  noReceiptBook,
  receiptBookStateVersion,
} from '#domain/receipt-book/receipt-book.state.js';
import { evolveReceipt, noReceipt } from '#domain/receipt/receipt.state.js';
import { evolveStatement, noStatement } from '#domain/statement/statement.state.js';
import { evolve as evolveLogin, freeLogin } from '#domain/staff/login.state.js';
import { evolve as evolveStaff, noStaff, staffStateVersion } from '#domain/staff/staff.state.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import { Check } from './check.js';

/** One kind of stream: how its state begins and folds. */
export interface Kind {
  readonly initial: unknown;
  /** Of the snapshots that are made of it; absent where none are. */
  readonly stateVersion?: number;
  readonly evolve: (state: unknown, event: RecordedEvent) => unknown;
}

function kind<State>(
  initial: State,
  evolve: (state: State, event: never) => State,
  stateVersion?: number,
): Kind {
  // Which events a stream holds is known by its name alone; what does not fit fails in the fold, which is the check.
  return {
    initial,
    evolve: evolve as Kind['evolve'],
    ...(stateVersion === undefined ? {} : { stateVersion }),
  };
}

/** By prefix; the longest that fits counts. */
const kinds: Readonly<Record<string, Kind>> = {
  'appeal-': kind({}, evolveCampaignKey),
  'bank-item-': kind(noBankItem, evolveBankItem),
  'campaign-': kind(noCampaign, evolveCampaign),
  'donation-': kind(noDonation, evolveDonation),
  'donor-': kind(noDonor, evolveDonor),
  'founding-': kind({}, evolveFoundingKey),
  'fund-': kind(noFund, evolveFund, fundStateVersion),
  'journal-': kind(noJournal, evolveJournal),
  'login-': kind(freeLogin, evolveLogin),
  'pledge-': kind(noPledge, evolvePledge),
  'receipt-': kind(noReceipt, evolveReceipt),
  'receipt-book-': kind(noReceiptBook, evolveReceiptBook, receiptBookStateVersion),
  'staff-': kind(noStaff, evolveStaff, staffStateVersion),
  'statement-': kind(noStatement, evolveStatement),
};
const prefixes = Object.keys(kinds).sort((a, b) => b.length - a.length);

/** What kind of stream it is, by its name. */
export function kindOf(stream: string): Kind | undefined {
  return kinds[prefixes.find((one) => stream.startsWith(one)) ?? ''];
}

/** Every stream folds: of a known kind, every type known, no event where none of its kind may stand. */
export class FoldsCheck extends Check {
  readonly #states = new Map<string, unknown>();
  readonly #failed = new Set<string>();

  constructor() {
    super('folds', {
      vi: 'Dựng lại: mọi luồng đều dựng lại được trạng thái từ sự kiện đầu tiên',
      en: 'Folds: every stream gives its state from its first event on',
    });
  }

  take(event: RecordedEvent): void {
    if (isInboxEvent(event) || this.#failed.has(event.stream)) return;
    this.counted += 1;
    const known = kindOf(event.stream);
    if (known) this.#fold(known, event);
    else this.#fail(event, 'luồng thuộc loại lạ', 'a stream of no known kind');
  }

  #fold(known: Kind, event: RecordedEvent): void {
    try {
      const state = known.evolve(this.#states.get(event.stream) ?? known.initial, event);
      if (state === undefined)
        this.#fail(event, `loại ${event.type} không rõ`, `type ${event.type} is not known`);
      else this.#states.set(event.stream, state);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#fail(event, reason, reason);
    }
  }

  #fail(event: RecordedEvent, vi: string, en: string): void {
    this.#failed.add(event.stream);
    this.found(event, vi, en);
  }
}
