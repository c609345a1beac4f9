/** Writes a whole history's orders, customers and checkouts fast, with the same rows as the stores leave, on either database. */
import type { AbandonedCheckout } from "../../core/checkout.ts";
import type { Customer } from "../../core/customer.ts";
import type { Order } from "../../core/order.ts";
import type { Database } from "../types.ts";
import {
  writeCheckoutsToPostgresql,
  writeCustomersToPostgresql,
  writeOrdersToPostgresql,
} from "./bulk-writer.postgresql.ts";
import { writeCheckoutsToSqlite, writeCustomersToSqlite, writeOrdersToSqlite } from "./bulk-writer.sqlite.ts";

/**
 * Writes in several transactions of its own, so it cannot run inside `write`; a crash between them leaves whole orders,
 * and writing the same again finishes. Resolves when all is committed.
 */
export async function writeOrdersInBulk(
  db: Database,
  shopId: number,
  orders: readonly Order[],
): Promise<{ applied: number }> {
  return db.dialect === "sqlite"
    ? writeOrdersToSqlite(db, shopId, orders)
    : writeOrdersToPostgresql(db, shopId, orders);
}

export async function writeCustomersInBulk(
  db: Database,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  return db.dialect === "sqlite"
    ? writeCustomersToSqlite(db, shopId, customers)
    : writeCustomersToPostgresql(db, shopId, customers);
}

export async function writeCheckoutsInBulk(
  db: Database,
  shopId: number,
  checkouts: readonly AbandonedCheckout[],
): Promise<{ applied: number }> {
  return db.dialect === "sqlite"
    ? writeCheckoutsToSqlite(db, shopId, checkouts)
    : writeCheckoutsToPostgresql(db, shopId, checkouts);
}
