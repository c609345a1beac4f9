/** Reads facts and writes rows on a SQLite connection of its own, with prepared statements and no Prisma in between. */
import type Sqlite from "better-sqlite3";
import type { FactSource } from "../order-facts.ts";
import type { CheckoutRow, CustomerRow, OrderRows } from "../order-rows.ts";
import { factSql } from "./fact-sql.ts";
import {
  CHECKOUT_COLUMNS,
  CUSTOMER_COLUMNS,
  LINE_COLUMNS,
  ORDER_COLUMNS,
  REFUND_COLUMNS,
  valuesOf,
} from "./row-columns.ts";

export interface SqliteTables {
  facts(shopId: number, subjectKeys: readonly Uint8Array[]): FactSource;
  /** Throws where the shop is gone. */
  demandShop(shopId: number): void;
  bumpDataVersion(shopId: number): number;
  /** Replaces orders whole; `storedIds` are those of them that have rows already. */
  replaceOrders(shopId: number, rows: OrderRows, isStored: (orderId: number) => boolean): void;
  replaceCustomers(rows: readonly CustomerRow[]): void;
  replaceCheckouts(rows: readonly CheckoutRow[]): void;
}

export function sqliteTables(db: Sqlite.Database): SqliteTables {
  const lookups = factStatements(db);
  const bump = db
    .prepare(`UPDATE "Shop" SET "dataVersion" = "dataVersion" + 1 WHERE "id" = ? RETURNING "dataVersion"`)
    .pluck();
  const hasShop = db.prepare(`SELECT 1 FROM "Shop" WHERE "id" = ?`).pluck();
  const putOrder = db.prepare(insertSql("Order", ORDER_COLUMNS));
  const putLine = db.prepare(insertSql("OrderLine", LINE_COLUMNS));
  const putRefund = db.prepare(insertSql("Refund", REFUND_COLUMNS));
  const putCustomer = db.prepare(insertSql("Customer", CUSTOMER_COLUMNS));
  const putCheckout = db.prepare(insertSql("AbandonedCheckout", CHECKOUT_COLUMNS));
  const dropLines = db.prepare(`DELETE FROM "OrderLine" WHERE "shopId" = ? AND "orderId" = ?`);
  const dropRefunds = db.prepare(`DELETE FROM "Refund" WHERE "shopId" = ? AND "orderId" = ?`);

  return {
    facts: (shopId, subjectKeys) => lookups(shopId, subjectKeys),
    demandShop(shopId) {
      if (hasShop.get(shopId) === undefined) throw new Error(`no shop ${shopId}`);
    },
    bumpDataVersion(shopId) {
      const version = bump.get(shopId);
      if (typeof version !== "number") throw new Error(`no shop ${shopId}`);
      return version;
    },
    replaceOrders(shopId, { orders, lines, refunds }, isStored) {
      for (const order of orders) {
        if (isStored(order.id)) {
          dropLines.run(shopId, order.id);
          dropRefunds.run(shopId, order.id);
        }
        putOrder.run(valuesOf(order));
      }
      for (const line of lines) {
        const values = valuesOf(line);
        values[values.length - 1] = Number(line.isGiftCard);
        putLine.run(values);
      }
      for (const refund of refunds) putRefund.run(valuesOf(refund));
    },
    replaceCustomers(rows) {
      for (const row of rows) {
        const values = valuesOf(row);
        values[CUSTOMER_COLUMNS.indexOf("excluded")] = Number(row.excluded);
        putCustomer.run(values);
      }
    },
    replaceCheckouts(rows) {
      for (const row of rows) putCheckout.run(valuesOf(row));
    },
  };
}

function insertSql(table: string, columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(", ");
  return `INSERT OR REPLACE INTO "${table}" (${names}) VALUES (${columns.map(() => "?").join(", ")})`;
}

function factStatements(db: Sqlite.Database) {
  const texts = factSql((column) => `${column} IN (SELECT value FROM json_each(?))`);
  const prepare = (sql: string) => db.prepare(sql.replace("$1", "?")).raw();
  const statements = {
    storedOrders: prepare(texts.storedOrders),
    storedCustomers: prepare(texts.storedCustomers),
    storedCheckouts: prepare(texts.storedCheckouts),
    deletedOrders: prepare(texts.deletedOrders).pluck(),
    storedCosts: prepare(texts.storedCosts),
    unitCosts: prepare(texts.unitCosts),
    aliases: prepare(texts.aliases),
    hasErasures: prepare(texts.hasErasures).pluck(),
    erased: prepare(texts.erased),
  };
  return (shopId: number, subjectKeys: readonly Uint8Array[]): FactSource => {
    const ask = <Row>(statement: Sqlite.Statement, list: readonly unknown[]) =>
      statement.all(shopId, JSON.stringify(list)) as Row[];
    return {
      shopId,
      subjectKeys: () => subjectKeys,
      storedOrders: async (ids) => ask(statements.storedOrders, ids),
      storedCustomers: async (ids) => ask(statements.storedCustomers, ids),
      storedCheckouts: async (ids) => ask(statements.storedCheckouts, ids),
      deletedOrders: async (ids) => ask(statements.deletedOrders, ids),
      storedCosts: async (ids) => ask(statements.storedCosts, ids),
      unitCosts: async (ids) => ask(statements.unitCosts, ids),
      aliases: async (ids) => ask(statements.aliases, ids),
      hasErasures: async () => statements.hasErasures.get(shopId) === 1,
      erased: async (hashes) => ask(statements.erased, hashes),
    };
  };
}
