import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { NamedDonor } from '#domain/donation/donation.events.js';
import type { MatchDonation } from '#domain/donation/matching.policy.js';
import { newId } from '#event-store/command-id.js';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { openLangSon, schoolPurpose } from '#testing/fund-stories.js';
import { otherAccount } from './scheduled-bank.js';
import { checker, contextOf, fundIds, fundOf, maker, openedOn, type Request } from './scheduled-request.js';
import type { Asked } from './scheduled-steps.js';

const unknownPurpose = '7b2f4e30-9c79-5e20-9f75-2c8b7d3e4f50';
const purposeIds = { school: schoolPurpose, unknown: unknownPurpose, unrestricted: 'unrestricted' } as const;
const known: NamedDonor = {
  ...{ kind: 'named', donorId: unknownPurpose, class: 'unit', inProvince: true },
  ...{ subjectId: unknownPurpose, identityRecordId: unknownPurpose },
};
/** Opens the funds of the schedules. */
export const openings: readonly Request[] = fundIds.map((fundId, index) => {
  const told = openLangSon({ fundId });
  const about = { ...told.about, code: ['LS', 'SL'][index] ?? 'XX' };
  const command = { ...told, about, bankAccounts: [...told.bankAccounts, otherAccount] };
  return { to: 'funds', stream: `fund-${fundId}`, command, context: contextOf('lan') };
});

/** The people of the schedules: who enters, and a second person who decides. */
export class ScheduledPeople {
  readonly #donations: { readonly donationId: string; readonly fundId: string }[] = [];
  /** The match asked for last, by donation. */
  readonly #matches = new Map<string, string>();
  readonly #pending = new Map<string, { readonly kind: 'refund' | 'void'; readonly id: string }>();

  constructor(private readonly today: () => LocalDate) {}

  /** What a person sends for this; undefined where there is nothing to ask it of. */
  requestOf(asked: Asked): Request | undefined {
    if (asked.kind === 'donate') return this.#donate(asked);
    if (asked.kind === 'close purpose') return closingOf(asked.fund);
    const donation = this.#donations[asked.which % Math.max(1, this.#donations.length)];
    if (!donation) return undefined;
    const { donationId, fundId } = donation;
    const command =
      asked.kind === 'match' ? this.#match(asked.to, donationId, fundId) : this.#undoing(asked, donationId);
    if (!command) return undefined;
    const actor = asked.kind === 'approve' || asked.kind === 'reject' ? checker.by : maker.by;
    return { to: 'donations', stream: `donation-${donationId}`, command, context: contextOf(actor) };
  }

  #donate(asked: Extract<Asked, { readonly kind: 'donate' }>): Request {
    const donationId = newId();
    const fundId = fundOf(asked.fund);
    this.#donations.push({ donationId, fundId });
    const amount = { amount: String(asked.amount), currency: 'VND' } as const;
    const item = { item: 'milk', name: 'Sữa', quantity: String(asked.amount), unit: 'box' };
    const came = asked.isInKind
      ? {
          method: 'in-kind' as const,
          items: [{ ...item, valuation: { value: amount, basis: 'market' as const } }],
        }
      : {
          method: asked.account === 'cash' ? ('cash' as const) : ('bank' as const),
          account: asked.account,
          amount,
          items: [],
        };
    const purpose = asked.purpose === 'no purpose at all' ? {} : { purpose: purposeIds[asked.purpose] };
    const command: DonationCommand = {
      type: 'RecordDonation',
      donationId,
      fund: { fundId, openedOn },
      today: this.today(),
      donor: { kind: 'anonymous' },
      ...came,
      ...purpose,
      receivedOn: localDate('2024-12-31'),
      language: 'vi',
    };
    return {
      to: 'donations',
      stream: `donation-${donationId}`,
      command,
      context: contextOf(maker.by, donationId),
    };
  }

  #undoing(
    asked: Exclude<Asked, { readonly kind: 'donate' | 'match' | 'close purpose' }>,
    donationId: string,
  ): DonationCommand | undefined {
    const id = newId();
    const reasonRecordId = newId();
    switch (asked.kind) {
      case 'refund': {
        const amount = { amount: String(asked.amount), currency: 'VND' } as const;
        this.#pending.set(donationId, { kind: 'refund', id });
        return {
          type: 'RequestRefund',
          refundId: id,
          amount,
          paidFrom: asked.paidFrom,
          reasonRecordId,
          ...maker,
        };
      }
      case 'void':
        this.#pending.set(donationId, { kind: 'void', id });
        return { type: 'RequestVoid', voidId: id, reasonRecordId, ...maker };
      case 'unmatch': {
        const matchId = this.#matches.get(donationId) ?? id;
        return { type: 'UndoMatch', undoId: id, matchId, today: this.today(), by: maker.by, reasonRecordId };
      }
      default:
        return this.#decision(asked.kind, donationId, reasonRecordId);
    }
  }

  #match(
    to: Extract<Asked, { readonly kind: 'match' }>['to'],
    donationId: string,
    fundId: string,
  ): DonationCommand {
    const matchId = newId();
    this.#matches.set(donationId, matchId);
    const fund = { fundId, openedOn };
    const here = { fund, today: this.today() };
    const facts: MatchDonation['facts'] =
      to === 'donor'
        ? { ...here, donor: known }
        : { ...here, donor: { kind: 'anonymous' }, purpose: purposeIds[to] };
    return { type: 'MatchDonation', matchId, facts, by: maker.by };
  }

  #decision(
    kind: 'approve' | 'reject' | 'withdraw',
    donationId: string,
    reasonRecordId: string,
  ): DonationCommand | undefined {
    const pending = this.#pending.get(donationId);
    if (!pending) return undefined;
    if (kind === 'approve') return { type: 'ApproveUndoing', ...pending, ...checker, today: this.today() };
    if (kind === 'reject') return { type: 'RejectUndoing', ...pending, by: checker.by, reasonRecordId };
    return { type: 'WithdrawUndoing', ...pending, by: maker.by };
  }
}

function closingOf(fund: number): Request {
  const stream = `fund-${fundOf(fund)}`;
  const command = { type: 'ClosePurpose', purpose: schoolPurpose } as const;
  return { to: 'funds', stream, command, context: contextOf('lan') };
}
