import { append } from './append.js';
import { asOf } from './as-of.js';
import { helpText, readAsked, type Asked } from './asked.js';
import { donations } from './donations.js';
import { hotFund } from './hot-fund.js';
import { idle } from './idle.js';
import { imported } from './import.js';
import { journey } from './journey.js';
import { kafka } from './kafka.js';
import { kurrentDb } from './kurrentdb.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import type { Case, Measure, Taken } from './measure.js';
import { pressure } from './pressure.js';
import { rebuild } from './rebuild.js';
import { render } from './render.js';
import { replay } from './replay.js';
import { slow } from './slow.js';
import { soak } from './soak.js';
import { start } from './start.js';
import { serverNoted } from './server.js';
import { print, runTold, tableTold, tell, toldCase, type ToldCase, type ToldMeasure } from './told.js';

const measures: readonly Measure[] = [
  append,
  kafka,
  kurrentDb,
  donations,
  journey,
  replay,
  rebuild,
  render,
  imported,
  start,
  idle,
  memory,
  hotFund,
  asOf,
  pressure,
  slow,
  soak,
];

/** Those that can drive services that are processes of their own. */
const distributable: ReadonlySet<string> = new Set([donations.name, journey.name]);

/** Measures what is asked for; the exit code: 0, 1 where something that must hold does not, 2 for what was asked wrongly. */
export async function bench(argv: readonly string[]): Promise<number> {
  const asked = understood(argv);
  if (!asked) return 2;
  if (asked.help) {
    print(helpText(measures).trimEnd());
    return 0;
  }
  let holds = true;
  for (const measure of measures.filter(({ name }) => isWanted(asked, name))) {
    const told = await measured(measure, asked);
    // With --json the standard output is for programs alone.
    if (asked.json) process.stdout.write(`${JSON.stringify(told)}\n`);
    (asked.json ? tell : print)(tableTold(told));
    if (told.cases.some(({ broken }) => broken.length > 0)) holds = false;
  }
  return holds ? 0 : 1;
}

function isWanted({ names }: Asked, name: string): boolean {
  return names.includes('all') || names.includes(name);
}

function understood(argv: readonly string[]): Asked | undefined {
  try {
    const asked = readAsked(argv);
    if (asked.help) return asked;
    const known = new Set(['all', ...measures.map(({ name }) => name)]);
    const unknown = asked.names.find((name) => !known.has(name));
    if (unknown !== undefined) throw new Error(`there is no measure "${unknown}"`);
    const alone = asked.names.find((name) => asked.mode === 'distributed' && !distributable.has(name));
    if (alone !== undefined) throw new Error(`${alone} has no --mode distributed`);
    if (asked.names.length === 0) throw new Error('which measure? `all` takes every one');
    return asked;
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n\n${helpText(measures)}`,
    );
    return undefined;
  }
}

/** Runs go round the cases, so that what changes on the machine meanwhile falls on all of them. */
async function measured(measure: Measure, asked: Asked): Promise<ToldMeasure> {
  const at = machine();
  const { seconds = measure.seconds, runs = measure.runs, clients } = asked;
  const opened = await measure.open(asked);
  try {
    const cases = opened.cases.filter(({ name }) => name.includes(asked.only ?? ''));
    const taken = await taking(measure.name, cases, runs);
    const settings = {
      ...{ mode: asked.mode, seconds, runs, clients },
      ...(asked.rate !== undefined && { rate: asked.rate }),
      ...(asked.preload !== undefined && { preload: asked.preload }),
      ...(asked.events !== undefined && { events: asked.events }),
    };
    return { measure: measure.name, machine: at, settings, server: serverNoted(), cases: taken };
  } finally {
    await opened.close();
  }
}

async function taking(measure: string, cases: readonly Case[], runs: number): Promise<readonly ToldCase[]> {
  const taken = new Map<Case, readonly Taken[]>();
  for (let run = 1; run <= runs; run += 1)
    for (const one of cases) {
      tell(`${measure}, ${one.name}: run ${String(run)} of ${String(runs)}`);
      const took = await one.run();
      tell(runTold(took));
      taken.set(one, [...(taken.get(one) ?? []), took]);
    }
  return cases.map((one) => toldCase(one.name, one.aim, taken.get(one) ?? []));
}
