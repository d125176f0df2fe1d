import type { SourceBlock } from '#contracts/source-block.js';
import type { EntrySource, SourceDonor, SourceItem } from '#domain/fund/entry.events.js';
import { localDate } from '#kernel/dates.js';
import { present } from './plain.js';

/** The donation behind an entry, as its message tells it. */
export function sourceOf(block: SourceBlock): EntrySource {
  const { donationId, donor, method, account, amount, items, purpose, language } = block;
  const { campaignId, pledgeId, bankItemId } = block;
  return {
    donationId,
    donor: donorOf(donor),
    method,
    ...present({ account, amount }),
    items: items.map(itemOf),
    purpose,
    ...present({ campaignId, pledgeId, bankItemId }),
    receivedOn: localDate(block.receivedOn),
    language,
  };
}

function donorOf(donor: SourceBlock['donor']): SourceDonor {
  if (donor.kind !== 'named') return donor;
  const { kind, class: donorClass, inProvince, subjectId, identityRecordId } = donor;
  const { donorId, contactRecordId, contactSubjectId, organisation } = donor;
  const known = present({ donorId, contactRecordId, contactSubjectId, organisation });
  return { kind, class: donorClass, inProvince, subjectId, identityRecordId, ...known };
}

function itemOf({ item, name, quantity, unit, valuation }: SourceBlock['items'][number]): SourceItem {
  return { item, name, quantity, unit, ...present({ valuation }) };
}
