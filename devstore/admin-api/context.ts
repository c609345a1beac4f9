/** What every resolver may use: the shop that is asked, the moment, and what the asking app may see. */
import type { DocumentNode, ExecutionResult } from "graphql";
import type { OrderState, ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import type { MetafieldDefinition } from "../auth/app-settings.ts";
import type { BulkRegistry } from "./bulk/registry.ts";
import type { AdminSchema } from "./schemas.ts";

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
  metafieldDefinitions: readonly MetafieldDefinition[];
}

/** What a request comes with. */
export interface Surroundings {
  world: World;
  shop: ShopState;
  app: AppIdentity;
  admin: AdminSchema;
  bulk: BulkRegistry;
  scopes: ReadonlySet<string>;
}

export interface Context extends Surroundings {
  now: number;
  /** Orders made before this moment are hidden: 60 days ago without read_all_orders. */
  ordersFrom: number;
  /** The visible orders of each customer, gathered at the first question of a request. */
  ordersByCustomer: () => ReadonlyMap<number, readonly OrderState[]>;
  /** Runs a further operation in the name of this request: the lines of a bulk mutation. */
  execute: (document: DocumentNode, variables: Record<string, unknown>) => Promise<ExecutionResult>;
}

const SIXTY_DAYS = 60 * 86_400_000;

export function createContext(surroundings: Surroundings, execute: Context["execute"]): Context {
  const { world, shop, scopes } = surroundings;
  const at = now(world);
  const ordersFrom = scopes.has("read_all_orders") ? -Infinity : at - SIXTY_DAYS;
  let byCustomer: Map<number, OrderState[]> | undefined;
  return {
    ...surroundings,
    now: at,
    ordersFrom,
    ordersByCustomer: () => (byCustomer ??= groupByCustomer(shop, ordersFrom)),
    execute,
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
