import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller, Role } from '#kernel/roles.js';
import { assertGranted } from '#platform/http/caller.js';
import type { IssuedReceipt, IssuedReceipts } from '../issued-receipts.js';
import type { ReceiptsRefusal } from './receipt-refusals.js';

/** The receipt with this number, if the caller holds one of the roles on its fund; refuses otherwise. */
export async function receiptOf(
  receipts: IssuedReceipts,
  number: string,
  caller: Caller,
  wanted: readonly Role[],
): Promise<IssuedReceipt> {
  const receipt = await receipts.find(number);
  if (!receipt) throw new DomainRefusal<ReceiptsRefusal>('receipt/not-found');
  assertGranted(caller, receipt.issued.data.fundId, ...wanted);
  return receipt;
}
