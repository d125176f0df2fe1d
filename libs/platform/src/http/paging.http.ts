import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { RequestFault } from './request-fault.js';

/** Most items of a page. */
export const pageItemsMax = 200;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What to send as `cursor` for the next page; null on the last. */
  readonly next: string | null;
  /** Position (`incarnation.number`) that the list stands at; null while it has seen nothing. */
  readonly position: string | null;
}

/** Query of every list; extend it with filters. `limit` is {@link PageQuery.defaultLimit} when absent. */
export class PageQuery {
  static readonly defaultLimit = 50;

  @ApiPropertyOptional({ description: 'the `next` of the page before' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,1024}$/, { message: 'is not a cursor' })
  readonly cursor?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: pageItemsMax,
    default: PageQuery.defaultLimit,
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[0-9]{1,6}$/.test(value) ? Number.parseInt(value, 10) : value,
  )
  @IsInt({ message: 'is not a whole number' })
  @Min(1)
  @Max(pageItemsMax)
  readonly limit?: number;
}

/** An opaque cursor of the sort key of a page's last item. */
export function encodeCursor(sortKey: readonly string[]): string {
  return Buffer.from(JSON.stringify(sortKey)).toString('base64url');
}

/**
 * The sort key of a cursor; undefined where there is none. Throws `http/invalid` unless it has exactly `parts` texts, each
 * of the given shape.
 */
export function decodeCursor(
  cursor: string | undefined,
  parts: number,
  shape = /^\P{Cc}*$/u,
): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const fault = new RequestFault('http/invalid', {
    fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
  });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw fault;
  }
  if (!Array.isArray(value) || value.length !== parts) throw fault;
  return value.map((part: unknown) => {
    if (typeof part !== 'string' || !shape.test(part)) throw fault;
    return part;
  });
}

/** Makes a page of rows read one beyond `limit`, so that a full last page has no `next`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  position: string | null,
  item: (row: Row) => Item,
  sortKey: (row: Row) => readonly string[],
): Page<Item> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(item),
    next: last === undefined ? null : encodeCursor(sortKey(last)),
    position,
  };
}
