import type { DonationCommand } from '#domain/donation/donation.decide.js';
import type { NamedDonor } from '#domain/donation/donation.events.js';
import type { MatchDonation } from '#domain/donation/matching.policy.js';
import { localDate } from '#kernel/dates.js';
import { vnd } from './amounts.js';
import type { Recorder } from './recorder.js';

/** A donation by an unknown hand is matched to a donor and a purpose, and all of that taken back; another match is refused. */
export async function matchesStory(recorder: Recorder): Promise<void> {
  const fund = { fundId: recorder.id('fund'), openedOn: localDate('2024-01-01') };
  const donationId = recorder.id('unknown hand');
  const act = (who: string, command: DonationCommand) =>
    recorder.does(who, recorder.handlers.donations, `donation-${donationId}`, command);
  const unidentified = { kind: 'unidentified' } as const;
  await act('minh', {
    type: 'RecordDonation',
    ...{ donationId, fund, donor: unidentified, method: 'bank', account: 'bank.vcb1', items: [] },
    ...{ amount: vnd(300_000), receivedOn: recorder.today, today: recorder.today, language: 'vi' },
  });
  const named: NamedDonor = {
    ...{ kind: 'named', donorId: recorder.id('finder'), class: 'unit', inProvince: true },
    ...{ subjectId: recorder.id('finder payer'), identityRecordId: recorder.id('finder identity') },
  };
  const match = (what: string, facts: Partial<MatchDonation['facts']>): MatchDonation => ({
    type: 'MatchDonation',
    matchId: recorder.id(what),
    facts: { fund, today: recorder.today, donor: unidentified, ...facts },
    by: recorder.id('minh'),
    reasonRecordId: recorder.id(`why ${what}`),
  });
  const undo = (what: string): DonationCommand => ({
    type: 'UndoMatch',
    ...{ undoId: recorder.id(`${what} back`), matchId: recorder.id(what), today: recorder.today },
    ...{ by: recorder.id('minh'), reasonRecordId: recorder.id(`why ${what} back`) },
  });
  await act('minh', match('found', { donor: named }));
  await act('minh', match('for schools', { donor: named, purpose: recorder.id('school') }));
  await act('minh', undo('for schools'));
  await act('minh', undo('found'));
  await act('minh', match('for nothing any more', { purpose: recorder.id('old') }));
}
