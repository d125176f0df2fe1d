/** What a fund may change in its receipts; every text is plain and shown as it is. */
export interface ReceiptTemplate {
  /** Headings of the receipt in both languages. */
  readonly title: { readonly vi: string; readonly en: string };
  /** The form that it follows, such as `Mẫu số C45-BB`; empty for none. */
  readonly formCode: string;
  /** The fund's budget-relation code (Mã QHNS); empty for none. */
  readonly budgetCode: string;
  /** Shown beside the fund's name in place of a logo; empty for none. */
  readonly logoText: string;
  /** Titles under which is signed, left to right; one to four. */
  readonly signers: readonly { readonly vi: string; readonly en: string }[];
  /** The closing lines; empty for none. */
  readonly footer: { readonly vi: string; readonly en: string };
}

/** How receipts look until a fund says otherwise. */
export const builtInTemplate: ReceiptTemplate = {
  title: { vi: 'Biên lai thu tiền', en: 'Receipt' },
  formCode: 'Mẫu số C45-BB',
  budgetCode: '',
  logoText: '',
  signers: [
    { vi: 'Người nộp', en: 'Payer' },
    { vi: 'Người thu', en: 'Collector' },
    { vi: 'Kế toán', en: 'Accountant' },
  ],
  footer: {
    vi: 'Quỹ trân trọng cảm ơn tấm lòng của Quý vị dành cho trẻ em.',
    en: 'The fund thanks you for what you give to children.',
  },
};

const limits = { title: 60, formCode: 60, budgetCode: 30, logoText: 12, signer: 40, footer: 300 } as const;

/** The first fault of a template as `field`, or undefined for a template that fits on the page. */
export function templateFault(template: ReceiptTemplate): string | undefined {
  const { title, formCode, budgetCode, logoText, signers, footer } = template;
  const checks: readonly (readonly [string, boolean])[] = [
    ['title', fits(title.vi, 1, limits.title) && fits(title.en, 1, limits.title)],
    ['formCode', fits(formCode, 0, limits.formCode)],
    ['budgetCode', fits(budgetCode, 0, limits.budgetCode)],
    ['logoText', fits(logoText, 0, limits.logoText)],
    ['signers', signers.length >= 1 && signers.length <= 4 && signers.every(isSigner)],
    ['footer', fits(footer.vi, 0, limits.footer) && fits(footer.en, 0, limits.footer)],
  ];
  return checks.find(([, fine]) => !fine)?.[0];
}

function isSigner(signer: { readonly vi: string; readonly en: string }): boolean {
  return fits(signer.vi, 1, limits.signer) && fits(signer.en, 1, limits.signer);
}

// Control characters would tear the layout, and a lone surrogate is not text.
const printable = /^\P{C}*$/u;

function fits(text: string, min: number, max: number): boolean {
  const length = text.trim().length;
  return length >= min && text.length <= max && printable.test(text);
}
