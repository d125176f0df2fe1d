/** A row of a made-up statement; what moved is below zero where money went out. */
export interface MadeRow {
  readonly moved: number;
  readonly on?: string;
  readonly reference?: string;
  readonly details?: string;
  /** What the balance says beyond what moved. */
  readonly unexplained?: number;
}

/** A made-up statement of the plain shape as CSV, from an opening balance on; a row's reference is its number when absent. */
export function madeStatement(opening: number, rows: readonly MadeRow[]): string {
  let balance = opening;
  const lines = rows.map(({ moved, on = '2025-03-03', reference, details = '', unexplained = 0 }, index) => {
    balance += moved + unexplained;
    const sides = moved < 0 ? `${String(-moved)},0` : `0,${String(moved)}`;
    return `${on},${reference ?? String(index + 1)},"${details}",${sides},${String(balance)}`;
  });
  return ['date,reference,details,debit,credit,balance', ...lines, ''].join('\n');
}
