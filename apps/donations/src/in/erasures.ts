import { Inject, Injectable } from '@nestjs/common';
import { erasureOf } from '#domain/donor/donor.decide.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { DonorState, RegisteredDonor } from '#domain/donor/donor.state.js';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { DonationQuery } from '../read/donation/donation.query.js';
import { Facts } from './facts.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** Erases donors: first what the vault keeps of them, then the event that says so. */
@Injectable()
export class Erasures {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
    private readonly donations: DonationQuery,
  ) {}

  /** Destroys the contact, and the identity too where no donation keeps it any more; a repeat destroys nothing new. */
  async erase(
    donorId: string,
    donor: RegisteredDonor,
    context: CommandContext,
  ): Promise<Handled<DonorState, DonorEvent>> {
    const { today } = await this.facts.fund(donor.fundId);
    const lastReceivedOn = await this.donations.lastReceivedOn(donorId, (await this.store.head())?.position);
    const command = { today, ...(lastReceivedOn === undefined ? {} : { lastReceivedOn }) };
    await this.personal.erase(donor.contactSubjectId);
    if (erasureOf(command) === 'everything') await this.personal.erase(donor.subjectId);
    return this.streams.donors.command(`donor-${donorId}`, { type: 'EraseDonor', ...command }, context);
  }
}
