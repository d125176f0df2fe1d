import type { Position } from '#kernel/position.js';
import { formatPosition } from '#kernel/position.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { ProjectionFold, Row } from './projection.js';
import { storedKey, storedRow } from './row-values.js';

/** What every input has: where it stands in the one order of all events. */
export interface Positioned {
  readonly position: Position;
}

/** A projection that folds inputs with a position. */
export type Fold<Input extends Positioned = Positioned> = ProjectionFold<Row, Input>;

/** The fold of one projection failed on one input: our bug. The table stays as it was before that batch. */
export class ProjectionFailed extends Error {
  override readonly name = 'ProjectionFailed';

  constructor(
    readonly projection: string,
    readonly position: Position | undefined,
    cause: unknown,
  ) {
    const at = position === undefined ? '' : ` at position ${formatPosition(position)}`;
    super(`${projection}${at}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** One input with the rows that it touches. */
export interface Touch<Input> {
  readonly input: Input;
  readonly keys: readonly string[];
}

/** The rows that a batch touches, before any is loaded; throws {@link ProjectionFailed}. */
export function touchesOf<Input extends Positioned>(
  fold: Fold<Input>,
  inputs: Iterable<Input>,
): readonly Touch<Input>[] {
  const touches: Touch<Input>[] = [];
  for (const input of inputs)
    try {
      const keys = fold.keysOf(input);
      if (keys.length > 0) touches.push({ input, keys: keys.map((key) => storedKey(fold, key)) });
    } catch (cause) {
      throw new ProjectionFailed(fold.name, input.position, cause);
    }
  return touches;
}

/**
 * The rows after a batch by key, undefined where one is gone; only keys whose row was made anew. `find` gives the rows
 * before it, in the form of `storedRow`. Pure; throws {@link ProjectionFailed} with the position of the input that could not be folded.
 */
export function foldBatch<Input extends Positioned>(
  fold: Fold<Input>,
  touches: readonly Touch<Input>[],
  find: (key: string) => Row | undefined,
): ReadonlyMap<string, Row | undefined> {
  const changed = new Map<string, Row | undefined>();
  for (const { input, keys } of touches)
    for (const key of keys) {
      const before = changed.has(key) ? changed.get(key) : find(key);
      const after = rowAfter(fold, before, input, key);
      if (after !== before) changed.set(key, after);
    }
  return changed;
}

/** All rows of a projection folded in memory from its first input: no database, no order but the inputs'. */
export function foldProjection<Input extends Positioned>(
  fold: Fold<Input>,
  inputs: Iterable<Input>,
): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  foldInto(fold, rows, inputs);
  return rows;
}

/** Folds more inputs into rows that an earlier call left, in place; the step by step form of {@link foldProjection}. */
export function foldInto<Input extends Positioned>(
  fold: Fold<Input>,
  rows: Map<string, Row>,
  inputs: Iterable<Input>,
): void {
  for (const [key, row] of foldBatch(fold, touchesOf(fold, inputs), (wanted) => rows.get(wanted)))
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
}

/** The row itself where the fold leaves it as it is: it needs no second look, and not to be written. */
function rowAfter<Input extends Positioned>(
  fold: Fold<Input>,
  before: Row | undefined,
  input: Input,
  key: string,
): Row | undefined {
  try {
    const after = fold.project(before, input, key);
    if (after === undefined || after === before) return after;
    const row = storedRow(fold, after);
    if (row[fold.key] === key) return row;
    throw new InvariantViolation(`row ${String(row[fold.key])} answers for key ${key}`);
  } catch (cause) {
    throw new ProjectionFailed(fold.name, input.position, cause);
  }
}
