import { Inject, Injectable } from '@nestjs/common';
import type { DonorDetails, DonorEvent } from '#domain/donor/donor.events.js';
import type { DonorState } from '#domain/donor/donor.state.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import type { LocalDate } from '#kernel/dates.js';
import type { DonorDetailsBody, NewDonorBody } from './donors.http.js';
import { PersonalData, type DonorSubjects } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** Where a donor is registered, and with a donation of which day. */
export interface Coming {
  readonly fundId: string;
  /** Absent without a donation. */
  readonly receivedOn?: LocalDate;
}

/** Registers donors: first what is personal in the vault, then the event that names it. */
@Injectable()
export class DonorDesk {
  constructor(
    private readonly personal: PersonalData,
    @Inject(STREAMS) private readonly streams: Streams,
  ) {}

  /** The id of the donor whom this command registers together with something else. */
  static donorIdOf(context: CommandContext): string {
    return uuidV5(context.commandId, 'donor');
  }

  /** The subjects of the donor whom this command registers. */
  static subjectsOf(context: CommandContext): DonorSubjects {
    return {
      subjectId: PersonalData.recordIdOf(context, 'subject'),
      contactSubjectId: PersonalData.recordIdOf(context, 'contact-subject'),
    };
  }

  /** Registers a donor under this id, once a command; throws the refusals of a donor. */
  async register(
    donorId: string,
    { fundId, receivedOn }: Coming,
    body: NewDonorBody,
    context: CommandContext,
  ): Promise<Handled<DonorState, DonorEvent>> {
    const { subjectId, contactSubjectId } = DonorDesk.subjectsOf(context);
    const identityRecordId = await this.personal.sealIdentity(fundId, subjectId, body, context);
    const contactRecordId = await this.personal.sealContact(contactSubjectId, body, context);
    const command = {
      type: 'RegisterDonor',
      ...{ fundId, subjectId, contactSubjectId },
      ...detailsOf(body, identityRecordId),
      ...(contactRecordId === undefined ? {} : { contactRecordId }),
      ...(receivedOn === undefined ? {} : { receivedOn }),
    } as const;
    return this.streams.donors.command(`donor-${donorId}`, command, context);
  }

  /**
   * Keeps a registered donor's identity for a donation that is about to be recorded; throws `donor/erased` where an
   * erasure was first.
   */
  async keepIdentity(donorId: string, receivedOn: LocalDate, context: CommandContext): Promise<void> {
    await this.streams.donors.command(`donor-${donorId}`, { type: 'NeedIdentity', receivedOn }, context);
  }
}

/** What the event says of a donor: the name only of an organisation that does not trade under a person's. */
export function detailsOf(body: DonorDetailsBody, identityRecordId: string): DonorDetails {
  const named = body.class !== 'individual' && body.soleTrader !== true;
  return {
    class: body.class,
    inProvince: body.inProvince,
    identityRecordId,
    ...(named ? { organisation: body.name } : {}),
  };
}
