/** Prisma reads 64-bit integers as BigInt; all of ours are below 2^53 and plain numbers inside the app. */

type PlainValue<V> = V extends bigint ? number : V;
export type Plain<Row> = { [Column in keyof Row]: PlainValue<Row[Column]> };

/** A row with its BigInts as numbers. Prisma takes numbers for them when it writes. */
export function plain<Row extends object>(row: Row): Plain<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, typeof value === "bigint" ? Number(value) : value]),
  ) as Plain<Row>;
}

/** Splits a list into parts of at most `size`. */
export function* chunks<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
