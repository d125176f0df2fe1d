/**
 * Where an event stands in the one total order of all events. Given once, at the first append, and carried along by
 * restore and copy. `incarnation` rises by one with each restore; `number` is gapless from 1 on PostgreSQL.
 */
export interface Position {
  readonly incarnation: number;
  readonly number: number;
}

/** Negative when a comes before b, zero when they are the same, positive when a comes after b. */
export function comparePositions(a: Position, b: Position): number {
  return a.incarnation - b.incarnation || a.number - b.number;
}

/** The position as text, `incarnation.number`, for logs, answers and rows. */
export function formatPosition(position: Position): string {
  return `${String(position.incarnation)}.${String(position.number)}`;
}

/** The reverse of {@link formatPosition}, for text of that shape. */
export function parsePosition(formatted: string): Position {
  const [incarnation = '', number = ''] = formatted.split('.');
  return { incarnation: Number.parseInt(incarnation, 10), number: Number.parseInt(number, 10) };
}
