/** The value below or at which this share (0 to 1) of sorted values lies; NaN where there are none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? NaN;
}

/** Middle, least and greatest of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN];
  return { median: (below + above) / 2, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** What one run measured: a value with its unit, `/s`, `ms`, `s`, `MB`, `% of a core` … */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** How long things took, in milliseconds. */
export class Latencies {
  readonly #ms: number[] = [];

  add(ms: number): void {
    this.#ms.push(ms);
  }

  get count(): number {
    return this.#ms.length;
  }

  /** The value that this share (0 to 1) took at most; NaN where nothing was added. */
  within(share: number): number {
    return percentile(Float64Array.from(this.#ms).sort(), share);
  }

  /** `p50`, `p95`, `p99` and `max`, each named behind `of`, such as `lag p99`. */
  figures(of = ''): readonly Figure[] {
    const sorted = Float64Array.from(this.#ms).sort();
    const named = (name: string): string => (of === '' ? name : `${of} ${name}`);
    return [
      { name: named('p50'), unit: 'ms', value: percentile(sorted, 0.5) },
      { name: named('p95'), unit: 'ms', value: percentile(sorted, 0.95) },
      { name: named('p99'), unit: 'ms', value: percentile(sorted, 0.99) },
      { name: named('max'), unit: 'ms', value: percentile(sorted, 1) },
    ];
  }
}
