/** Values to look for as one parameter of JSON, so that a statement is the same whether it asks for one or for a thousand. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

/** What stands after IN, or a table with the column `value`. `type`: of the column, as PostgreSQL names it. */
export function listOf(
  { dialect }: Pick<Reading, "dialect">,
  values: Iterable<string | number>,
  type: "int" | "bigint" | "text",
): Prisma.Sql {
  const list = JSON.stringify([...values]);
  if (dialect === "sqlite") return Prisma.sql`(SELECT value FROM json_each(${list}))`;
  return Prisma.sql`(SELECT value::${Prisma.raw(type)} FROM json_array_elements_text(${list}::json))`;
}
