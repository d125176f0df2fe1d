import { Inject, Injectable } from '@nestjs/common';
import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { DonationSource } from '#domain/donation/donation.events.js';
import type { RecordedDonation } from '#domain/donation/donation.state.js';
import { matchDonation, type MatchDonation } from '#domain/donation/matching.policy.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { assertGranted } from '#platform/http/caller.js';
import { DonationEntry } from './donation-entry.js';
import type { DonorBody, RecordDonationBody } from './donations.http.js';
import { Facts } from './facts.js';
import type { MatchBody, MatchedDonorBody } from './matches.http.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** Who matches which donation. */
export interface Matching {
  readonly donationId: string;
  readonly caller: Caller;
  readonly context: CommandContext;
}

/** How a match answers: its id, what happened to the donation, and where that stands. */
export interface MatchAnswer extends RecordedPlace {
  readonly donationId: string;
  readonly matchId: string;
  /** `DonationMatched` or `DonationMatchUndone`; the ledger's answer follows. */
  readonly event: string;
}

/** Matches on their way to a donation: an accountant of its fund says whose it is, or what it answers, or takes that back. */
@Injectable()
export class MatchDesk {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly entry: DonationEntry,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
  ) {}

  /** Matches the donation; registers the donor who comes along only where the match stands. */
  match(matching: Matching, body: MatchBody): Promise<MatchAnswer> {
    const { context } = matching;
    return this.#act(matching, async (donation) => {
      const { command, giver } = await this.entry.drafted(entered(donation, body), context);
      const { donor } = body.donor ? command : donation.source;
      const match: MatchDonation = {
        type: 'MatchDonation',
        matchId: context.commandId,
        facts: { ...command, donor },
        by: matching.caller.staffId,
        ...(body.note === undefined ? {} : { reasonRecordId: PersonalData.recordIdOf(context, 'reason') }),
      };
      // Nothing is sealed and nobody registered for a match that would be refused.
      matchDonation(donation, match);
      if (body.donor) await this.entry.keepDonor(entered(donation, body), giver, context);
      if (body.note !== undefined) await this.#seal(matching, donation, body.note);
      return match;
    });
  }

  /** Takes the last match back, with the reason sealed. */
  undo(matching: Matching, matchId: string, reason: string): Promise<MatchAnswer> {
    return this.#act(matching, async (donation) => {
      const { today } = await this.facts.fund(donation.fundId);
      const reasonRecordId = await this.#seal(matching, donation, reason);
      const undoId = matching.context.commandId;
      return { type: 'UndoMatch', undoId, matchId, today, by: matching.caller.staffId, reasonRecordId };
    });
  }

  async #act(
    { donationId, caller, context }: Matching,
    commandOf: (donation: RecordedDonation) => Promise<DonationCommand>,
  ): Promise<MatchAnswer> {
    const stream = `donation-${donationId}`;
    const { state } = await this.streams.donations.load(stream);
    if (state.status === 'none') throw new DomainRefusal('donation/unknown');
    assertGranted(caller, state.fundId, 'accountant');
    const handled = await once(this.streams.donations, stream, context, () => commandOf(state));
    const event = madeBy(handled);
    return { donationId, matchId: context.commandId, event: event.type, ...placeOf(event) };
  }

  #seal({ donationId, context }: Matching, { source }: RecordedDonation, text: string): Promise<string> {
    const { donor } = source;
    const subject = donor.kind === 'named' ? { subjectId: donor.subjectId } : {};
    return this.personal.sealText('reason', text, { ...subject, id: donationId }, context);
  }
}

/** The donation as a cashier would enter it with what the match says; what the match leaves open stays as it is. */
function entered({ fundId, source }: RecordedDonation, body: MatchBody): RecordDonationBody {
  const { method, amount, account, receivedOn, language } = source;
  return {
    ...{ fundId, method, receivedOn, language },
    donor: body.donor ? namedBy(body.donor) : { kind: 'anonymous' },
    ...(amount === undefined ? {} : { amount }),
    ...(account === undefined ? {} : { account }),
    items: source.items,
    ...answered(source, body),
  };
}

/** What the donation answers: as the match says, where it says anything of it. */
function answered(
  source: DonationSource,
  { purpose, campaignId, pledgeId }: MatchBody,
): Pick<RecordDonationBody, 'purpose' | 'campaignId' | 'pledgeId'> {
  const isSaid = [purpose, campaignId, pledgeId].some((said) => said !== undefined);
  const from = isSaid ? { purpose, campaignId, pledgeId } : source;
  return {
    ...(from.purpose === undefined ? {} : { purpose: from.purpose }),
    ...(from.campaignId === undefined ? {} : { campaignId: from.campaignId }),
    ...(from.pledgeId === undefined ? {} : { pledgeId: from.pledgeId }),
  };
}

function namedBy({ donorId, details }: MatchedDonorBody): DonorBody {
  return {
    kind: 'named',
    ...(donorId === undefined ? {} : { donorId }),
    ...(details === undefined ? {} : { details }),
  };
}
