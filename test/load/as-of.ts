import { Site } from '../faults/site.js';
import type { Invariant } from '../faults/invariants.js';
import { dateOf, MadeEntries } from './as-of-entries.js';
import { cellsOf, filled, type Cell } from './as-of-fill.js';
import { Connections } from './connections.js';
import { closedLoop } from './loads.js';
import type { Case, Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';
import { Stand } from './stand.js';

const entriesDefault = 10_000_000;
const warmUpMs = 3_000;
/** One answer in so many is reckoned anew from the entries. */
const reckonedEvery = 25;
const dayMs = 86_400_000;

type Asking = 'as of a date, as recorded at an instant' | 'as of a date, as known now';

/** Balances of a fund with ten years of donations, of dates and instants that nobody could foresee. */
export const asOf: Measure = {
  name: 'as-of',
  what: 'GET balances of a fund with ten years of entries (--events, 10,000,000), as of any date, recorded at any instant',
  seconds: 20,
  runs: 3,
  async open({ events: count = entriesDefault, seconds = asOf.seconds, profile }) {
    const site = await Site.open();
    const stand = await Stand.start(site, { profile });
    const close = async (): Promise<void> => {
      await stand.stop();
      site.close();
    };
    try {
      const made = new MadeEntries(site.fundId, count, Date.now());
      const cells = cellsOf(made);
      const fill = await filled(stand.database, made, cells);
      const asking: readonly Asking[] = [
        'as of a date, as recorded at an instant',
        'as of a date, as known now',
      ];
      const cases = asking.map((name): Case => ({
        ...{ name, aim: 'p99 ≤ 20 ms (stretch 5 ms), one asking after the other' },
        run: () => new Questions(stand, made, cells, fill, name).asked(seconds),
      }));
      return { cases, close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

interface Question {
  readonly day: number;
  readonly instantMs: number | undefined;
}

interface Told {
  readonly balances: readonly { readonly purpose: string; readonly received: { readonly amount: string } }[];
}

class Questions {
  /** Dates and instants are drawn alike in each run. */
  #drawn = 20_250_529;
  readonly #answers: { readonly question: Question; readonly text: string }[] = [];

  constructor(
    private readonly stand: Stand,
    private readonly made: MadeEntries,
    private readonly cells: readonly Cell[],
    private readonly fill: readonly Invariant[],
    private readonly asking: Asking,
  ) {}

  async asked(seconds: number): Promise<Taken> {
    const connections = new Connections(this.stand.url, 1);
    try {
      await closedLoop(1, warmUpMs, () => this.#ask(connections));
      const watch = new ProcessWatch(this.stand.processes);
      const { latencies, seconds: took } = await closedLoop(1, seconds * 1_000, () => this.#ask(connections));
      const figures = [
        { name: 'answered', unit: '/s', value: latencies.count / took },
        ...latencies.figures(),
        ...watch.end(),
      ];
      return { figures, invariants: [...this.fill, this.#reckoned()] };
    } finally {
      await connections.close();
    }
  }

  async #ask(connections: Connections): Promise<void> {
    const question = this.#question();
    const { site } = this.stand;
    const recordedAt =
      question.instantMs === undefined ? '' : `&recordedAt=${new Date(question.instantMs).toISOString()}`;
    const path = `/v1/funds/${site.fundId}/balances?asOf=${dateOf(question.day)}${recordedAt}`;
    const authorization = `Bearer ${site.people.accountant.secret}`;
    const { status, text } = await connections.get(path, { authorization });
    if (status !== 200) throw new Error(`${String(status)} ${text}`);
    this.#answers.push({ question, text });
  }

  #question(): Question {
    const { days } = this.made;
    const [first, last] = [days[0]!.fromMs, days.at(-1)!.fromMs + dayMs];
    const instantMs = first + Math.floor(this.#draw() * (last - first));
    const day = Math.floor((first + this.#draw() * (last - first)) / dayMs);
    return { day, instantMs: this.asking === 'as of a date, as known now' ? undefined : instantMs };
  }

  /** A share from 0 to 1, by a generator of Lehmer's. */
  #draw(): number {
    this.#drawn = (this.#drawn * 48_271) % 2_147_483_647;
    return this.#drawn / 2_147_483_647;
  }

  #reckoned(): Invariant {
    const some = this.#answers.filter((_, nth) => nth % reckonedEvery === 0);
    const broken = some.flatMap(({ question, text }) => {
      const { balances } = JSON.parse(text) as Told;
      const told = new Map(balances.map(({ purpose, received }) => [purpose, BigInt(received.amount)]));
      const wanted = this.#receivedBy(question);
      const isEqual = [...wanted].every(([purpose, sum]) => (told.get(purpose) ?? 0n) === sum);
      return isEqual ? [] : [`${JSON.stringify(question)}: ${text}`];
    });
    const rule = 'received by each purpose is what the entries add up to, to the đồng';
    return {
      rule,
      count: some.length,
      broken: some.length > 0 ? broken.slice(0, 3) : ['nothing was reckoned'],
    };
  }

  /** The slow way: whole days of recording by their cells, the instant's own day entry by entry. */
  #receivedBy({ day, instantMs = Infinity }: Question): ReadonlyMap<string, bigint> {
    const sums = new Map<string, bigint>();
    const add = ({ purpose, amount, effectiveDay }: Cell): void => {
      if (effectiveDay <= day) sums.set(purpose, (sums.get(purpose) ?? 0n) + BigInt(amount));
    };
    const own = this.made.days.find(({ fromMs }) => fromMs <= instantMs && instantMs < fromMs + dayMs);
    const before = own?.fromMs ?? Infinity;
    this.cells.filter(({ recordedMs }) => recordedMs < before).forEach(add);
    const ofDay = own ? [...this.made.of(own)] : [];
    ofDay.filter(({ recordedMs }) => recordedMs <= instantMs).forEach(add);
    return sums;
  }
}
