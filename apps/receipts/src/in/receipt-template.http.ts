import type { ReceiptTemplate } from '#domain/receipt-book/receipt-template.policy.js';
import { IsListOf, IsPart, IsText } from '#platform/http/fields.js';

/** A text in both languages that may be empty. */
export class OptionalTextBody {
  @IsText({ min: 0, max: 300 })
  readonly vi!: string;

  @IsText({ min: 0, max: 300 })
  readonly en!: string;
}

/** A text in both languages. */
export class TitleBody {
  @IsText({ max: 60 })
  readonly vi!: string;

  @IsText({ max: 60 })
  readonly en!: string;
}

/** What heads a receipt of one sort. */
export class ReceiptFormBody {
  @IsPart(() => TitleBody)
  readonly title!: TitleBody;

  @IsText({ min: 0, max: 60, description: 'the official form, such as Mẫu số C45-BB' })
  readonly formCode!: string;

  @IsListOf(() => TitleBody, {
    min: 1,
    max: 4,
    optional: true,
    description: 'who signs this sort; who signs the others when absent',
  })
  readonly signers?: TitleBody[];
}

/** How a fund's receipts look; the whole of it. */
export class TemplateBody implements ReceiptTemplate {
  @IsPart(() => OptionalTextBody, { description: 'the authority above the fund' })
  readonly unit!: OptionalTextBody;

  @IsPart(() => ReceiptFormBody, { description: 'for donations of money' })
  readonly money!: ReceiptFormBody;

  @IsPart(() => ReceiptFormBody, { description: 'for donations in kind' })
  readonly inKind!: ReceiptFormBody;

  @IsText({ min: 0, max: 30, description: 'Mã QHNS' })
  readonly budgetCode!: string;

  @IsText({ min: 0, max: 12 })
  readonly logoText!: string;

  @IsListOf(() => TitleBody, { min: 1, max: 4 })
  readonly signers!: TitleBody[];

  @IsPart(() => OptionalTextBody)
  readonly footer!: OptionalTextBody;
}

/** The template in plain JSON, as events keep it. */
export function templateOf(body: TemplateBody): ReceiptTemplate {
  const text = ({ vi, en }: { readonly vi: string; readonly en: string }) => ({ vi, en });
  const form = ({ title, formCode, signers }: ReceiptFormBody) => ({
    ...{ title: text(title), formCode },
    ...(signers === undefined ? {} : { signers: signers.map(text) }),
  });
  return {
    unit: text(body.unit),
    money: form(body.money),
    inKind: form(body.inKind),
    budgetCode: body.budgetCode,
    logoText: body.logoText,
    signers: body.signers.map(text),
    footer: text(body.footer),
  };
}

/** A fund's template and its version; 0 is the built-in one. */
export interface TemplateView {
  readonly version: number;
  readonly template: ReceiptTemplate;
}
