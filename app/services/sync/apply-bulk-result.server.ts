/** Turns a finished bulk operation into rows: each resource with its query, its assembly, its mapping and its write. */
import type { SyncResource } from "../../core/job.ts";
import { writeCustomersInBulk, writeOrdersInBulk } from "../../db/bulk/write-orders.server.ts";
import { saveCheckouts } from "../../db/stores/checkouts.server.ts";
import { saveProducts } from "../../db/stores/products.server.ts";
import { findShopById, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import { assembleFlat, assembleOrders, assembleProducts } from "../../shopify/bulk-assembly.ts";
import {
  checkoutsBulkQuery,
  createdBetween,
  customersBulkQuery,
  ordersBulkQuery,
  productsBulkQuery,
} from "../../shopify/bulk-queries.ts";
import { readBulkResult, type BulkResult } from "../../shopify/bulk.server.ts";
import {
  mapCheckout,
  mapProduct,
  MappingError,
  type CheckoutNode,
  type CustomerNode,
} from "../../shopify/mapping.ts";
import { inChunks } from "./chunks.ts";
import { customerMapper } from "./customer-mapper.ts";
import { orderMapper } from "./order-mapper.ts";
import { recostAfter } from "./recost-after.server.ts";

/** Rows of the small resources in one transaction. */
const SMALL_BATCH = 250;

interface Span {
  resource: SyncResource;
  fromAt: number;
  toAt: number;
}

export function windowQuery({ resource, fromAt, toAt }: Span): string {
  const span = createdBetween(fromAt, toAt);
  switch (resource) {
    case "orders":
      return ordersBulkQuery(span);
    case "customers":
      return customersBulkQuery(span);
    case "products":
      return productsBulkQuery(span);
    case "checkouts":
      return checkoutsBulkQuery(span);
  }
}

/** Reads, maps and saves a result; answers how many records it held. */
export async function applyBulkResult(
  db: Database,
  shopId: number,
  { resource }: Pick<Span, "resource">,
  result: BulkResult,
  signal: AbortSignal,
): Promise<number> {
  const shop = await findShopById(db, shopId);
  if (!shop) return 0;
  switch (resource) {
    case "orders":
      return applyOrders(db, shop, result, signal);
    case "customers":
      return applyCustomers(db, shop, result, signal);
    case "products":
      return applyProducts(db, shop, result, signal);
    case "checkouts":
      return applyCheckouts(db, shop, result, signal);
  }
}

async function applyOrders(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, assembleOrders, { signal });
  const orders = mapReadable(nodes, orderMapper(shop), shop.id);
  failpoint("backfill:before-orders");
  await writeOrdersInBulk(db, shop.id, orders);
  failpoint("backfill:after-orders");
  return nodes.length;
}

async function applyCustomers(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, () => assembleFlat<CustomerNode>(), { signal });
  const customers = mapReadable(nodes, customerMapper(shop), shop.id);
  failpoint("backfill:before-customers");
  await writeCustomersInBulk(db, shop.id, customers);
  failpoint("backfill:after-customers");
  return nodes.length;
}

async function applyProducts(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, assembleProducts, { signal });
  const seenAt = Date.now();
  for (const some of inChunks(nodes, SMALL_BATCH)) {
    const products = mapReadable(some, (node) => mapProduct(node, shop.currency), shop.id);
    failpoint("backfill:before-products");
    await db.write(async (tx) => recostAfter(tx, shop.id, await saveProducts(tx, shop.id, products, seenAt)));
    failpoint("backfill:after-products");
  }
  return nodes.length;
}

async function applyCheckouts(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, () => assembleFlat<CheckoutNode>(), { signal });
  for (const some of inChunks(nodes, SMALL_BATCH)) {
    const checkouts = mapReadable(some, mapCheckout, shop.id);
    failpoint("backfill:before-checkouts");
    await db.write((tx) => saveCheckouts(tx, shop.id, checkouts));
    failpoint("backfill:after-checkouts");
  }
  return nodes.length;
}

/** One record that Shopify tells wrongly must not hold up a whole history: it is left out, named, and missed by the audit. */
function mapReadable<Node, Mapped>(
  nodes: readonly Node[],
  map: (node: Node) => Mapped,
  shopId: number,
): Mapped[] {
  const mapped: Mapped[] = [];
  for (const node of nodes) {
    try {
      mapped.push(map(node));
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      log.warn({ shopId, resourceId: error.resourceId, reason: error.message }, "record left out");
    }
  }
  return mapped;
}
