import { applyDecorators, createParamDecorator, StreamableFile, type ExecutionContext } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { IsChoice } from '../http/fields.js';
import { languageOf, type Language } from '../http/language.js';
import { RequestFault } from '../http/request-fault.js';
import { csvOf } from './csv.js';
import { tableRowsMax, type Table } from './table.js';
import { workbookOf } from './workbook.js';

const formats = ['json', 'csv', 'xlsx'] as const;

/** How a register is told. */
export type Format = (typeof formats)[number];

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const csv = 'text/csv; charset=utf-8';

/** Workbooks that are written at once in one process. */
const workbooksAtOnceMax = 2;
let workbooksUnderWay = 0;

/** The query's wish for a file: JSON when absent. */
export function IsFormat(): PropertyDecorator {
  return IsChoice(formats, {
    optional: true,
    description:
      'json when absent; csv or xlsx give the whole register as a file, its column titles by Accept-Language',
  });
}

/** Documents that the route also answers with files; the handler makes them by {@link fileOf}. */
export function AlsoAsFile(): MethodDecorator {
  const bytes = { schema: { type: 'string', format: 'binary' } } as const;
  return applyDecorators(ApiOkResponse({ content: { 'text/csv': bytes, [xlsx]: bytes } }));
}

/** Gives the handler the {@link Language} that the caller reads. */
export const AskedIn = createParamDecorator((_data: unknown, context: ExecutionContext): Language =>
  languageOf(context.switchToHttp().getRequest<FastifyRequest>().headers['accept-language']),
);

/** Whether a file is asked for and not JSON. */
export function isFile(format: Format | undefined): format is 'csv' | 'xlsx' {
  return format !== undefined && format !== 'json';
}

/** Throws `http/register-too-long` for more rows than a file has. */
export function assertFits(rows: readonly unknown[]): void {
  if (rows.length > tableRowsMax)
    throw new RequestFault('http/register-too-long', { details: { rowsMax: tableRowsMax } });
}

/**
 * The register as a file to be saved under its name. Throws `http/register-too-long` beyond {@link tableRowsMax} rows, and
 * `http/busy` while as many workbooks are being written as may be at once.
 */
export async function fileOf<Row>(
  table: Table<Row>,
  format: 'csv' | 'xlsx',
  language: Language,
): Promise<StreamableFile> {
  assertFits(table.rows);
  const bytes = format === 'csv' ? Buffer.from(csvOf(table, language)) : await workbook(table, language);
  return new StreamableFile(bytes, {
    type: format === 'csv' ? csv : xlsx,
    disposition: `attachment; filename="${table.name}.${format}"`,
  });
}

async function workbook<Row>(table: Table<Row>, language: Language): Promise<Uint8Array> {
  if (workbooksUnderWay >= workbooksAtOnceMax)
    throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
  workbooksUnderWay += 1;
  try {
    return await workbookOf(table, language);
  } finally {
    workbooksUnderWay -= 1;
  }
}

/**
 * The name of a register's file: what it is, of what, and the position that it stands at, so that a file that lies about
 * still says so. What is undefined or null is left out, and no letter but those of {@link Table.name} gets through.
 */
export function fileName(position: string | null, ...parts: readonly (string | null | undefined)[]): string {
  const named = parts.filter((part) => part !== null && part !== undefined && part !== '');
  return [...named, `at-${position ?? 'nothing'}`].join('_').replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
