import type { LocalDate } from '#kernel/dates.js';

/** Money with a day and a sum in minor units. */
export interface DatedSum {
  readonly amount: bigint;
  readonly on: LocalDate;
}

const msADay = 86_400_000;

/** Finds what may be the same money: the same sum, at most so many days apart, the nearest first, each found once. */
export class SameMoney<Known extends DatedSum> {
  readonly #bySum = new Map<bigint, Known[]>();

  constructor(
    known: readonly Known[],
    private readonly daysApartMax: number,
  ) {
    for (const one of known) this.#bySum.set(one.amount, [...(this.#bySum.get(one.amount) ?? []), one]);
  }

  /** Takes what may be this money, if there is any left. */
  take({ amount, on }: DatedSum): Known | undefined {
    const alike = this.#bySum.get(amount) ?? [];
    const [nearest] = alike
      .filter((one) => isNear(one, { amount, on }, this.daysApartMax))
      .sort((a, b) => daysBetween(a.on, on) - daysBetween(b.on, on));
    if (nearest) alike.splice(alike.indexOf(nearest), 1);
    return nearest;
  }
}

/** Whether two sums are the same, and their days no further apart than this. */
export function isNear(one: DatedSum, other: DatedSum, daysApartMax: number): boolean {
  return one.amount === other.amount && daysBetween(one.on, other.on) <= daysApartMax;
}

/** So many at most, those from the nearest days first. */
export function nearest<Known extends DatedSum>(
  known: readonly Known[],
  on: LocalDate,
  max: number,
): readonly Known[] {
  return [...known].sort((a, b) => daysBetween(a.on, on) - daysBetween(b.on, on)).slice(0, max);
}

function daysBetween(one: LocalDate, other: LocalDate): number {
  return Math.abs(Date.parse(`${one}T00:00:00Z`) - Date.parse(`${other}T00:00:00Z`)) / msADay;
}
