import type { Classification } from '#domain/bank-item/bank-item.events.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { ClassifyBankItemBody } from './bank-items.http.js';

/** What is said lacks a member, or has one that does not belong to it; `member` names it. */
export type SayingRefusal = 'bank-item/member-missing' | 'bank-item/member-not-of-saying';

type Member = 'purpose' | 'account' | 'entryId' | 'donorId' | 'campaignId' | 'language';

const members: Readonly<Record<ClassifyBankItemBody['as'], readonly Member[]>> = {
  'bank-fee': ['purpose'],
  'cash-withdrawn': [],
  'own-transfer': ['account'],
  posted: ['entryId'],
  donation: ['purpose', 'donorId', 'campaignId', 'language'],
  other: ['account', 'purpose'],
};
const all: readonly Member[] = ['purpose', 'account', 'entryId', 'donorId', 'campaignId', 'language'];

/** What a body says that a bank item was; throws a {@link SayingRefusal}. */
export function classificationOf(body: ClassifyBankItemBody): Classification {
  const { as } = body;
  const odd = all.find((member) => body[member] !== undefined && !members[as].includes(member));
  if (odd !== undefined) refuse('bank-item/member-not-of-saying', odd);
  const { purpose = 'unrestricted' } = body;
  switch (as) {
    case 'bank-fee':
      return { as, purpose };
    case 'cash-withdrawn':
      return { as };
    case 'own-transfer':
      return { as, account: present(body, 'account') };
    case 'posted':
      return { as, entryId: present(body, 'entryId') };
    case 'donation':
      return donationOf(body);
    case 'other':
      return { as, account: present(body, 'account'), purpose };
  }
}

function donationOf({ purpose, donorId, campaignId, language = 'vi' }: ClassifyBankItemBody): Classification {
  return {
    ...{ as: 'donation', language },
    ...(purpose === undefined ? {} : { purpose }),
    ...(donorId === undefined ? {} : { donorId }),
    ...(campaignId === undefined ? {} : { campaignId }),
  };
}

function present(body: ClassifyBankItemBody, member: 'account' | 'entryId'): string {
  return body[member] ?? refuse('bank-item/member-missing', member);
}

function refuse(code: SayingRefusal, member: Member): never {
  throw new DomainRefusal<SayingRefusal>(code, { member });
}
