interface Text {
  readonly vi: string;
  readonly en: string;
}

/** What heads a receipt of one sort. */
export interface ReceiptForm {
  readonly title: Text;
  /** The official form that it follows, such as `Mẫu số C45-BB`; empty for none. */
  readonly formCode: string;
  /** Who signs this sort, where it is not who signs the others; one to four. */
  readonly signers?: readonly Text[];
}

/** What a fund may change in its receipts; every text is plain and shown as it is. */
export interface ReceiptTemplate {
  /** The authority above the fund, over the fund's name; empty for none. */
  readonly unit: Text;
  /** For donations of money. */
  readonly money: ReceiptForm;
  /** For donations in kind. */
  readonly inKind: ReceiptForm;
  /** The fund's budget-relation code (Mã QHNS); empty for none. */
  readonly budgetCode: string;
  /** Shown beside the fund's name in place of a logo; empty for none. */
  readonly logoText: string;
  /** Titles under which is signed, left to right; one to four. A form may have its own. */
  readonly signers: readonly Text[];
  /** The closing lines; empty for none. */
  readonly footer: Text;
}

/** How receipts look until a fund says otherwise: money is signed for by who pays and who takes it, as on form C45-BB. */
export const builtInTemplate: ReceiptTemplate = {
  unit: { vi: '', en: '' },
  money: { title: { vi: 'Biên lai thu tiền', en: 'Receipt' }, formCode: 'Mẫu số C45-BB' },
  inKind: {
    title: { vi: 'Biên nhận hiện vật', en: 'Receipt for a donation in kind' },
    formCode: '',
    signers: [
      { vi: 'Người giao', en: 'Handed over by' },
      { vi: 'Người nhận', en: 'Received by' },
    ],
  },
  budgetCode: '',
  logoText: '',
  signers: [
    { vi: 'Người nộp tiền', en: 'Payer' },
    { vi: 'Người thu tiền', en: 'Collector' },
  ],
  footer: {
    vi: 'Quỹ trân trọng cảm ơn tấm lòng của Quý vị dành cho trẻ em.',
    en: 'The fund thanks you for what you give to children.',
  },
};

/** The first fault of a template as the field's name, or undefined for a template that fits on the page. */
export function templateFault(template: ReceiptTemplate): keyof ReceiptTemplate | undefined {
  const { unit, money, inKind, budgetCode, logoText, signers, footer } = template;
  const checks: readonly (readonly [keyof ReceiptTemplate, boolean])[] = [
    ['unit', both(unit, 0, 120)],
    ['money', isForm(money)],
    ['inKind', isForm(inKind)],
    ['budgetCode', fits(budgetCode, 0, 30)],
    ['logoText', fits(logoText, 0, 12)],
    ['signers', areSigners(signers)],
    ['footer', both(footer, 0, 300)],
  ];
  return checks.find(([, fine]) => !fine)?.[0];
}

function isForm({ title, formCode, signers }: ReceiptForm): boolean {
  return both(title, 1, 60) && fits(formCode, 0, 60) && (signers === undefined || areSigners(signers));
}

function areSigners(signers: readonly Text[]): boolean {
  return signers.length >= 1 && signers.length <= 4 && signers.every((signer) => both(signer, 1, 40));
}

function both({ vi, en }: Text, min: number, max: number): boolean {
  return fits(vi, min, max) && fits(en, min, max);
}

// Control characters would tear the layout, and a lone surrogate is not text.
const printable = /^\P{C}*$/u;

function fits(text: string, min: number, max: number): boolean {
  return text.trim().length >= min && text.length <= max && printable.test(text);
}
