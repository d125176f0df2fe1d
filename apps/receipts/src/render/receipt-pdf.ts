import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import pdfmake, { type Content } from 'pdfmake';
import type { Paper } from './paper.js';
import { pageFoot, receiptDocument } from './receipt-document.js';
import type { ReceiptPage } from './receipt-page.js';

const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** The font files that receipts are drawn with, by style: full TrueType with every Vietnamese letter. */
export const receiptFonts = {
  normal: join(fonts, 'DejaVuSansCondensed.ttf'),
  bold: join(fonts, 'DejaVuSansCondensed-Bold.ttf'),
  italics: join(fonts, 'DejaVuSansCondensed-Oblique.ttf'),
  bolditalics: join(fonts, 'DejaVuSansCondensed-BoldOblique.ttf'),
} as const;

pdfmake.setFonts({ DejaVu: { ...receiptFonts } });
// A receipt is drawn from its own words alone: nothing is fetched, and no file is read but the fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts));

const large: Paper = { pageSize: 'A4', pageOrientation: 'portrait', scale: 1 };

/** Tried in this order until the receipt fits on one page; a long list of things starts on the larger paper. */
const papers: readonly Paper[] = [
  { pageSize: 'A5', pageOrientation: 'landscape', scale: 1 },
  { pageSize: 'A5', pageOrientation: 'landscape', scale: 0.88 },
  large,
  { ...large, scale: 0.88 },
  { ...large, scale: 0.78 },
];
const fewItems = 3;

/**
 * Draws the receipt as a PDF, on one page if it fits when written smaller and else on more, at full size. The same page
 * gives the same bytes. Takes some 100 ms of processor time: call it off the main thread.
 */
export async function drawReceipt(page: ReceiptPage): Promise<Uint8Array> {
  const fitting = papers.filter(({ pageSize }) => pageSize === 'A4' || page.items.length <= fewItems);
  for (const paper of fitting) {
    const { pdf, pages } = await drawOn(paper, page);
    if (pages === 1) return pdf;
  }
  return (await drawOn(large, page)).pdf;
}

async function drawOn(
  paper: Paper,
  page: ReceiptPage,
): Promise<{ readonly pdf: Uint8Array; readonly pages: number }> {
  let pages = 1;
  const footer = (at: number, of: number): Content => {
    pages = of;
    return pageFoot(page, at, of);
  };
  const pdf = await pdfmake.createPdf({ ...receiptDocument(page, paper), footer }).getBuffer();
  return { pdf, pages };
}
