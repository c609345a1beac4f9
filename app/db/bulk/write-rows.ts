/**
 * Writes many rows in one statement, over those of the same key where it is asked to. They come to the database as one text of JSON:
 * Prisma writes rows one by one, and spends more on a parameter than the database on a row.
 */
import { Prisma } from "../generated/sqlite/client.ts";
import { chunks } from "../plain.ts";
import type { Transaction } from "../types.ts";

type SqlRow = Readonly<Record<string, string | number | boolean | null>>;

const ROWS_AT_ONCE = 2_000;

/**
 * All rows have the columns of the first; of those with one key the last is written. Without `key` a row that is there already is an
 * error.
 */
export async function writeRows(
  tx: Transaction,
  table: string,
  rows: readonly SqlRow[],
  key: readonly string[] = [],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  const changed = columns
    .filter((name) => !key.includes(name))
    .map((name) => `"${name}" = excluded."${name}"`);
  const over = key.length === 0 ? "" : `ON CONFLICT (${quoted(key)}) DO UPDATE SET ${changed.join(", ")}`;
  const [before, after] =
    tx.dialect === "sqlite"
      ? [`SELECT ${columns.map((_, at) => `value ->> ${at}`).join(", ")} FROM json_each(`, ") WHERE true"]
      : [`SELECT ${quoted(columns)} FROM json_populate_recordset(NULL::"${table}", `, "::json)"];
  for (const some of chunks(lastOfEach(rows, key), ROWS_AT_ONCE)) {
    const content = tx.dialect === "sqlite" ? some.map((row) => columns.map((name) => row[name])) : some;
    const statement = [`INSERT INTO "${table}" (${quoted(columns)}) ${before}`, `${after} ${over}`];
    await tx.sql.run(new Prisma.Sql(statement, [JSON.stringify(content)]));
  }
}

function lastOfEach(rows: readonly SqlRow[], key: readonly string[]): readonly SqlRow[] {
  if (key.length === 0) return rows;
  const byKey = new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row]));
  return [...byKey.values()];
}
