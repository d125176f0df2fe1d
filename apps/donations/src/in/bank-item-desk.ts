import { Inject, Injectable } from '@nestjs/common';
import { bankItem, type BankItemCommand } from '#domain/bank-item/bank-item.decide.js';
import type { BankItem, Classification } from '#domain/bank-item/bank-item.events.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, Role } from '#kernel/roles.js';
import { assertGranted } from '#platform/http/caller.js';
import { BookedAlready } from './booked-already.js';
import { ItemDonations } from './item-donations.js';
import { madeBy, once, placeOf, type RecordedPlace } from './opening.js';
import { PersonalData } from './personal-data.js';
import { STREAMS, type Streams } from './streams.js';
import { asker } from './undoing-desk.js';

/** Who asks what of which bank item. */
export interface AskingItem {
  readonly bankItemId: string;
  readonly caller: Caller;
  readonly context: CommandContext;
  readonly role: Role;
}

/** How what is said of a bank item answers: under which id it is said, what happened, and where that stands. */
export interface ClassificationAnswer extends RecordedPlace {
  readonly bankItemId: string;
  readonly classificationId: string;
  /** Such as `BankItemClassified`. */
  readonly event: string;
}

/** What people say of bank items on its way to them: checks the role on the item's fund, then hands the command over. */
@Injectable()
export class BankItemDesk {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    private readonly personal: PersonalData,
    private readonly donations: ItemDonations,
    private readonly booked: BookedAlready,
  ) {}

  /**
   * Says what it was, with a note sealed, unless the books may have it already; `distinctFrom` names entries that are other
   * money. A donation is checked as one, and recorded right after.
   */
  async classify(
    asking: AskingItem,
    classification: Classification,
    { note, distinctFrom }: { readonly note: string | undefined; readonly distinctFrom: readonly string[] },
  ): Promise<ClassificationAnswer> {
    const { bankItemId, caller, context } = asking;
    const { commandId: classificationId } = context;
    const said = async (item: BankItem): Promise<BankItemCommand> => {
      if (classification.as === 'donation') {
        assertMayBeDonation(item);
        await this.donations.commandOf({ item, classification, classificationId }, context.actor);
      }
      await this.booked.assertNot(item, classification, distinctFrom);
      const sealed = note === undefined ? {} : { noteRecordId: await this.#seal(asking, note) };
      return { type: 'ClassifyBankItem', classificationId, classification, ...asker(caller), ...sealed };
    };
    const { item } = await this.#asked(asking);
    const answer = await this.booked.alone(item, classification, () =>
      this.#act(asking, classificationId, said),
    );
    if (answer.event === 'BankItemClassified') await this.#enter(`bank-item-${bankItemId}`, answer.eventId);
    return told(answer);
  }

  /** A second person's yes. */
  async approve(asking: AskingItem, classificationId: string): Promise<ClassificationAnswer> {
    const by = asker(asking.caller);
    const command = { type: 'ApproveClassification', classificationId, ...by } as const;
    return told(await this.#act(asking, classificationId, async () => command));
  }

  /** A second person's no, or taken back by who said it; or that it was something else. The reason is sealed. */
  async takeBack(
    asking: AskingItem,
    type: 'RejectClassification' | 'WithdrawClassification' | 'UndoClassification',
    classificationId: string,
    reason: string,
  ): Promise<ClassificationAnswer> {
    const by = asking.caller.staffId;
    return told(
      await this.#act(asking, classificationId, async () => ({
        ...{ type, classificationId, by },
        reasonRecordId: await this.#seal(asking, reason),
      })),
    );
  }

  /** The item as it stands; throws `bank-item/unknown`, and `access/forbidden` without the role on its fund. */
  async #asked({ bankItemId, caller, role }: AskingItem) {
    const { state } = await this.streams.bankItems.load(`bank-item-${bankItemId}`);
    if (state.status === 'none') throw new DomainRefusal('bank-item/unknown');
    assertGranted(caller, state.item.fundId, role);
    return state;
  }

  async #act(
    asking: AskingItem,
    classificationId: string,
    commandOf: (item: BankItem) => Promise<BankItemCommand>,
  ): Promise<ClassificationAnswer & { readonly eventId: string }> {
    const { bankItemId, context } = asking;
    const stream = `bank-item-${bankItemId}`;
    const state = await this.#asked(asking);
    const handled = await once(this.streams.bankItems, stream, context, async () => {
      const command = await commandOf(state.item);
      // Refused before anything is done about it.
      bankItem.decide(state, command);
      return command;
    });
    const event = madeBy(handled);
    return { bankItemId, classificationId, event: event.type, ...placeOf(event), eventId: event.id };
  }

  /** Where it cannot be recorded now, it is when it is due. */
  async #enter(stream: string, eventId: string): Promise<void> {
    await this.donations.record(stream, eventId).catch(() => undefined);
  }

  #seal({ bankItemId, context }: AskingItem, text: string): Promise<string> {
    return this.personal.sealText('reason', text, { id: bankItemId }, context);
  }
}

/** The donation of money that went out would be refused for another reason than its own. */
function assertMayBeDonation({ amount }: BankItem): void {
  if (amount.amount.startsWith('-')) throw new DomainRefusal('bank-item/not-money-in');
}

function told({ eventId: _eventId, ...answer }: ClassificationAnswer & { readonly eventId: string }) {
  return answer;
}
