import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { z } from 'zod';

const row = z.object({
  internal_key: z.string().regex(/^[a-z-]+(\.[a-z-]+|\.\*)?$/),
  regime: z.string(),
  account_no: z.string(),
  name_vi: z.string().min(1),
  name_en: z.string().min(1),
  valid_from: z.iso.date(),
  valid_to: z.union([z.iso.date(), z.literal('')]),
});

/** An official account that one of our account keys (or all that begin like it, `bank.*`) stands for, by law and date. */
export type ChartRow = z.infer<typeof row>;

/** How an account is called on official papers; no number where the chief accountant has not chosen one. */
export interface OfficialAccount {
  readonly accountNo: string | null;
  readonly name: { readonly vi: string; readonly en: string };
}

/** Token of the mapping that the ledger shows: a list of {@link ChartRow}. */
export const CHART = Symbol('Chart');

/** Reads a mapping; lines that begin with `#` are remarks. Throws `ZodError` for a row of another shape. */
export async function readChart(csv: string): Promise<readonly ChartRow[]> {
  const rows: unknown[] = [];
  for await (const read of parse(csv, { columns: true, comment: '#', bom: true, trim: true }))
    rows.push(read);
  return z.array(row).parse(rows);
}

/** The mapping that comes with the program; an accountant may correct the file and restart. */
export async function shippedChart(): Promise<readonly ChartRow[]> {
  return readChart(
    await readFile(new URL('../../../chart/public-service-unit.csv', import.meta.url), 'utf8'),
  );
}

/** What an account is called under a regime on a date; undefined where the mapping does not say. An exact key goes before `*`. */
export function officialAccount(
  chart: readonly ChartRow[],
  regime: string,
  account: string,
  date: string,
): OfficialAccount | undefined {
  const inForce = chart.filter(
    (one) => one.regime === regime && one.valid_from <= date && (one.valid_to === '' || date <= one.valid_to),
  );
  const kind = `${account.split('.')[0] ?? ''}.*`;
  const found =
    inForce.find((one) => one.internal_key === account) ?? inForce.find((one) => one.internal_key === kind);
  if (!found) return undefined;
  const { account_no: number, name_vi: vi, name_en: en } = found;
  return { accountNo: number === '' ? null : number, name: { vi, en } };
}
