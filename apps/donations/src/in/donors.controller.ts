import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { DonorState, RegisteredDonor } from '#domain/donor/donor.state.js';
import type { CommandContext, Handled } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, Role } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { DonorDesk, detailsOf } from './donor-desk.js';
import { donorAnswers } from './donor-refusals.js';
import { ContactBody, DonorDetailsBody, RegisterDonorBody } from './donors.http.js';
import { Erasures } from './erasures.js';
import { Facts } from './facts.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { PersonalData, type OpenedDonor } from './personal-data.js';
import { nameReaders, recorders } from './roles.js';
import { STREAMS, type Streams } from './streams.js';

/** A donor with what the vault knows; null where it is not known or was erased. */
export interface DonorView extends OpenedDonor {
  readonly donorId: string;
  readonly fundId: string;
  readonly status: RegisteredDonor['status'];
  readonly class: RegisteredDonor['class'];
  readonly inProvince: boolean;
  readonly organisation: string | null;
  readonly identityKeptUntil: string | null;
}

/** A change to a donor; only the revision where there was nothing to change. */
export type DonorChanged = { readonly donorId: string; readonly revision: number } & Partial<RecordedPlace>;

/** Donors of a fund: registered, shown by name to who may see names, corrected, erased. */
@Controller('v1/donors')
@Refuses(donorAnswers)
export class DonorsController {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
    private readonly desk: DonorDesk,
    private readonly erasures: Erasures,
  ) {}

  /** Registers a donor under the id of the command. */
  @Post()
  @Allow(...recorders)
  async register(
    @Body() body: RegisterDonorBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly donorId: string; readonly fundId: string } & RecordedPlace> {
    const { fundId } = body;
    assertGranted(caller, fundId, ...recorders);
    const { commandId: donorId } = context;
    const stream = `donor-${donorId}`;
    const repeated = await this.streams.donors.repeated(stream, context);
    if (!repeated) await this.facts.fund(fundId);
    const handled = repeated ?? (await this.desk.register(donorId, { fundId }, body, context));
    return { donorId, fundId, ...placeOf(madeBy(handled)) };
  }

  /** The donor by name and address, which is logged as a read. */
  @Get(':id')
  @Allow(...nameReaders)
  async show(@IdParam('id') donorId: string, @AskedBy() caller: Caller): Promise<DonorView> {
    const donor = await this.#granted(donorId, caller, nameReaders);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'donor shown' } as const;
    const { fundId, status, inProvince, organisation = null, identityKeptUntil = null } = donor;
    return {
      ...{ donorId, fundId, status, class: donor.class, inProvince, organisation, identityKeptUntil },
      ...(await this.personal.openDonor(donor, reading)),
    };
  }

  /** Another contact, or none: then no mail is sent any more. */
  @Post(':id/contact')
  @Allow(...recorders)
  async correctContact(
    @IdParam('id') donorId: string,
    @Body() body: ContactBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<DonorChanged> {
    const donor = await this.#granted(donorId, caller, recorders);
    const corrected = await once(this.streams.donors, `donor-${donorId}`, context, async () => {
      const { contactSubjectId } = correctable(donor);
      const contactRecordId = await this.personal.sealContact(contactSubjectId, body, context);
      return { type: 'CorrectContact' as const, ...(contactRecordId !== undefined && { contactRecordId }) };
    });
    return changed(donorId, corrected);
  }

  /** Another name, address, class or place; donations recorded before keep the old ones. */
  @Post(':id/details')
  @Allow(...recorders)
  async correctDetails(
    @IdParam('id') donorId: string,
    @Body() body: DonorDetailsBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<DonorChanged> {
    const donor = await this.#granted(donorId, caller, recorders);
    const corrected = await once(this.streams.donors, `donor-${donorId}`, context, async () => {
      const { fundId, subjectId } = correctable(donor);
      const identityRecordId = await this.personal.sealIdentity(fundId, subjectId, body, context);
      return { type: 'CorrectDetails' as const, ...detailsOf(body, identityRecordId) };
    });
    return changed(donorId, corrected);
  }

  /** Destroys what the vault keeps of the donor, as far as accounting law lets it. */
  @Post(':id/erasure')
  @Allow('administrator')
  async erase(
    @IdParam('id') donorId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<DonorChanged> {
    const donor = await this.#granted(donorId, caller, ['administrator']);
    return changed(donorId, await this.erasures.erase(donorId, donor, context));
  }

  async #granted(donorId: string, caller: Caller, roles: readonly Role[]): Promise<RegisteredDonor> {
    const { state } = await this.streams.donors.load(`donor-${donorId}`);
    if (state.status === 'none') throw new DomainRefusal('donor/unknown');
    assertGranted(caller, state.fundId, ...roles);
    return state;
  }
}

/** Refused before anything is sealed: the vault takes nothing more for a person who was erased. */
function correctable(donor: RegisteredDonor): RegisteredDonor {
  if (donor.status === 'erased') throw new DomainRefusal('donor/erased');
  return donor;
}

function changed(donorId: string, { events, revision }: Handled<DonorState, DonorEvent>): DonorChanged {
  const [event] = events;
  return { donorId, revision, ...(event && placeOf(event)) };
}
