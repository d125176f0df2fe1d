import { parseArgs } from 'node:util';

/** What somebody asked the bench for. */
export interface Asked {
  /** Of measures; every one for `all`. */
  readonly names: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
  /** Only cases whose name has this in it. */
  readonly only: string | undefined;
  readonly seconds: number | undefined;
  readonly runs: number | undefined;
  readonly clients: number;
  /** Requests a second, where a measure is paced. */
  readonly rate: number | undefined;
  /** Events, donations or rows that a measure begins with. */
  readonly preload: number | undefined;
  /** Donations or events that a measure goes through, where it counts them and not the time. */
  readonly events: number | undefined;
  /** `distributed`: each service as a process of its own over Kafka, where a measure can; the default run otherwise. */
  readonly mode: 'standalone' | 'distributed';
  /** Folder that receives profiles of the processor and of SQL. */
  readonly profile: string | undefined;
}

const options = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  only: { type: 'string' },
  seconds: { type: 'string' },
  runs: { type: 'string' },
  clients: { type: 'string' },
  rate: { type: 'string' },
  preload: { type: 'string' },
  events: { type: 'string' },
  mode: { type: 'string' },
  profile: { type: 'string' },
} as const;

/** Reads the command line; throws with a sentence for what it cannot make sense of. */
export function readAsked(argv: readonly string[]): Asked {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const count = (
    name: 'seconds' | 'runs' | 'clients' | 'rate' | 'preload' | 'events',
  ): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is a whole number from 1 on, not "${text}"`);
    return Number(text);
  };
  return {
    names: positionals,
    json: values.json ?? false,
    help: values.help ?? false,
    only: values.only,
    seconds: count('seconds'),
    runs: count('runs'),
    clients: count('clients') ?? 64,
    rate: count('rate'),
    preload: count('preload'),
    events: count('events'),
    mode: modeOf(values.mode),
    profile: values.profile,
  };
}

function modeOf(text = 'standalone'): Asked['mode'] {
  if (text !== 'standalone' && text !== 'distributed')
    throw new Error(`--mode is standalone or distributed, not "${text}"`);
  return text;
}

/** The help, with a line for each measure. */
export function helpText(measures: readonly { readonly name: string; readonly what: string }[]): string {
  const width = Math.max(...measures.map(({ name }) => name.length));
  const lines = measures.map(({ name, what }) => `  ${name.padEnd(width)}  ${what}`);
  return `Usage: npm run bench -- MEASURE [MEASURE …] [options]

Measures on fresh data in temporary folders, several runs each, and prints machine, settings, median and spread. Holds
donations against entries and receipts after each run, to the đồng, and exits with 1 where they differ. Linux tells
processor and memory too. How to read it: docs/reference/performance.md.

${lines.join('\n')}
  ${'all'.padEnd(width)}  every one of them, one after the other

  --seconds N    how long a run takes, the warm-up before it aside
  --runs N       how many runs; medians and spreads are over them
  --clients N    keep-alive connections, or callers of the port; 64
  --rate N       requests a second, where a measure is paced
  --preload N    events or donations that are there before, where a measure has any
  --events N     how many of them, for hot-fund and as-of
  --mode MODE    standalone, or distributed: donations and journey with each service as a process of its own, over a
                 real Kafka (npm run engines has told what it needs)
  --only TEXT    only cases whose name has this in it
  --profile DIR  writes profiles of the processor (*.cpuprofile) and of SQL there; they slow down what is measured
  --json         one line of JSON a measure on the standard output, the tables on the other
  --help         this text

TMPDIR says where the temporary folders are made: durable writes are as fast as that disk.
`;
}
