import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { builtInTemplate } from '#domain/receipt-book/receipt-template.policy.js';
import { drawReceipt, receiptFonts } from './receipt-pdf.js';
import { receiptDocument } from './receipt-document.js';
import type { ReceiptPage } from './receipt-page.js';
import { crowdedPage, inKindPage, moneyPage } from './sample-pages.js';

const paper = { pageSize: 'A5', pageOrientation: 'landscape', scale: 1 } as const;

/** Every text of a layout, in order. */
function textsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  if (Array.isArray(content)) return content.flatMap(textsOf);
  if (typeof content !== 'object' || content === null) return [];
  const { text, stack, columns, table } = content as Record<string, unknown>;
  const body = (table as { readonly body?: unknown } | undefined)?.body;
  return [text, stack, columns, body].flatMap(textsOf);
}

const said = (page: ReceiptPage): string =>
  textsOf(receiptDocument(page, paper).content).join('\n').replaceAll('\u200b', '');

const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type \/Page\b/g)?.length ?? 0;

describe('what a receipt says', () => {
  it.each([
    [
      'the fund and its decision',
      'Thành lập theo Quyết định số 12/QĐ-UBND ngày 15/01/2008 của UBND tỉnh Lạng Sơn',
    ],
    ['the form', 'Mẫu số C45-BB'],
    ['its book', 'Quyển số / Book: \n2025\n'],
    ['its number', 'Số / No.: \nLS-2025-000123'],
    ['its title', 'BIÊN LAI THU TIỀN'],
    ['its day in Vietnamese and English', 'Ngày 01 tháng 03 năm 2025 / 1 March 2025'],
    ['the payer', 'Nguyễn Thị Thử Nghiệm'],
    ['the address', 'Thôn Bản Mẫu, xã Thử, tỉnh Lạng Sơn'],
    ['the method', 'Chuyển khoản / Bank transfer'],
    ['when it came in', 'Ngày nhận\n / Received on:\n28/02/2025'],
    ['the amount in figures', '1.234.567 ₫'],
    ['the amount in Vietnamese words', 'Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng'],
    ['the amount in English words', 'One million two hundred and thirty-four thousand'],
    ['the purpose', 'Tháng hành động vì trẻ em 2025'],
    ['who pays', 'Người nộp tiền\n / Payer:'],
    ['what for', 'Nội dung thu\n / Purpose:'],
    ['who signs', 'Người nộp tiền\nPayer'],
    ['who signs too', 'Người thu tiền\nCollector'],
  ])('is %s', (_what, text) => {
    expect(said(moneyPage).replaceAll('\u00a0', ' ')).toContain(text);
  });

  it('names the receipt that it replaces, and only then', () => {
    const replaces = 'LS-2024-000007';
    expect(said({ ...moneyPage, replaces })).toContain(`Thay thế biên lai số\n / Replaces:\n${replaces}`);
    expect(said({ ...inKindPage, replaces })).toContain(`Thay thế biên nhận số\n / Replaces:\n${replaces}`);
    expect(said(moneyPage)).not.toContain('Replaces');
  });

  it('lists things given with quantity, unit, and their value or that they have none', () => {
    const text = said(inKindPage).replaceAll('\u00a0', ' ');
    expect(text).toContain('BIÊN NHẬN HIỆN VẬT');
    expect(text).toContain('1.250,5\nthùng\nKhông định giá / Not valued');
    expect(text).toContain('40\nchiếc\n12.500.000 ₫');
    expect(text).not.toContain('C45-BB');
  });

  it('is of a giver and a receiver, and of no money, where things are given', () => {
    const text = said(inKindPage);
    for (const words of ['Người tặng\n / Donor:', 'Mục đích\n / Purpose:', 'Người giao', 'Người nhận'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/tiền|Payer/);
  });

  it('says what its total leaves out', () => {
    const [valued, unvalued] = inKindPage.items;
    expect(said({ ...inKindPage, items: [valued!] })).toContain('Tổng giá trị\n / Total value:');
    expect(said({ ...inKindPage, items: [valued!, unvalued!] })).toContain(
      'Tổng phần định giá\n / Total valued:',
    );
    expect(said({ ...inKindPage, items: [unvalued!] })).not.toContain('Total');
  });

  it('adds up the values of one currency, and never of two', () => {
    const [valued] = inKindPage.items;
    const twice = { ...inKindPage, items: [valued!, valued!] };
    expect(said(twice)).toContain('Hai mươi lăm triệu đồng chẵn');
    const dollars = {
      ...valued!,
      valuation: { value: { amount: '100', currency: 'USD' }, basis: 'donor' },
    } as const;
    expect(said({ ...inKindPage, items: [valued!, dollars] })).not.toContain('Total value');
  });

  it('keeps what is signed for on the page of the signatures', () => {
    const { content } = receiptDocument(inKindPage, paper);
    const ending = (content as readonly unknown[]).at(-1);
    expect(ending).toMatchObject({ unbreakable: true });
    expect(textsOf(ending).join('\n')).toMatch(/^Tổng phần định giá[^]+Người giao[^]+cảm ơn/);
  });

  it('says that nobody is named where nobody is', () => {
    expect(said({ ...moneyPage, payer: { kind: 'anonymous' } })).toContain('Anonymous donor');
    expect(said({ ...moneyPage, payer: { kind: 'unidentified' } })).toContain('Payer not identified');
  });

  it('takes its headings, signers and closing lines from the template', () => {
    const template = {
      ...builtInTemplate,
      unit: { vi: 'UBND tỉnh Lạng Sơn', en: 'Lạng Sơn People’s Committee' },
      money: { title: { vi: 'Giấy xác nhận', en: 'Confirmation' }, formCode: 'Mẫu 01' },
      signers: [{ vi: 'Giám đốc', en: 'Director' }],
      footer: { vi: 'Cảm ơn.', en: 'Thank you.' },
    };
    const text = said({ ...moneyPage, template });
    for (const word of ['UBND tỉnh Lạng Sơn', 'GIẤY XÁC NHẬN', 'Mẫu 01', 'Giám đốc', 'Cảm ơn.'])
      expect(text).toContain(word);
    expect(text).not.toContain('Người thu');
    const { signers: _signers, ...inKind } = template.inKind;
    expect(said({ ...inKindPage, template })).not.toContain('Giám đốc');
    expect(said({ ...inKindPage, template: { ...template, inKind } })).toContain('Giám đốc');
  });
});

describe('the PDF of a receipt', () => {
  it('has the same bytes for the same receipt, and others for another', async () => {
    const digest = async (page: ReceiptPage) =>
      createHash('sha256')
        .update(await drawReceipt(page))
        .digest('hex');
    const first = await digest(moneyPage);
    expect(await digest(structuredClone(moneyPage))).toBe(first);
    expect(await digest({ ...moneyPage, number: 'LS-2025-000124' })).not.toBe(first);
  });

  it('fits one page, also with 20 things, long names and a long purpose', async () => {
    expect(pagesOf(await drawReceipt(moneyPage))).toBe(1);
    expect(pagesOf(await drawReceipt(crowdedPage))).toBe(1);
  });

  it('goes on to further pages when it must', async () => {
    const items = Array.from({ length: 80 }, () => inKindPage.items[0]!);
    expect(pagesOf(await drawReceipt({ ...inKindPage, items }))).toBeGreaterThan(1);
  });

  it.each(Object.keys(receiptFonts))('has a glyph for every Vietnamese letter in the %s font', (style) => {
    const glyphs = charactersOf(readFileSync(receiptFonts[style as keyof typeof receiptFonts]));
    const capitals =
      'AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYÀÁẢÃẠẮẰẲẴẶẤẦẨẪẬÈÉẺẼẸẾỀỂỄỆÌÍỈĨỊÒÓỎÕỌỐỒỔỖỘỚỜỞỠỢÙÚỦŨỤỨỪỬỮỰỲÝỶỸỴ';
    const missing = [...`${capitals}${capitals.toLocaleLowerCase('vi')}₫€$0123456789.,·\u00a0\u200b`].filter(
      (letter) => !glyphs.has(letter.codePointAt(0)!),
    );
    expect(missing).toEqual([]);
  });
});

/** The code points that a TrueType font maps to a glyph (cmap format 4). */
function charactersOf(font: Buffer): ReadonlySet<number> {
  const tables = font.readUInt16BE(4);
  const entry = Array.from({ length: tables }, (_, i) => 12 + 16 * i).find(
    (at) => font.toString('latin1', at, at + 4) === 'cmap',
  )!;
  const cmap = font.readUInt32BE(entry + 8);
  const subtables = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, i) => cmap + font.readUInt32BE(cmap + 8 + 8 * i),
  );
  const at = subtables.find((offset) => font.readUInt16BE(offset) === 4)!;
  const twice = font.readUInt16BE(at + 6);
  const points = new Set<number>();
  for (let segment = 0; segment < twice; segment += 2) {
    const end = font.readUInt16BE(at + 14 + segment);
    for (let point = font.readUInt16BE(at + 16 + twice + segment); point <= end; point += 1)
      points.add(point);
  }
  return points;
}
