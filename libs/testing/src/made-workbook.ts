import { crc32, deflateRawSync } from 'node:zlib';

/** A file for a zip; `claims` is what its directory says of it, true or not. */
export interface MadeEntry {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly claims?: { readonly bytes?: number; readonly flags?: number };
  /** Stands between the others, but not in the directory. */
  readonly unlisted?: boolean;
}

/** A zip of these files, compressed. */
export function madeZip(entries: readonly MadeEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, claims, unlisted } of entries) {
    const plain = Buffer.from(data);
    const packed = deflateRawSync(plain);
    const [bytes, flags] = [claims?.bytes ?? plain.length, claims?.flags ?? 0];
    const fields = [20, flags, 8, 0, 0].map((value) => numberOf(value, 2));
    const sizes = [crc32(plain), packed.length, bytes].map((value) => numberOf(value, 4));
    const head = Buffer.concat([...fields, ...sizes, numberOf(Buffer.byteLength(name), 2), numberOf(0, 2)]);
    const whole = Buffer.concat([numberOf(0x04034b50, 4), head, Buffer.from(name), packed]);
    const rest = [numberOf(0, 10), numberOf(at, 4), Buffer.from(name)];
    if (unlisted !== true)
      directory.push(Buffer.concat([numberOf(0x02014b50, 4), numberOf(20, 2), head, ...rest]));
    parts.push(whole);
    at += whole.length;
  }
  const listed = Buffer.concat(directory);
  const counts = [0, 0, directory.length, directory.length].map((value) => numberOf(value, 2));
  const end = [
    numberOf(0x06054b50, 4),
    ...counts,
    numberOf(listed.length, 4),
    numberOf(at, 4),
    numberOf(0, 2),
  ];
  return Buffer.concat([...parts, listed, ...end]);
}

/** What a workbook is made of; whatever is left out is as a spreadsheet program writes it. */
export interface MadeWorkbook {
  /** The elements within `<sheetData>`. */
  readonly rows: string;
  readonly sharedStrings?: string;
  readonly workbook?: string;
  /** Files besides, or in place of those of the same name. */
  readonly entries?: readonly MadeEntry[];
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook (XLSX) of one sheet, or with other sheets and files where they are given. */
export function madeWorkbook({ rows, sharedStrings, workbook, entries = [] }: MadeWorkbook): Buffer {
  const sheets = `<sheets><sheet name="Sao kê" sheetId="1" r:id="rId1"/></sheets>`;
  const files: readonly MadeEntry[] = [
    { name: '[Content_Types].xml', data: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      data: workbook ?? `<workbook ${main} xmlns:r="${relations}">${sheets}</workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      data: `<worksheet ${main}><dimension ref="A1:XFD1048576"/><sheetData>${rows}</sheetData></worksheet>`,
    },
    ...(sharedStrings === undefined
      ? []
      : [{ name: 'xl/sharedStrings.xml', data: `<sst ${main}>${sharedStrings}</sst>` }]),
  ];
  const replaced = new Set(entries.map(({ name }) => name));
  return madeZip([...files.filter(({ name }) => !replaced.has(name)), ...entries]);
}

function numberOf(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (value > 0) buffer.writeUIntLE(value, 0, Math.min(bytes, 6));
  return buffer;
}
