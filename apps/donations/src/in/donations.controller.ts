import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ADMISSION, EVENT_STORE } from '#platform/tokens.js';
import type { Admission } from '#platform/transport/admission.js';
import { donationAnswers } from './donation-refusals.js';
import { DonationEntry } from './donation-entry.js';
import { donationView, readDonation, type DonationView } from './donation-view.js';
import { RecordDonationBody } from './donations.http.js';
import { donorAnswers } from './donor-refusals.js';
import { Erasures } from './erasures.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { posting } from './posting.js';
import { readers, recorders } from './roles.js';
import { STREAMS, type Streams } from './streams.js';

/** Donations come in, and are shown as their streams say. */
@Controller('v1/donations')
@Refuses({ ...donationAnswers, ...donorAnswers })
export class DonationsController {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(ADMISSION) private readonly admission: Admission,
    private readonly entry: DonationEntry,
    private readonly erasures: Erasures,
  ) {}

  /** Records a donation under the id of the command, while those recorded before are posted in time. */
  @Post()
  @Allow(...recorders)
  async record(
    @Body() body: RecordDonationBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly donationId: string; readonly fundId: string } & RecordedPlace> {
    assertGranted(caller, body.fundId, ...recorders);
    const { commandId: donationId } = context;
    const handled = await once(this.streams.donations, `donation-${donationId}`, context, async () => {
      await this.admission.assertKeepsUp(posting);
      return this.entry.commandOf(body, context);
    });
    return { donationId, fundId: body.fundId, ...placeOf(madeBy(handled)) };
  }

  /** Destroys memos, notes and reasons that were sealed for the donation itself; its entry and receipt stand. */
  @Post(':id/erasure')
  @Allow('administrator')
  async erase(
    @IdParam('id') donationId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly donationId: string; readonly revision: number } & Partial<RecordedPlace>> {
    const { state } = await readDonation(this.store, donationId);
    assertGranted(caller, state.fundId, 'administrator');
    const { events, revision } = await this.erasures.eraseTexts(donationId, context);
    const [event] = events;
    return { donationId, revision, ...(event && placeOf(event)) };
  }

  /** The donation as its stream folds now. */
  @Get(':id')
  @Allow(...readers)
  async show(@IdParam('id') donationId: string, @AskedBy() caller: Caller): Promise<DonationView> {
    const read = await readDonation(this.store, donationId);
    assertGranted(caller, read.state.fundId, ...readers);
    return donationView(read);
  }
}
