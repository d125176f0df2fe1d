import { DomainRefusal } from '#kernel/refusal.js';
import { SubjectErased } from '#vault/vault.js';
import type { PersonalData } from '../personal-data.js';
import type { ReceiptsRefusal } from './receipt-refusals.js';

/** Seals what a person's command brings along about a payer; refuses where the payer was erased. */
export async function sealFor(
  personalData: PersonalData,
  subjectId: string,
  recordId: string,
  content: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await personalData.seal(recordId, subjectId, content);
  } catch (error) {
    if (error instanceof SubjectErased) throw new DomainRefusal<ReceiptsRefusal>('receipt/donor-erased');
    throw error;
  }
}
