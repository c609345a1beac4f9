import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrateDatabase } from "./migrate.server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "perennial-plans-"));
const file = path.join(folder, "plans.db");
let db: Sqlite.Database;

beforeAll(async () => {
  await migrateDatabase(`file:${file}`);
  db = new Sqlite(file);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const planOf = (sql: string) =>
  db
    .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail);

test.each([
  ["Order", `"customerId" = 5`, "Order_shopId_customerId_idx"],
  ["Order", `"customerId" IN (5, 6) AND "day" > 7`, "Order_shopId_customerId_idx"],
  ["Lot", `"memberId" = 5 AND "isOpen"`, "Lot_shopId_memberId_isOpen_idx"],
  ["OrderAccrual", `"memberId" = 5`, "OrderAccrual_shopId_memberId_idx"],
  ["LedgerTransaction", `"memberId" = 5`, "LedgerTransaction_shopId_memberId_number_key"],
  ["Redemption", `"memberId" = 5`, "Redemption_shopId_memberId_idx"],
  ["Redemption", `"usedOrderId" = 5`, "Redemption_shopId_usedOrderId_idx"],
])("a customer's rows of %s where %s are not looked for in the whole shop", (table, where, index) => {
  expect(planOf(`SELECT * FROM "${table}" WHERE "shopId" = 1 AND ${where}`)).toEqual([
    expect.stringContaining(`USING INDEX ${index} `),
  ]);
});

test("what is told names indexes that there are, in as many numbers as they have columns", () => {
  const told = db
    .prepare<[], { tbl: string; idx: string; stat: string }>(`SELECT "tbl", "idx", "stat" FROM sqlite_stat1`)
    .all();
  expect(told.length).toBeGreaterThan(20);
  for (const { tbl, idx, stat } of told) {
    const [name] =
      tbl === idx
        ? db
            .prepare<[string], { name: string }>(
              `SELECT "name" FROM pragma_index_list(?) WHERE "origin" = 'pk'`,
            )
            .all(tbl)
            .map(({ name: of }) => of)
        : [idx];
    const columns = db.prepare<[string], object>(`SELECT * FROM pragma_index_info(?)`).all(name ?? "").length;
    expect([idx, stat.split(" ").length - 1]).toEqual([idx, columns]);
  }
});

test("telling twice changes nothing", async () => {
  const told = () => db.prepare(`SELECT * FROM sqlite_stat1 ORDER BY "tbl", "idx"`).all();
  const before = told();
  await migrateDatabase(`file:${file}`);
  expect(told()).toEqual(before);
});
