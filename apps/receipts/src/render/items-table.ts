import type { Content } from 'pdfmake';
import type { ReceiptedItem } from '#domain/receipt-book/receipt-book.events.js';
import { amountInFigures } from './amount-in-words.js';
import { pageText, quantityText } from './page-text.js';

const bases: Readonly<Record<string, string>> = {
  invoice: 'theo hóa đơn / by invoice',
  council: 'hội đồng định giá / by council',
  market: 'giá thị trường / market price',
  donor: 'theo người tặng / by the donor',
};

const columns: readonly (readonly [string, string])[] = [
  ['TT', 'No.'],
  ['Hiện vật', 'Item'],
  ['Số lượng', 'Quantity'],
  ['Đơn vị', 'Unit'],
  ['Giá trị', 'Value'],
];

/** The things given, one a row: quantity, unit and value, or that they were not valued. */
export function itemsTable(items: readonly ReceiptedItem[], size: (points: number) => number): Content {
  const head = columns.map(([vi, en]) => ({
    stack: [
      { text: vi, bold: true },
      { text: en, style: 'english' },
    ],
    alignment: 'center' as const,
    fillColor: '#eeeeee',
  }));
  return {
    margin: [0, size(6), 0, size(8)],
    style: 'small',
    lineHeight: 1.1,
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      hLineColor: () => '#888888',
      vLineColor: () => '#888888',
    },
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [size(22), '*', size(66), size(66), size(140)],
      body: [head, ...items.map(row)],
    },
  };
}

function row(item: ReceiptedItem, index: number): Content[] {
  return [
    { text: String(index + 1), alignment: 'center' },
    { text: pageText(item.name) },
    { text: pageText(quantityText(item.quantity)), alignment: 'right' },
    { text: pageText(item.unit), alignment: 'center' },
    value(item),
  ];
}

function value({ valuation }: ReceiptedItem): Content {
  if (valuation === undefined)
    return { text: 'Không định giá / Not valued', alignment: 'right', italics: true };
  return {
    stack: [
      { text: amountInFigures(valuation.value), alignment: 'right', bold: true },
      { text: bases[valuation.basis] ?? '', alignment: 'right', style: 'english' },
    ],
  };
}
