/** Writes a whole history's orders and customers fast, with the same rows as the stores leave. */
import type { Customer } from "../../core/customer.ts";
import type { Order } from "../../core/order.ts";
import { saveCustomers } from "../stores/customers.server.ts";
import { saveOrders } from "../stores/orders.server.ts";
import type { Database } from "../types.ts";

export async function writeOrdersInBulk(
  db: Database,
  shopId: number,
  orders: readonly Order[],
): Promise<{ applied: number }> {
  return db.write((tx) => saveOrders(tx, shopId, orders));
}

export async function writeCustomersInBulk(
  db: Database,
  shopId: number,
  customers: readonly Customer[],
): Promise<{ applied: number }> {
  return db.write((tx) => saveCustomers(tx, shopId, customers));
}
