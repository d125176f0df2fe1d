import type { Content, createPdf } from 'pdfmake';
import { money, moneyJson, plus, type MoneyJson } from '#kernel/money.js';
import { amountInEnglish, amountInFigures, amountInVietnamese } from './amount-in-words.js';
import { itemsTable } from './items-table.js';
import { formOf, pageHeading } from './page-heading.js';
import { slashDate } from './page-text.js';
import { labelled, line, sizeOn, type Paper, type Size } from './paper.js';
import type { ReceiptPage } from './receipt-page.js';

const methods = {
  cash: 'Tiền mặt / Cash',
  bank: 'Chuyển khoản / Bank transfer',
  'in-kind': 'Hiện vật / In kind',
} as const;

type Label = readonly [vi: string, en: string];
type SumLabel = readonly [figures: string, inWords: string, en: string];

interface Labels {
  readonly replaces: Label;
  readonly payer: Label;
  readonly purpose: Label;
}

const labels: Readonly<Record<'money' | 'inKind', Labels>> = {
  money: {
    replaces: ['Thay thế biên lai số', 'Replaces'],
    payer: ['Người nộp tiền', 'Payer'],
    purpose: ['Nội dung thu', 'Purpose'],
  },
  inKind: {
    replaces: ['Thay thế biên nhận số', 'Replaces'],
    payer: ['Người tặng', 'Donor'],
    purpose: ['Mục đích', 'Purpose'],
  },
};

const nobody = {
  anonymous: 'Nhà hảo tâm không nêu tên / Anonymous donor',
  unidentified: 'Chưa xác định người chuyển / Payer not identified',
  erased: 'Dữ liệu cá nhân đã được xóa / Personal data erased',
} as const;

/** What pdfmake draws. */
type DocumentDefinition = Parameters<typeof createPdf>[0];

/** The receipt as pdfmake lays it out, every text in Vietnamese with English below or beside it. */
export function receiptDocument(page: ReceiptPage, paper: Paper): DocumentDefinition {
  const size = sizeOn(paper);
  return {
    pageSize: paper.pageSize,
    pageOrientation: paper.pageOrientation,
    pageMargins: paper.pageSize === 'A5' ? [36, 26, 36, 30] : [48, 42, 48, 48],
    info: {
      title: `${formOf(page).title.vi} ${page.number}`,
      author: page.fund.name.vi,
      subject: page.number,
      // Left alone, pdfkit stamps the time of drawing and derives the file's id from it.
      creationDate: new Date(page.issuedAt),
    },
    language: page.language,
    defaultStyle: { font: 'DejaVu', fontSize: size(9.5), lineHeight: 1.2 },
    styles: {
      small: { fontSize: size(8) },
      english: { fontSize: size(8), italics: true, color: '#444444' },
      tiny: { fontSize: size(6.5), italics: true, color: '#444444' },
      fund: { fontSize: size(11), bold: true },
      title: { fontSize: size(16), bold: true, alignment: 'center' },
      value: { bold: true },
      plain: {},
    },
    content: [...pageHeading(page, size), ...certified(page, size), ending(page, size)],
  };
}

function certified(page: ReceiptPage, size: Size): Content[] {
  const { payer, amount, items, replaces } = page;
  const name = payer.kind === 'named' ? payer.name : nobody[payer.kind];
  const address = payer.kind === 'named' ? (payer.address ?? '') : '';
  const words = labels[page.method === 'in-kind' ? 'inKind' : 'money'];
  const said = ([label, english]: Label, value: string): Content[] =>
    value === '' ? [] : [labelled(label, english, line(value, 'value'), size)];
  return [
    ...said(words.replaces, replaces ?? ''),
    ...said(words.payer, name),
    ...said(['Địa chỉ', 'Address'], address),
    ...said(['Hình thức', 'Method'], methods[page.method]),
    ...said(['Ngày nhận', 'Received on'], slashDate(page.receivedOn)),
    labelled(...words.purpose, purpose(page), size),
    ...(amount === undefined ? [] : sum(['Số tiền', 'Số tiền bằng chữ', 'Amount'], amount, size)),
    ...(items.length === 0 ? [] : [itemsTable(items, size)]),
  ];
}

function purpose({ purpose: { vi, en } }: ReceiptPage): Content[] {
  return [...line(vi, 'value'), ...line(en === vi ? '' : en, 'english')];
}

function sum([figures, inWords, en]: SumLabel, amount: MoneyJson, size: Size): Content[] {
  const words = [...line(amountInVietnamese(amount), 'value'), ...line(amountInEnglish(amount), 'english')];
  return [
    labelled(figures, en, [{ text: amountInFigures(amount), style: 'value' }], size),
    labelled(inWords, 'In words', words, size),
  ];
}

/** The value of the things that have one, where they are all in one currency. */
function valued(page: ReceiptPage, size: Size): Content[] {
  const [first, ...rest] = page.items.flatMap(({ valuation }) =>
    valuation === undefined ? [] : [money(valuation.value)],
  );
  if (first === undefined || rest.some(({ currency }) => currency !== first.currency)) return [];
  const all = rest.length + 1 === page.items.length;
  const label: SumLabel = all
    ? ['Tổng giá trị', 'Bằng chữ', 'Total value']
    : ['Tổng phần định giá', 'Bằng chữ', 'Total valued'];
  return sum(label, moneyJson(rest.reduce(plus, first)), size);
}

/** What is signed for stands on the same page as the signatures. */
function ending(page: ReceiptPage, size: Size): Content {
  const stack = [...valued(page, size), signatures(page, size), ...closing(page)];
  return { unbreakable: true, stack };
}

function signatures(page: ReceiptPage, size: Size): Content {
  const signers = formOf(page).signers ?? page.template.signers;
  const columns = signers.map(({ vi, en }) => ({
    width: '*',
    alignment: 'center' as const,
    stack: [
      ...line(vi, 'value'),
      ...line(en, 'english'),
      ...line('(Ký, ghi rõ họ tên / Signature, full name)', 'tiny'),
    ],
  }));
  return { columns, columnGap: 8, margin: [0, size(10), 0, size(44)] };
}

function closing({ template }: ReceiptPage): Content[] {
  const { vi, en } = template.footer;
  return [{ alignment: 'center', stack: [...line(vi, 'plain'), ...line(en, 'english')] }];
}

/** The foot of page `at` of `of`: the receipt's number, and which page it is where there are more. */
export function pageFoot(page: ReceiptPage, at: number, of: number): Content {
  const pages = of > 1 ? `  ·  Trang / Page ${String(at)}/${String(of)}` : '';
  const text = `${page.number}${pages}`;
  return { text, alignment: 'center', fontSize: 7, color: '#666666', margin: [0, 10, 0, 0] };
}
