/** A shop with one product, one customer and the app in it, whose webhooks are worked only when a test says so. */
import { expect } from "vitest";
import type { Database } from "../../app/db/types.ts";
import { processEvents } from "../../app/services/sync/process-events.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState, OrderState, ProductState, ShopState } from "../../devstore/state/model.ts";
import type { Result } from "../../devstore/state/result.ts";
import { createShop } from "../../devstore/state/world.ts";
import { installApp, type LocalShopify } from "./local-shopify.ts";

let count = 0;

/** The outcome of an action that a test expects to succeed. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

export interface OpenShop {
  db: Database;
  shop: ShopState;
  shopId: number;
  product: ProductState;
  customer: CustomerState;
  order(customerId?: number): OrderState;
}

export async function openShop(local: LocalShopify, db: Database): Promise<OpenShop> {
  count += 1;
  const shop = value(
    createShop(local.world, {
      domain: `open-${count}.myshopify.com`,
      plan: "plus",
      timeZone: "America/New_York",
    }),
  );
  const product = value(
    actions.createProduct(local.world, shop, {
      title: "Tea",
      productType: "Tea",
      variants: [{ title: "Box", priceMinor: 1_000, unitCostMinor: 400 }],
    }),
  );
  const customer = value(
    actions.createCustomer(local.world, shop, { firstName: "Ann", email: "ann@example.com" }),
  );
  const shopId = await installApp(local, db, shop);
  const order = (customerId?: number) =>
    value(
      actions.createOrder(local.world, shop, {
        lines: [{ variantId: product.variantIds[0] ?? 0, quantity: 2 }],
        ...(customerId === undefined ? {} : { customerId }),
      }),
    );
  return { db, shop, shopId, product, customer, order };
}

/** Waits until every webhook has been answered, then works what was stored. */
export async function workEvents(
  local: LocalShopify,
  { db, shopId }: Pick<OpenShop, "db" | "shopId">,
): Promise<void> {
  await local.devstore.webhooks.idle();
  await processEvents(db, shopId, AbortSignal.timeout(20_000));
  expect(await db.prisma.inboxEvent.count({ where: { shopId, processedAt: null } })).toBe(0);
}
