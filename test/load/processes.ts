import { readdirSync, readFileSync } from 'node:fs';
import type { Figure } from './statistics.js';

/** Processes that count as one and, where they have some that count with them, their children. */
export interface Watched {
  readonly name: string;
  readonly pids: readonly number[];
  readonly withChildren?: boolean;
}

const ticksPerSecond = 100;
const pageBytes = 4_096;
const megabyte = 1_048_576;
const everyMs = 500;

/**
 * What some processes take of the machine while something runs: their share of a core, their memory at the end and at its
 * most, and what everybody else takes of the cores. Linux alone; elsewhere there are no such figures.
 */
export class ProcessWatch {
  readonly #cpu = new Map<string, number>();
  readonly #peak = new Map<string, number>();
  readonly #began = performance.now();
  readonly #busy = machineSeconds();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly watched: readonly Watched[]) {
    for (const one of watched) this.#cpu.set(one.name, cpuSeconds(one));
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** Looks for the last time. */
  end(): readonly Figure[] {
    clearInterval(this.#timer);
    if (process.platform !== 'linux') return [];
    this.#look();
    const seconds = (performance.now() - this.#began) / 1_000;
    const used = this.watched.map((one) => cpuSeconds(one) - (this.#cpu.get(one.name) ?? 0));
    const others = machineSeconds() - this.#busy - used.reduce((sum, one) => sum + one, 0);
    const ofACore = (name: string, spent: number): Figure => ({
      ...{ name: `cpu ${name}`, unit: '% of a core', value: (100 * Math.max(0, spent)) / seconds },
    });
    return [
      ...this.watched.map(({ name }, at) => ofACore(name, used[at] ?? 0)),
      ofACore('of others', others),
      ...this.watched.flatMap((one) => [
        { name: `memory ${one.name}`, unit: 'MB', value: memoryBytes(one) / megabyte },
        { name: `memory ${one.name} max`, unit: 'MB', value: (this.#peak.get(one.name) ?? 0) / megabyte },
      ]),
    ];
  }

  #look(): void {
    if (process.platform !== 'linux') return;
    for (const one of this.watched)
      this.#peak.set(one.name, Math.max(this.#peak.get(one.name) ?? 0, memoryBytes(one)));
  }
}

/** Processor time since it began, user and system; of children that have ended too, where they count. */
function cpuSeconds({ pids, withChildren = false }: Watched): number {
  return pids.reduce((sum, pid) => sum + cpuSecondsOf(pid, withChildren), 0);
}

function cpuSecondsOf(pid: number, withChildren: boolean): number {
  const own = statOf(pid);
  const ended = withChildren ? Number(own[15] ?? 0) + Number(own[16] ?? 0) : 0;
  const living = withChildren ? childrenOf(pid).map(statOf) : [];
  const ticks = [own, ...living].map((fields) => Number(fields[13] ?? 0) + Number(fields[14] ?? 0));
  return (ended + ticks.reduce((sum, one) => sum + one, 0)) / ticksPerSecond;
}

/** Resident memory of what is watched, in MB; 0 where nobody tells. */
export function residentMegabytes(watched: Watched): number {
  return memoryBytes(watched) / megabyte;
}

/** Resident memory; with children, shared pages counted once. */
function memoryBytes({ pids, withChildren = false }: Watched): number {
  const all = withChildren ? pids.flatMap((pid) => [pid, ...childrenOf(pid)]) : pids;
  return all.map(withChildren ? proportionalBytes : residentBytes).reduce((sum, one) => sum + one, 0);
}

function residentBytes(pid: number): number {
  return Number(read(`/proc/${String(pid)}/statm`).split(' ')[1] ?? 0) * pageBytes;
}

function proportionalBytes(pid: number): number {
  const [, kilobytes = '0'] = /^Pss: +(\d+) kB/m.exec(read(`/proc/${String(pid)}/smaps_rollup`)) ?? [];
  return Number(kilobytes) * 1_024;
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))[3] === String(pid))
    .map(Number);
}

/** Fields of proc(5), the first at 0; none for a process that has gone. */
function statOf(pid: number): readonly string[] {
  const [, before = '', name = '', rest = ''] =
    /^(\d+) (\(.*\)) (.*)$/s.exec(read(`/proc/${String(pid)}/stat`)) ?? [];
  return rest === '' ? [] : [before, name, ...rest.trim().split(' ')];
}

/** Processor time of everybody together, idling and waiting left out. */
function machineSeconds(): number {
  const [line = ''] = read('/proc/stat').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line
    .trim()
    .split(/ +/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
