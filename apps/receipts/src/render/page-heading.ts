import type { Content } from 'pdfmake';
import type { ReceiptForm } from '#domain/receipt-book/receipt-template.policy.js';
import { englishDate, pageText, slashDate, voucherDate } from './page-text.js';
import { line, type Size } from './paper.js';
import type { ReceiptPage } from './receipt-page.js';

/** The form of this receipt: of money, or in kind. */
export function formOf(page: ReceiptPage): ReceiptForm {
  return page.method === 'in-kind' ? page.template.inKind : page.template.money;
}

/** The fund and its decision on the left, form, book and number on the right; below them title and date. */
export function pageHeading(page: ReceiptPage, size: Size): Content[] {
  const { title } = formOf(page);
  return [
    {
      columns: [
        ...logo(page, size),
        { width: '*', stack: fundLines(page) },
        { width: size(152), stack: numberLines(page) },
      ],
      columnGap: 10,
    },
    { text: pageText(title.vi).toLocaleUpperCase('vi'), style: 'title', margin: [0, size(12), 0, 0] },
    { text: pageText(title.en), italics: true, alignment: 'center' },
    {
      text: `${voucherDate(page.issuedOn)} / ${englishDate(page.issuedOn)}`,
      alignment: 'center',
      margin: [0, size(2), 0, size(8)],
    },
  ];
}

function logo(page: ReceiptPage, size: Size) {
  const { logoText } = page.template;
  if (logoText === '') return [];
  const text: Content = {
    text: logoText,
    noWrap: true,
    bold: true,
    fontSize: size(12),
    margin: [4, 6, 4, 6],
  };
  return [{ width: 'auto' as const, table: { body: [[text]] } }];
}

function fundLines({ fund, template }: ReceiptPage): Content[] {
  const { number, date, issuer } = fund.decision;
  return [
    ...line(template.unit.vi, 'small'),
    ...line(template.unit.en, 'english'),
    ...line(fund.name.vi, 'fund'),
    ...line(fund.name.en, 'english'),
    ...line(fund.address ?? '', 'small'),
    ...line(`Thành lập theo Quyết định số ${number} ngày ${slashDate(date)} của ${issuer}`, 'small'),
    ...line(`Founded by Decision ${number} of ${englishDate(date)}, ${issuer}`, 'english'),
    ...line(template.budgetCode === '' ? '' : `Mã QHNS / Budget code: ${template.budgetCode}`, 'small'),
  ];
}

function numberLines(page: ReceiptPage): Content[] {
  return [
    ...line(formOf(page).formCode, 'value'),
    {
      text: [
        { text: 'Quyển số / Book: ', style: 'small' },
        { text: page.book, bold: true },
      ],
    },
    {
      text: [
        { text: 'Số / No.: ', style: 'small' },
        { text: page.number, bold: true },
      ],
    },
  ];
}
