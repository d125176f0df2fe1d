import { Inject, Injectable } from '@nestjs/common';
import type { BankItem, GivenDonation } from '#domain/bank-item/bank-item.events.js';
import type { RecordDonation } from '#domain/donation/recording.policy.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { DonationEntry } from './donation-entry.js';
import { STREAMS, type Streams } from './streams.js';

/** A bank item that is said to be a donation, and under which id. */
export interface SaidDonation {
  readonly item: BankItem;
  readonly classificationId: string;
  readonly classification: GivenDonation;
}

/** Enters money that nobody could explain as the donation that somebody says it was, under the classification's id. */
@Injectable()
export class ItemDonations {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly entry: DonationEntry,
  ) {}

  /** The command of the donation; throws every refusal of one. */
  async commandOf(said: SaidDonation, actor: CommandContext['actor']): Promise<RecordDonation> {
    const { item, classification, classificationId } = said;
    const { donorId, campaignId, purpose, language } = classification;
    const body = {
      ...{ fundId: item.fundId, method: 'bank' as const, account: item.account, amount: item.amount },
      donor: donorId === undefined ? { kind: 'unidentified' as const } : { kind: 'named' as const, donorId },
      ...(campaignId === undefined ? {} : { campaignId }),
      ...(purpose === undefined ? {} : { purpose }),
      ...{ receivedOn: item.bookedOn, language },
    };
    const context = { actor, commandId: classificationId, correlationId: classificationId };
    return { ...(await this.entry.commandOf(body, context)), bankItemId: item.bankItemId };
  }

  /**
   * Records the donation of an item that waits for it, once however often it is asked for; nothing to do where the item is
   * past that. What is refused by now opens the item again.
   */
  async record(stream: string, afterEventId: string): Promise<void> {
    const { state } = await this.streams.bankItems.load(stream);
    if (state.status !== 'asked' || state.said.classification.as !== 'donation') return;
    const { classificationId, classification, by } = state.said;
    const context = {
      ...{ actor: `staff:${by}` as const, commandId: uuidV5(classificationId, 'donation') },
      ...{ correlationId: classificationId, afterEventId },
    };
    const donation = `donation-${classificationId}`;
    if (await this.streams.donations.repeated(donation, context)) return;
    try {
      const command = await this.commandOf(
        { item: state.item, classificationId, classification },
        context.actor,
      );
      await this.streams.donations.command(donation, command, context);
    } catch (error) {
      if (!isDomainRefusal(error)) throw error;
      const declined = { type: 'DeclineClassification', of: 'classification', code: error.code } as const;
      const declining = {
        ...context,
        actor: 'service:donations',
        commandId: uuidV5(classificationId, 'declined'),
      } as const;
      await this.streams.bankItems.command(stream, { ...declined, classificationId }, declining);
    }
  }
}
