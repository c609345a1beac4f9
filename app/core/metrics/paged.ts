/** One page of a long table of figures, sorted by one of them. */

export interface Paging<Key extends string> {
  sort: Key;
  descending: boolean;
  offset: number;
  limit: number;
  /** Rows that name one of these ids; all rows unless told. */
  only?: readonly number[] | undefined;
}

export interface Paged<Row> {
  rows: Row[];
  /** Rows that match, on all pages. */
  total: number;
}

/** Rows without the figure stand last in either direction; rows with the same figure keep their order. */
export function pageOf<Row, Key extends string>(
  rows: readonly Row[],
  paging: Paging<Key>,
  figureOf: (row: Row, key: Key) => number | null,
  idsOf: (row: Row) => readonly number[],
): Paged<Row> {
  const { sort, descending, offset, limit } = paging;
  const only = paging.only && new Set(paging.only);
  const matching = only ? rows.filter((row) => idsOf(row).some((id) => only.has(id))) : rows;
  const direction = descending ? -1 : 1;
  const sorted = matching.toSorted((a, b) => {
    const [x, y] = [figureOf(a, sort), figureOf(b, sort)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return direction * (x - y);
  });
  return { rows: sorted.slice(offset, offset + limit), total: matching.length };
}
