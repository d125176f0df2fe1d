import { Injectable } from '@nestjs/common';
import type { BankItem, Classification } from '#domain/bank-item/bank-item.events.js';
import { money } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { daysApartMax, DoublesQuery, type MaybeTold } from '../read/statement/doubles.query.js';
import { isNear } from '../statement/same-money.js';

/** The books may have the money of a bank item already, in entries that `entryIds` names. */
export type BookedRefusal = 'bank-item/may-be-booked';

/** Keeps what is said of a bank item from counting twice what the books have of the same sum, from days near. */
@Injectable()
export class BookedAlready {
  constructor(private readonly doubles: DoublesQuery) {}

  /**
   * Throws `bank-item/may-be-booked` where an own transfer said of another account's item has moved this account already,
   * where a donation has brought to the other account what is said to be an own transfer to it, or where somebody entered
   * by hand the donation that the item is said to be; but for entries that are said to be other money.
   */
  async assertNot(
    item: BankItem,
    classification: Classification,
    distinctFrom: readonly string[],
  ): Promise<void> {
    if (classification.as === 'posted') return;
    const found = [...(await this.#otherHalves(item)), ...(await this.#donations(item, classification))];
    const entryIds = found.map(({ entryId }) => entryId).filter((entryId) => !distinctFrom.includes(entryId));
    if (entryIds.length > 0)
      throw new DomainRefusal<BookedRefusal>('bank-item/may-be-booked', { entryIds: entryIds.join(' ') });
  }

  async #otherHalves({ fundId, account, amount, bookedOn }: BankItem): Promise<readonly MaybeTold[]> {
    const { minor, currency } = money(amount);
    const halves = await this.doubles.otherHalves({ fundId, account, currency });
    return halves.filter((half) => isNear(half, { amount: minor, on: bookedOn }, daysApartMax));
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
