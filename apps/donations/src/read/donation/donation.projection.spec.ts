import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { donation, type DonationCommand } from '#domain/donation/donation.decide.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import { standingOf, type DonationState } from '#domain/donation/donation.state.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { foldProjection } from '#read-models/fold.js';
import { donationProjection, type DonationRow } from './donation.projection.js';

const donationId = '00000000-0000-4000-8000-000000000001';
const fundId = '00000000-0000-4000-8000-000000000002';
const today = localDate('2025-05-29');
const record: DonationCommand = {
  type: 'RecordDonation',
  ...{ donationId, fund: { fundId, openedOn: today }, today, donor: { kind: 'anonymous' }, method: 'cash' },
  ...{ amount: { amount: '1000', currency: 'VND' }, items: [], receivedOn: today, language: 'vi' },
};
const turn = fc.record({
  kind: fc.constantFrom('refund', 'refund', 'void'),
  amount: fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined }),
  ending: fc.constantFrom('complete', 'complete', 'decline', 'reject', 'withdraw', 'approve', 'request'),
});

type Turn = typeof turn extends fc.Arbitrary<infer Value> ? Value : never;

/** One refund or void on its way, as far as its ending. */
function commandsOf({ kind, amount, ending }: Turn, index: number): readonly DonationCommand[] {
  const id = `00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`;
  const asked = { by: 'an', reasonRecordId: 'r' };
  const sum = amount === undefined ? {} : { amount: { amount: amount.toString(), currency: 'VND' as const } };
  const request: DonationCommand =
    kind === 'refund'
      ? { type: 'RequestRefund', refundId: id, ...sum, ...asked }
      : { type: 'RequestVoid', voidId: id, ...asked };
  const approve: DonationCommand = { type: 'ApproveUndoing', kind, id, by: 'binh', today };
  const endings: Record<typeof ending, readonly DonationCommand[]> = {
    request: [],
    approve: [approve],
    withdraw: [{ type: 'WithdrawUndoing', kind, id, by: 'an' }],
    reject: [{ type: 'RejectUndoing', kind, id, by: 'binh', reasonRecordId: 'r' }],
    complete: [approve, { type: 'CompleteUndoing', kind, id, entryId: 'e' }],
    decline: [approve, { type: 'DeclineUndoing', kind, id, code: 'fund/short' }],
  };
  return [request, ...endings[ending]];
}

/** What came of the commands that were accepted. */
function told(commands: readonly DonationCommand[]): readonly DonationEvent[] {
  return commands.reduce<readonly DonationEvent[]>((events, one) => {
    const state = events.reduce((folded, event) => donation.evolve(folded, event), donation.initialState);
    try {
      return [...events, ...donation.decide(state, one)];
    } catch (error) {
      if (isDomainRefusal(error) || /waits for no answer/.test(String(error))) return events;
      throw error;
    }
  }, []);
}

function recorded(event: DonationEvent, revision: number): RecordedEvent {
  return {
    ...{ ...event, id: `e${revision}`, stream: `donation-${donationId}`, revision, schemaVersion: 1 },
    position: { incarnation: 1, number: revision + 1 },
    ...{ cursor: '', recordedAt: '2025-05-29T01:00:00.000Z', actor: 'staff:an', commandId: 'c' },
    ...{ cause: { kind: 'command', id: 'c' }, correlationId: 'c', salt: 's' },
  };
}

function columnsOf(state: DonationState) {
  if (state.status === 'none') throw new Error('not recorded');
  const { kind = null, id: pendingId = null, step = null } = state.pending ?? {};
  const pending = { pending: kind, pending_id: pendingId, pending_step: step };
  return { status: state.status, left_amount: standingOf(state)?.minor.toString(), ...pending };
}

describe('the list of donations', () => {
  it('says of status, what is left and what is pending what the stream folds to', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 5 }), (turns) => {
        const events = told([record, ...turns.flatMap(commandsOf)]);
        const rows = foldProjection(donationProjection, events.map(recorded));
        const row = [...rows.values()][0] as DonationRow;
        const state = events.reduce((folded, event) => donation.evolve(folded, event), donation.initialState);
        expect(row).toMatchObject(columnsOf(state));
      }),
    );
  });

  it('takes no notice of messages parked in the stream', () => {
    const parked = { ...recorded(told([record])[0] as DonationEvent, 1), type: 'MessageParked', data: {} };
    expect(donationProjection.keysOf(parked)).toEqual([]);
  });
});
