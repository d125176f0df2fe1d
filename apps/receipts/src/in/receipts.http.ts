import { IsChoice, IsFlag, IsId, IsMail, IsPart, IsPattern, IsText } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import type { RegisteredReceipt } from '../read/register/register.query.js';

/** Asks for receipts; every filter that is given holds. */
export class ReceiptsQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fund?: string;

  @IsPattern(/\d{4}/, { optional: true, description: 'the year of the number' })
  readonly year?: string;

  @IsChoice(['in-force', 'void'], { optional: true })
  readonly status?: string;

  @IsChoice(['none', 'pending', 'sent', 'bounced', 'withdrawn'], {
    optional: true,
    description: 'what became of its last mail',
  })
  readonly mail?: string;

  @IsId({ optional: true })
  readonly donation?: string;

  @IsPattern(/[A-Z0-9-]{1,40}/, { optional: true, description: 'how the number begins, such as LS-2025' })
  readonly number?: string;

  @IsText({ optional: true, max: 100, description: 'words in public names, without accents' })
  readonly q?: string;
}

/** Words of a payer's name, sent in a body because a name never stands in an address. */
export class ReceiptSearchBody {
  @IsId()
  readonly fundId!: string;

  @IsText({ max: 100, description: 'words of the name or their beginnings, with or without accents' })
  readonly words!: string;
}

/** Sends a receipt again. */
export class ResendBody {
  @IsText({ max: 500, multiline: true })
  readonly reason!: string;

  @IsMail({ optional: true, description: 'the corrected address; where it went before when absent' })
  readonly email?: string;
}

/** The payer as the new receipt shall name them. */
export class PayerBody {
  @IsText({ max: 300 })
  readonly name!: string;

  @IsText({ max: 300, optional: true })
  readonly address?: string;

  @IsMail({
    optional: true,
    description:
      'where this and later receipts of the donation go; as before when absent, but never for another person',
  })
  readonly email?: string;

  @IsFlag({
    optional: true,
    description:
      'true where the receipt named somebody else altogether, who is told nothing; not given where the name was only misspelt',
  })
  readonly otherPerson?: boolean;
}

/** Replaces a receipt by a new one. */
export class ReissueBody {
  @IsText({ max: 500, multiline: true })
  readonly reason!: string;

  @IsPart(() => PayerBody, { optional: true, description: 'the corrected payer; as before when absent' })
  readonly payer?: PayerBody;
}

/** A receipt as the API tells it; no personal data. */
export interface ReceiptView {
  readonly number: string;
  readonly fundId: string;
  readonly donationId: string;
  readonly entryId: string;
  readonly issuedAt: string;
  readonly status: 'in-force' | 'void';
  readonly voided: { readonly cause: string; readonly at: string } | null;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly payer: string;
  readonly method: string;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly purpose: string;
  readonly pdf: {
    readonly state: string;
    readonly sha256: string | null;
    readonly renderedAt: string | null;
  };
  readonly mail: { readonly state: string; readonly sentAt: string | null; readonly status: string | null };
}

/** A receipt out of the register. */
export function receiptView(receipt: RegisteredReceipt): ReceiptView {
  const { row, voidCause, voidedAt } = receipt;
  const { amount, currency } = row;
  return {
    number: row.number,
    fundId: row.fund_id,
    donationId: row.donation_id,
    entryId: row.entry_id,
    issuedAt: row.issued_at,
    status: receipt.inForce ? 'in-force' : 'void',
    voided: voidCause === null || voidedAt === null ? null : { cause: voidCause, at: voidedAt },
    replaces: receipt.replaces,
    replacedBy: receipt.replacedBy,
    payer: row.payer,
    method: row.method,
    amount: amount === null || currency === null ? null : { amount, currency },
    purpose: row.purpose,
    pdf: { state: row.pdf, sha256: row.sha256, renderedAt: row.rendered_at },
    mail: { state: row.mail, sentAt: row.sent_at, status: row.mail_status },
  };
}
