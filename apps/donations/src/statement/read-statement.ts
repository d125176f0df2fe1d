import type { StatementProfile } from '#domain/statement/statement-profile.js';
import type { Currency } from '#kernel/money.js';
import { isDomainRefusal, type DomainRefusal } from '#kernel/refusal.js';
import { csvTable } from './csv-table.js';
import { refuseFile } from './file-faults.js';
import { fileBytesMax } from './file-limits.js';
import { findHeader, type HeadedTable } from './header.js';
import { statementRows, type BookedRow } from './statement-rows.js';
import type { TableRow } from './table.js';
import { unpackedBytes } from './unpacked-bytes.js';
import { utf8Text } from './utf8-text.js';
import { xlsxTable } from './xlsx-table.js';

/** A file that begins as a statement. */
export interface ReadStatement {
  /** The one of the profiles whose header stands there. */
  readonly profile: StatementProfile;
  /** Read as they are asked for, once; the first fault further down refuses the file. */
  readonly rows: AsyncGenerator<BookedRow>;
}

const delimiters = [',', ';', '\t'];
const workbookMagic = [0x50, 0x4b];
/** Beginnings of what people take for a workbook or a list: old and encrypted workbooks, PDF, RAR, 7-Zip. */
const otherFormats = ['d0cf11e0', '25504446', '52617221', '377abcaf'];

/**
 * Reads a bank's statement of one account in one currency: CSV in UTF-8 (commas, semicolons or tabs), that gzipped, or a
 * workbook (XLSX). Refuses with a {@link FileFault} and its line; nothing is written and nothing of the file is logged.
 */
export async function readStatement(
  file: Uint8Array,
  profiles: readonly StatementProfile[],
  currency: Currency,
): Promise<ReadStatement> {
  if (file.length === 0) refuseFile('statement/file-empty');
  if (file.length > fileBytesMax) refuseFile('statement/file-too-large', { bytesMax: fileBytesMax });
  if (otherFormats.includes(Buffer.from(file.subarray(0, 4)).toString('hex')))
    refuseFile('statement/format-unknown');
  const table = await headedTable(tablesOf(file), profiles);
  return { profile: table.header.profile, rows: statementRows(table, currency) };
}

/** The ways in which a file may be a table. */
function tablesOf(file: Uint8Array): readonly (() => AsyncGenerator<TableRow>)[] {
  if (workbookMagic.every((byte, index) => file[index] === byte)) return [() => xlsxTable(file)];
  return delimiters.map((delimiter) => () => csvTable(utf8Text(unpackedBytes(file)), delimiter));
}

async function headedTable(
  tables: readonly (() => AsyncGenerator<TableRow>)[],
  profiles: readonly StatementProfile[],
): Promise<HeadedTable> {
  let fault: DomainRefusal | undefined;
  for (const open of tables) {
    const table = open();
    try {
      const found = await findHeader(table, profiles);
      if (found) return found;
    } catch (error) {
      if (!isDomainRefusal(error)) throw error;
      fault ??= error;
    }
    await table.return(undefined);
  }
  if (fault) throw fault;
  refuseFile('statement/header-not-found');
}
