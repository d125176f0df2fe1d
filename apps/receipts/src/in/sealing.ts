import { DomainRefusal } from '#kernel/refusal.js';
import { SubjectErased, type PutOptions } from '#vault/vault.js';
import type { PersonalData } from '../personal-data.js';
import type { ReceiptsRefusal } from './receipt-refusals.js';

/** Seals what a person's command brings along about a payer, to be found as `found` says; refuses where the payer was erased. */
export async function sealFor(
  personalData: PersonalData,
  subjectId: string,
  recordId: string,
  content: Readonly<Record<string, string>>,
  found?: PutOptions,
): Promise<void> {
  try {
    await personalData.seal(recordId, subjectId, content, found);
  } catch (error) {
    if (error instanceof SubjectErased) throw new DomainRefusal<ReceiptsRefusal>('receipt/donor-erased');
    throw error;
  }
}
