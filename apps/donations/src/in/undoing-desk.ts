import { Inject, Injectable } from '@nestjs/common';
import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { RecordedDonation } from '#domain/donation/donation.state.js';
import type { CommandContext } from '#event-store/handle.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, Role } from '#kernel/roles.js';
import { assertGranted } from '#platform/http/caller.js';
import { Facts } from './facts.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';

/** Who asks what of which donation. */
export interface Asking {
  readonly donationId: string;
  readonly caller: Caller;
  readonly context: CommandContext;
  readonly role: Role;
}

/** How a refund or void answers: its id, what happened to it, and where that stands. */
export interface UndoingAnswer extends RecordedPlace {
  readonly donationId: string;
  readonly id: string;
  /** Such as `RefundRequested`. */
  readonly event: string;
}

/** Who asks or approves, as the domain looks whether two persons are two. */
export function asker({ staffId, enabledBy }: Caller): {
  readonly by: string;
  readonly enabledBy?: readonly string[];
} {
  return { by: staffId, ...(enabledBy && { enabledBy }) };
}

type CommandOf = (donation: RecordedDonation) => Promise<DonationCommand>;

/** Refunds and voids on their way to a donation: checks the role on the donation's fund, then hands the command over. */
@Injectable()
export class UndoingDesk {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly facts: Facts,
    private readonly personal: PersonalData,
  ) {}

  /** Asks for a refund or a void, with the reason sealed. */
  async request(asking: Asking, reason: string, commandOf: (reasonRecordId: string) => DonationCommand) {
    return this.#act(asking, asking.context.commandId, async (donation) =>
      commandOf(await this.#seal(asking, donation, reason)),
    );
  }

  /** Approves with today's date in the donation's fund. */
  async approve(asking: Asking, kind: 'refund' | 'void', id: string): Promise<UndoingAnswer> {
    return this.#act(asking, id, async ({ fundId }) => {
      const { today } = await this.facts.fund(fundId);
      return { type: 'ApproveUndoing', kind, id, ...asker(asking.caller), today };
    });
  }

  /** Rejects, with the reason sealed. */
  async reject(asking: Asking, kind: 'refund' | 'void', id: string, reason: string): Promise<UndoingAnswer> {
    return this.#act(asking, id, async (donation) => {
      const reasonRecordId = await this.#seal(asking, donation, reason);
      return { type: 'RejectUndoing', kind, id, by: asking.caller.staffId, reasonRecordId };
    });
  }

  /** Takes the request back. */
  async withdraw(asking: Asking, kind: 'refund' | 'void', id: string): Promise<UndoingAnswer> {
    const by = asking.caller.staffId;
    return this.#act(asking, id, async () => ({ type: 'WithdrawUndoing', kind, id, by }));
  }

  async #act(asking: Asking, id: string, commandOf: CommandOf): Promise<UndoingAnswer> {
    const { donationId, caller, context, role } = asking;
    const stream = `donation-${donationId}`;
    const { state } = await this.streams.donations.load(stream);
    if (state.status === 'none') throw new DomainRefusal('donation/unknown');
    assertGranted(caller, state.fundId, role);
    // A repeat seals nothing: what it would seal may have been erased since.
    const handled = await once(this.streams.donations, stream, context, () => commandOf(state));
    const event: RecordedEvent<DonationEvent> = madeBy(handled);
    return { donationId, id, event: event.type, ...placeOf(event) };
  }

  async #seal(
    { context, donationId }: Asking,
    { source }: RecordedDonation,
    reason: string,
  ): Promise<string> {
    const { donor } = source;
    const subject = donor.kind === 'named' ? { subjectId: donor.subjectId } : {};
    return this.personal.sealText('reason', reason, { ...subject, id: donationId }, context);
  }
}
