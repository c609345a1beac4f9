/**
 * Tells SQLite how the rows of large tables lie. Without it SQLite takes a shop for ten rows, and reads all that a shop has of them rather
 * than use an index by member; what ANALYZE would say depends on the day, and a plan with it.
 */
import type Sqlite from "better-sqlite3";

const ROWS = 1_000_000;
const ROWS_OF_SHOP = 100_000;
/** Of columns that say what sort of row it is, or what of a few things it belongs to. */
const SORTS = new Set([
  ...["disputeState", "isOpen", "kind", "ownerType", "rewardId", "state", "status", "tierId", "verdict"],
]);
const SORT_SHARE = 4;
/** Of anything else: a member's, a product's, a moment's. */
const ROWS_ALIKE = 10;

/** For each of an index's first columns, how many rows are alike in all up to it. */
function rowsAlike(columns: readonly string[], isUnique: boolean): number[] {
  let rows = ROWS;
  return columns.map((name, at) => {
    if (isUnique && at === columns.length - 1) rows = 1;
    else if (name === "shopId") rows = ROWS_OF_SHOP;
    else if (SORTS.has(name)) rows = Math.ceil(rows / SORT_SHARE);
    else rows = Math.min(rows, ROWS_ALIKE);
    return rows;
  });
}

/** Takes effect for connections that are opened afterwards. */
export function tellTableSizes(db: Sqlite.Database): void {
  const indexes = db
    .prepare<[], { table: string; index: string; isUnique: number; columns: string }>(
      `SELECT t.name AS "table", CASE i.origin WHEN 'pk' THEN t.name ELSE i.name END AS "index", i."unique" AS "isUnique",
         (SELECT json_group_array(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
       FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS i WHERE t.wr = 1 AND t.schema = 'main' ORDER BY 1, 2`,
    )
    .all();
  const sizes = indexes.flatMap(({ table, index, isUnique, columns }) => {
    const names = JSON.parse(columns) as string[];
    return names[0] === "shopId"
      ? [[table, index, [ROWS, ...rowsAlike(names, isUnique === 1)].join(" ")]]
      : [];
  });
  // Its tables of sizes and of samples can be made by nothing else.
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get())
    db.exec("ANALYZE _prisma_migrations");
  const told = db.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2").raw().all();
  const isSampled = db.prepare("SELECT 1 FROM sqlite_stat4").get() !== undefined;
  if (!isSampled && JSON.stringify(told) === JSON.stringify(sizes)) return;
  db.transaction(() => {
    db.exec("DELETE FROM sqlite_stat1; DELETE FROM sqlite_stat4");
    const tell = db.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)");
    for (const row of sizes) tell.run(...row);
  })();
}
