import { writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Prints what was measured, and on which machine. */
export function told(what: string, measured: string, ms: number): void {
  const [{ model } = { model: 'unknown' }] = cpus();
  const machine = `${String(cpus().length)} × ${model}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}`;
  // Jest keeps to itself what goes by way of the process.
  writeSync(1, `${what}: ${measured} took ${(ms / 1_000).toFixed(2)} s (${machine})\n`);
}
