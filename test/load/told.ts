import { tableOf } from '../faults/invariants.js';
import type { Machine } from './machine.js';
import type { Taken } from './measure.js';
import type { ServerSettings } from './server.js';
import { spreadOf, type Spread } from './statistics.js';

/** A figure over all runs. */
export interface ToldFigure extends Spread {
  readonly name: string;
  readonly unit: string;
  readonly runs: readonly number[];
}

/** A case over all its runs. */
export interface ToldCase {
  readonly name: string;
  readonly aim: string | undefined;
  readonly figures: readonly ToldFigure[];
  /** Rules with what breaks them, over all runs; nothing is well. */
  readonly broken: readonly string[];
}

/** A measure as `--json` prints it, in one line. */
export interface ToldMeasure {
  readonly measure: string;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, string | number>>;
  /** Of PostgreSQL; none where nobody asked it. */
  readonly server: ServerSettings;
  readonly cases: readonly ToldCase[];
}

/** Prints a result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says something to whoever looks on. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Figures of the same name put together. */
export function toldCase(name: string, aim: string | undefined, taken: readonly Taken[]): ToldCase {
  const [first] = taken;
  const figures = (first?.figures ?? []).map((figure) => {
    const runs = taken.flatMap((run) =>
      run.figures.filter((one) => one.name === figure.name).map(({ value }) => value),
    );
    return { name: figure.name, unit: figure.unit, ...spreadOf(runs), runs };
  });
  const broken = taken.flatMap(({ invariants }) =>
    invariants.flatMap((one) => one.broken.map((finding) => `${one.rule}: ${finding}`)),
  );
  return { name, aim, figures, broken };
}

/** One run in a few lines: what must hold, and the figures that matter at once. */
export function runTold(taken: Taken): string {
  const figures = taken.figures.map(({ name, unit, value }) => `${name} ${written(value)} ${unit}`);
  return `    ${figures.join(', ')}\n${tableOf(taken.invariants)}`;
}

/** A table of medians and spreads. */
export function tableTold({ measure, machine, settings, server, cases }: ToldMeasure): string {
  const { cores, model, memoryGiB, system, node, postgresql, commit, at, load } = machine;
  const lines = [
    `\n${measure}: ${String(cores)} × ${model}, ${String(memoryGiB)} GiB, ${system}, Node ${node}, PostgreSQL ${postgresql}, commit ${commit}`,
    `${at}, load ${String(load)} before; ${listed(settings)}`,
    ...(Object.keys(server).length > 0 ? [`PostgreSQL: ${listed(server)}`] : []),
  ];
  for (const { name, aim, figures, broken } of cases) {
    lines.push(`\n  ${name}${aim === undefined ? '' : `; aim: ${aim}`}`);
    for (const one of figures)
      lines.push(
        `    ${one.name.padEnd(26)} ${written(one.median).padStart(10)} ${one.unit.padEnd(12)} ${written(one.min)} to ${written(one.max)}`,
      );
    lines.push(...broken.map((finding) => `    BROKEN ${finding}`));
  }
  return lines.join('\n');
}

function listed(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function written(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
