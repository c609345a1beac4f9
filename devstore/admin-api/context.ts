/** What every resolver may use: the shop that is asked, the moment, and what the asking app may see. */
import type { OrderState, ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** The app that asks. */
export interface AppIdentity {
  clientId: string;
  /** Stands in the names of its own metafield namespaces. */
  numericId: number;
  title: string;
  handle: string;
  scopes: readonly string[];
  optionalScopes: readonly string[];
}

export interface Context {
  world: World;
  shop: ShopState;
  app: AppIdentity;
  now: number;
  scopes: ReadonlySet<string>;
  /** Orders made before this moment are hidden: 60 days ago without read_all_orders. */
  ordersFrom: number;
  /** The visible orders of each customer, gathered at the first question of a request. */
  ordersByCustomer: () => ReadonlyMap<number, readonly OrderState[]>;
}

const SIXTY_DAYS = 60 * 86_400_000;

export function createContext(
  world: World,
  shop: ShopState,
  app: AppIdentity,
  scopes: ReadonlySet<string>,
): Context {
  const at = now(world);
  const ordersFrom = scopes.has("read_all_orders") ? -Infinity : at - SIXTY_DAYS;
  let byCustomer: Map<number, OrderState[]> | undefined;
  return {
    world,
    shop,
    app,
    now: at,
    scopes,
    ordersFrom,
    ordersByCustomer: () => (byCustomer ??= groupByCustomer(shop, ordersFrom)),
  };
}

function groupByCustomer(shop: ShopState, ordersFrom: number): Map<number, OrderState[]> {
  const groups = new Map<number, OrderState[]>();
  for (const order of shop.orders.values()) {
    if (order.customerId === null || order.createdAt < ordersFrom) continue;
    const group = groups.get(order.customerId);
    if (group) group.push(order);
    else groups.set(order.customerId, [order]);
  }
  return groups;
}
