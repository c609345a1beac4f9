/**
 * Which collections products are in today, for orders that have not been bound to their terms yet. It is asked before the transaction
 * that binds them, and only where the rules name collections at all. Where Shopify does not answer, nothing of the orders is written,
 * and whoever brought them tries again as if the orders themselves had not come.
 */
import { productsInQuestion } from "../../core/loyalty/order-terms.ts";
import { namesCollections, versionFor } from "../../core/loyalty/programme.ts";
import type { Order } from "../../core/order.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import { orderAccruals } from "../../db/stores/order-accruals.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { collectionsOfProducts, type ProductCollections } from "../../shopify/fetch-collections.server.ts";
import { adminFor } from "../access/admin-access.server.ts";

type Placed = Pick<Order, "id" | "customerId" | "placedAt" | "lines">;

/** For orders as they have been fetched. */
export async function askCollections(
  db: Database,
  shopId: number,
  orders: readonly Placed[],
): Promise<ProductCollections> {
  const programme = await findProgramme(db, shopId);
  if (!programme || !mayAsk(programme)) return new Map();
  return askForProducts(db, shopId, await productsOf(db, shopId, programme, orders), new Map());
}

/** For stored orders. Products that are in `known` are not asked for again. */
export async function askStoredCollections(
  db: Database,
  shopId: number,
  orderIds: readonly number[],
  known: ProductCollections,
): Promise<ProductCollections> {
  const programme = await findProgramme(db, shopId);
  if (!programme || !mayAsk(programme)) return known;
  const orders = await storedOrders(db, shopId, orderIds);
  return askForProducts(db, shopId, await productsOf(db, shopId, programme, orders), known);
}

function mayAsk({ versions }: Programme): boolean {
  return versions.some(({ rules }) => namesCollections(rules));
}

async function productsOf(
  db: Database,
  shopId: number,
  programme: Programme,
  orders: readonly Placed[],
): Promise<number[]> {
  const ids = orders.map(({ id }) => id);
  const accruals = await orderAccruals(db, shopId, ids);
  return orders.flatMap((order) => {
    const bound = accruals.get(order.id);
    const version = versionFor(programme, order, bound);
    return version ? productsInQuestion(bound?.terms ?? null, order, version.rules) : [];
  });
}

/** Products that are in `known` are not asked for again. */
export async function askForProducts(
  db: Database,
  shopId: number,
  productIds: readonly number[],
  known: ProductCollections,
): Promise<ProductCollections> {
  const wanted = new Set(productIds.filter((id) => !known.has(id)));
  if (wanted.size === 0) return known;
  const client = await adminFor(db, shopId);
  failpoint("ask-collections:before-fetch");
  const told = await collectionsOfProducts(client, [...wanted]);
  failpoint("ask-collections:after-fetch");
  return new Map([...known, ...told]);
}
