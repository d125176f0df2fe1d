import { Injectable } from '@nestjs/common';
import type { BankItem, Classification } from '#domain/bank-item/bank-item.events.js';
import { money } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { DoublesQuery, type MaybeTold } from '../read/statement/doubles.query.js';
import { nearest } from '../statement/same-money.js';
import { OpenStatements } from './open-statements.js';

/**
 * The books may have the money of a bank item already, in entries that `entryIds` names, or may have it soon, from the
 * statement that `statementId` names.
 */
export type BookedRefusal = 'bank-item/may-be-booked' | 'bank-item/statement-under-way';

/** Most entries that a refusal names, and that a person has to look at: the nearest. */
const namedMax = 20;

/** Keeps what is said of a bank item from counting twice what the books have of the same sum, from days near. */
@Injectable()
export class BookedAlready {
  constructor(
    private readonly doubles: DoublesQuery,
    private readonly open: OpenStatements,
  ) {}

  /**
   * Does the work while no statement is confirmed, and nothing else said, of the accounts that are concerned: of two that
   * say the same at once, the second finds what the first said.
   */
  alone<Done>(item: BankItem, classification: Classification, work: () => Promise<Done>): Promise<Done> {
    return this.open.oneAtATime({ fundId: item.fundId, accounts: accountsOf(item, classification) }, work);
  }

  /**
   * Throws `bank-item/may-be-booked` where a refund, a journal, or an own transfer said of another account's item has moved this account already,
   * where a donation has brought to the other account what is said to be an own transfer to it, or where somebody entered
   * by hand the donation that the item is said to be; but for entries that are said to be other money. Throws
   * `bank-item/statement-under-way` where rows of the other account are being recorded.
   */
  async assertNot(
    item: BankItem,
    classification: Classification,
    distinctFrom: readonly string[],
  ): Promise<void> {
    if (classification.as === 'posted') return;
    await this.#assertRecorded(item, classification);
    const found = [...(await this.#entries(item)), ...(await this.#donations(item, classification))];
    const entryIds = nearest(found, item.bookedOn, namedMax)
      .map(({ entryId }) => entryId)
      .filter((entryId) => !distinctFrom.includes(entryId));
    if (entryIds.length > 0)
      throw new DomainRefusal<BookedRefusal>('bank-item/may-be-booked', { entryIds: entryIds.join(' ') });
  }

  /** By then the tables have all that is recorded. */
  async #assertRecorded(item: BankItem, classification: Classification): Promise<void> {
    const { fundId } = item;
    for (const account of accountsOf(item, classification)) {
      const statementId = await this.open.beingRecorded({ fundId, account });
      if (statementId !== undefined && account !== item.account)
        throw new DomainRefusal<BookedRefusal>('bank-item/statement-under-way', { statementId });
    }
  }

  #entries({ fundId, account, amount, bookedOn }: BankItem): Promise<readonly MaybeTold[]> {
    const { minor, currency } = money(amount);
    const like = { amounts: [minor], from: bookedOn, to: bookedOn };
    return this.doubles.unclaimed({ fundId, account, currency }, like);
  }

  async #donations(item: BankItem, classification: Classification): Promise<readonly MaybeTold[]> {
    const { fundId, amount, bookedOn } = item;
    const { minor, currency } = money(amount);
    const days = { from: bookedOn, to: bookedOn };
    if (classification.as === 'donation') {
      const here = { fundId, account: item.account, currency };
      return this.doubles.donations(here, { amounts: [minor], ...days, enteredByHand: true });
    }
    if (classification.as !== 'own-transfer' || minor > 0n) return [];
    const there = { fundId, account: classification.account, currency };
    return this.doubles.donations(there, { amounts: [-minor], ...days, enteredByHand: false });
  }
}

function accountsOf({ account }: BankItem, classification: Classification): readonly string[] {
  return classification.as === 'own-transfer' ? [account, classification.account] : [account];
}
