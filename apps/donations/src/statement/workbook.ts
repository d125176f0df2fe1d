import { refuseFile } from './file-faults.js';
import { cellCharactersMax, sharedTextBytesMax } from './file-limits.js';
import { readXml, type XmlEvents } from './xml-events.js';
import { entryBytes, zipEntries, type ZipEntry } from './zip-entries.js';

/** What of a workbook its one sheet is read with. */
export interface Workbook {
  readonly sheet: ZipEntry;
  /** Texts that cells name by number, each cut behind the longest that a cell may hold. */
  readonly sharedTexts: readonly string[];
  readonly daysSince: 1900 | 1904;
}

interface SheetNamed {
  readonly relation: string;
}

/** Opens a workbook (XLSX) with one visible sheet. Refuses several, what is damaged, and shared texts of more than 64 MB. */
export async function openWorkbook(file: Uint8Array): Promise<Workbook> {
  const entries = zipEntries(file);
  const { sheets, daysSince } = await contentsOf(entryOf(entries, 'xl/workbook.xml'));
  const [sheet, another] = sheets;
  if (another) refuseFile('statement/several-sheets', { sheets: sheets.length });
  const targets = await targetsOf(entryOf(entries, 'xl/_rels/workbook.xml.rels'));
  const target = targets.get(sheet?.relation ?? '') ?? '';
  const shared = entries.get('xl/sharedStrings.xml');
  return {
    sheet: entryOf(entries, target.startsWith('/') ? target.slice(1) : `xl/${target}`),
    sharedTexts: shared === undefined ? [] : await sharedTextsOf(shared),
    daysSince,
  };
}

function entryOf(entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  return entries.get(name) ?? refuseFile('statement/workbook-damaged');
}

async function contentsOf(entry: ZipEntry) {
  const sheets: SheetNamed[] = [];
  let daysSince: 1900 | 1904 = 1900;
  await readWhole(entry, {
    open(name, attributes) {
      if (name === 'workbookPr' && isTrue(attributes.get('date1904'))) daysSince = 1904;
      if (name === 'sheet' && (attributes.get('state') ?? 'visible') === 'visible')
        sheets.push({ relation: attributes.get('id') ?? '' });
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { sheets, daysSince };
}

function isTrue(flag: string | undefined): boolean {
  return flag === '1' || flag === 'true';
}

async function targetsOf(entry: ZipEntry): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  await readWhole(entry, {
    open(_name, attributes) {
      targets.set(attributes.get('Id') ?? '', attributes.get('Target') ?? '');
    },
    text: () => undefined,
    close: () => undefined,
  });
  return targets;
}

async function sharedTextsOf(entry: ZipEntry): Promise<readonly string[]> {
  if (entry.bytes > sharedTextBytesMax)
    refuseFile('statement/unpacked-too-large', { bytesMax: sharedTextBytesMax });
  const texts: string[] = [];
  const pieces = new TextPieces();
  await readWhole(entry, {
    open: (name) => pieces.open(name),
    text: (text) => pieces.add(text),
    close(name) {
      if (name === 'si') texts.push(pieces.take());
      pieces.close(name);
    },
  });
  return texts;
}

async function readWhole(entry: ZipEntry, events: XmlEvents): Promise<void> {
  const nothing = readXml(entryBytes(entry), events, () => []);
  while (!(await nothing.next()).done);
}

/** Gathers the text of `t` elements, one or in runs of letters that look different; how words are to be spoken is passed over. */
export class TextPieces {
  #text = '';
  #spoken = 0;
  #inside = false;

  /** An element begins. */
  open(name: string): void {
    if (name === 'rPh') this.#spoken += 1;
    if (name === 't') this.#inside = this.#spoken === 0;
  }

  /** Text within it; one character more than a cell may hold is enough to refuse it. */
  add(text: string): void {
    if (this.#inside && this.#text.length <= cellCharactersMax)
      this.#text = (this.#text + text).slice(0, cellCharactersMax + 1);
  }

  /** An element ends. */
  close(name: string): void {
    if (name === 'rPh') this.#spoken -= 1;
    if (name === 't') this.#inside = false;
  }

  /** What was gathered; the next text begins. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
