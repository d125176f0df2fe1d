import { Inject, Injectable } from '@nestjs/common';
import type { BankItemEvent } from '#domain/bank-item/bank-item.events.js';
import type { BankItemState } from '#domain/bank-item/bank-item.state.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { DonationState } from '#domain/donation/donation.state.js';
import { isIdentityOver, type EraseDonor } from '#domain/donor/donor.decide.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { DonorState, RegisteredDonor } from '#domain/donor/donor.state.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { DonationQuery } from '../read/donation/donation.query.js';
import { Facts } from './facts.js';
import { once } from './opening.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** Erases donors, and what was said of donations: what the vault keeps is destroyed before the event says so, and what vouchers need is not. */
@Injectable()
export class Erasures {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
    private readonly donations: DonationQuery,
  ) {}

  /**
   * Destroys the contact, and the identity too where no donation keeps it any more; a repeat destroys nothing. The
   * donor gives no more from the first event on, so that no donation comes between looking and destroying; what a crash
   * leaves undone after it is done by its due date.
   */
  async erase(
    donorId: string,
    donor: RegisteredDonor,
    context: CommandContext,
  ): Promise<Handled<DonorState, DonorEvent>> {
    const { donors } = this.streams;
    const stream = `donor-${donorId}`;
    const ending = { ...context, commandId: uuidV5(context.commandId, 'identity') };
    const before = (await donors.repeated(stream, context)) ?? (await donors.repeated(stream, ending));
    if (before) return before;
    await this.personal.erase(donor.contactSubjectId);
    const barred =
      donor.status === 'registered'
        ? await donors.command(stream, await this.#erasureOf(donorId, donor), context)
        : undefined;
    const erasure = await this.#erasureOf(donorId, donor);
    const { state } = await donors.load(stream);
    if (isIdentityOver(state, erasure)) await this.personal.erase(donor.subjectId);
    const ended = await donors.command(stream, erasure, ending);
    return barred ?? ended;
  }

  /**
   * Destroys what was said of a donation under its own key, before the event says so. What is being written at that very
   * moment is destroyed too, or sealed under the next key, which the next erasure reaches. The donation stands.
   */
  async eraseTexts(
    donationId: string,
    context: CommandContext,
  ): Promise<Handled<DonationState, DonationEvent>> {
    const { donations } = this.streams;
    const stream = `donation-${donationId}`;
    return once(donations, stream, context, async () => {
      const { state } = await donations.load(stream);
      const erasures = state.status === 'none' ? 0 : (state.erasures ?? 0);
      await this.personal.eraseTextsAbout(donationId, erasures);
      return { type: 'EraseTexts' as const, erasures };
    });
  }

  /** Destroys what the bank wrote of an item and what people said of it, like {@link eraseTexts}. The item stands. */
  async eraseItemTexts(
    bankItemId: string,
    by: string,
    context: CommandContext,
  ): Promise<Handled<BankItemState, BankItemEvent>> {
    const { bankItems } = this.streams;
    const stream = `bank-item-${bankItemId}`;
    return once(bankItems, stream, context, async () => {
      const { state } = await bankItems.load(stream);
      const erasures = state.status === 'none' ? 0 : (state.erasures ?? 0);
      await this.personal.eraseTextsAbout(bankItemId, erasures);
      return { type: 'EraseItemTexts' as const, erasures, by };
    });
  }

  async #erasureOf(donorId: string, { fundId }: RegisteredDonor): Promise<EraseDonor> {
    const { today } = await this.facts.fund(fundId);
    const lastReceivedOn = await this.donations.lastReceivedOn(donorId, (await this.store.head())?.position);
    return { type: 'EraseDonor', today, ...(lastReceivedOn === undefined ? {} : { lastReceivedOn }) };
  }
}
