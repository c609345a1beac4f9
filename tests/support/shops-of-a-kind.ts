/** Shops of every kind that a page must be right for, small enough for a browser's journey. */
import { generateHistory } from "../../devstore/history/generate.ts";
import type { ShopHistory } from "../../devstore/history/model.ts";
import { fillShop, type FilledShop } from "../../devstore/state/fill.ts";
import type { ShopState, World } from "../../devstore/state/model.ts";
import { createShop } from "../../devstore/state/world.ts";
import { value } from "./open-shop.ts";

const DAY_MS = 86_400_000;

export interface ShopSize {
  seed: number;
  orders: number;
}

/** A year and a half to yesterday, of everything that happens at shops. */
function someHistory({ seed, orders }: ShopSize): ShopHistory {
  return generateHistory({
    seed,
    orders,
    customers: Math.round(orders * 0.4),
    products: 24,
    days: 550,
    endDay: Math.floor(Date.now() / DAY_MS) - 1,
  });
}

export function generatedShop(world: World, domain: string, size: ShopSize): FilledShop {
  return onPlus(fillShop(world, domain, someHistory(size)));
}

/** Everybody buys without an account, so nobody can be told to come back. */
export function shopOfGuests(world: World, domain: string, size: ShopSize): FilledShop {
  const history = someHistory(size);
  return onPlus(
    fillShop(world, domain, {
      ...history,
      customers: [],
      orders: history.orders.map((order) => ({ ...order, customerKey: null, companyKey: null })),
      checkouts: [],
    }),
  );
}

/** Opened today: no product, no customer, no order. */
export function emptyShop(world: World, domain: string): ShopState {
  return value(createShop(world, { domain, plan: "plus" }));
}

/** The plan with the largest bucket, so that a test does not wait for a smaller one to fill. */
export function onPlus(filled: FilledShop): FilledShop {
  filled.shop.plan = "plus";
  return filled;
}
