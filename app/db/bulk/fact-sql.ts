/** The lookups before a bulk write, in the SQL that both dialects share but for how a list of values is passed. */

/** `$1` is the shop; `$2` the list, which `isIn` compares a column with. */
export function factSql(isIn: (column: string, type: "bigint" | "text") => string) {
  return {
    storedOrders: `SELECT "id", "updatedAt" FROM "Order" WHERE "shopId" = $1 AND ${isIn(`"id"`, "bigint")}`,
    storedCustomers: `SELECT "id", "updatedAt" FROM "Customer" WHERE "shopId" = $1 AND ${isIn(`"id"`, "bigint")}`,
    storedCheckouts: `SELECT "id", "updatedAt" FROM "AbandonedCheckout" WHERE "shopId" = $1 AND ${isIn(`"id"`, "bigint")}`,
    deletedOrders: `SELECT "orderId" FROM "OrderTombstone" WHERE "shopId" = $1 AND ${isIn(`"orderId"`, "bigint")}`,
    storedCosts: `SELECT "orderId", "id", "unitCostMinor" FROM "OrderLine"
      WHERE "shopId" = $1 AND ${isIn(`"orderId"`, "bigint")} AND "unitCostMinor" IS NOT NULL`,
    unitCosts: `SELECT "variantId", "validFrom", "costMinor" FROM "UnitCost"
      WHERE "shopId" = $1 AND ${isIn(`"variantId"`, "bigint")} ORDER BY "validFrom"`,
    aliases: `SELECT "fromId", "toId" FROM "CustomerAlias" WHERE "shopId" = $1 AND ${isIn(`"fromId"`, "bigint")}`,
    hasErasures: `SELECT EXISTS (SELECT 1 FROM "Erasure" WHERE "shopId" = $1)`,
    erased: `SELECT "subjectHash", "rejoinedAt" FROM "Erasure" WHERE "shopId" = $1 AND ${isIn(`"subjectHash"`, "text")}`,
  };
}
