import type { Invariant } from '../faults/invariants.js';
import { spreadOf } from './statistics.js';

/** A rule that a figure must not pass; one that is not there breaks it. */
export function atMost(rule: string, found: number, limit: number, unit: string): Invariant {
  const told = `${found.toFixed(1)} ${unit}, not ${limit.toFixed(1)} at most`;
  return { rule, count: 1, broken: found <= limit ? [] : [told] };
}

/** A rule that a figure must reach. */
export function atLeast(rule: string, found: number, limit: number, unit: string): Invariant {
  const told = `${found.toFixed(1)} ${unit}, not ${limit.toFixed(1)} at least`;
  return { rule, count: 1, broken: found >= limit ? [] : [told] };
}

/** How far something may rise that is to stay as it was. */
export interface Slack {
  readonly unit: string;
  /** Of what it was, such as 1.1. */
  readonly factor: number;
  /** What it may rise by in any case. */
  readonly beside: number;
}

/** A rule that the middle of the last third of some samples is not above the middle of the first third. */
export function flat(rule: string, samples: readonly number[], { unit, factor, beside }: Slack): Invariant {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const [before, after] = [samples.slice(0, third), samples.slice(-third)].map(
    (part) => spreadOf(part).median,
  );
  const limit = (before ?? NaN) * factor + beside;
  const { broken } = atMost(rule, after ?? NaN, limit, unit);
  return { rule: `${rule} stays as it was`, count: samples.length, broken };
}
