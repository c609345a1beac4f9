/** Asks the database what it knows about a batch of orders or customers; each way of writing brings its own source. */
import type { AbandonedCheckout } from "../core/checkout.ts";
import type { Customer } from "../core/customer.ts";
import type { Order } from "../core/order.ts";
import {
  ownerAt,
  currentCustomers,
  type CheckoutRow,
  type OrderFacts,
  type Owners,
  type UnitCostSnapshot,
} from "./order-rows.ts";
import { hashSubject } from "./subject-hash.ts";

/** Lookups within one shop. Every list may be long; the source splits it where its database needs that. */
export interface FactSource {
  shopId: number;
  storedOrders(orderIds: number[]): Promise<[orderId: number, updatedAt: number][]>;
  storedCustomers(customerIds: number[]): Promise<[customerId: number, updatedAt: number][]>;
  storedCheckouts(checkoutIds: number[]): Promise<[checkoutId: number, updatedAt: number][]>;
  deletedOrders(orderIds: number[]): Promise<number[]>;
  storedCosts(orderIds: number[]): Promise<[orderId: number, lineId: number, costMinor: number][]>;
  /** Oldest first. */
  unitCosts(variantIds: number[]): Promise<[variantId: number, validFrom: number, costMinor: number][]>;
  aliases(fromIds: number[]): Promise<[fromId: number, toId: number][]>;
  hasErasures(): Promise<boolean>;
  /** Those of the hashes that are of erased customers, and since when these are members again. */
  erased(subjectHashes: string[]): Promise<[subjectHash: string, rejoinedAt: number | null][]>;
  subjectKeys: () => readonly Uint8Array[];
}

export type KnownOrders = Pick<OrderFacts, "storedUpdatedAt" | "deletedOrderIds">;

/** Enough to tell which of the orders are to be written. */
export async function loadKnownOrders(source: FactSource, orders: readonly Order[]): Promise<KnownOrders> {
  const ids = orders.map(({ id }) => id);
  return {
    storedUpdatedAt: new Map(await source.storedOrders(ids)),
    deletedOrderIds: new Set(await source.deletedOrders(ids)),
  };
}

/** All else that the rows of these orders depend on. */
export async function loadOrderFacts(
  source: FactSource,
  orders: readonly Order[],
  known: KnownOrders,
): Promise<OrderFacts> {
  const stored = orders.map(({ id }) => id).filter((id) => known.storedUpdatedAt.has(id));
  const customerIds = new Set<number>();
  const variantIds = new Set<number>();
  for (const order of orders) {
    if (order.customerId !== null) customerIds.add(order.customerId);
    for (const { variantId } of order.lines) if (variantId !== null) variantIds.add(variantId);
  }
  return {
    ...known,
    storedCosts: stored.length === 0 ? new Map() : await loadStoredCosts(source, stored),
    unitCosts: await loadUnitCosts(source, [...variantIds]),
    owners: await loadOwners(source, customerIds),
  };
}

async function loadStoredCosts(source: FactSource, orderIds: number[]): Promise<OrderFacts["storedCosts"]> {
  const costs = new Map<number, Map<number, number>>();
  for (const [orderId, lineId, costMinor] of await source.storedCosts(orderIds)) {
    const ofOrder = costs.get(orderId);
    if (ofOrder) ofOrder.set(lineId, costMinor);
    else costs.set(orderId, new Map([[lineId, costMinor]]));
  }
  return costs;
}

async function loadUnitCosts(source: FactSource, variantIds: number[]): Promise<OrderFacts["unitCosts"]> {
  const costs = new Map<number, UnitCostSnapshot[]>();
  for (const [variantId, validFrom, costMinor] of await source.unitCosts(variantIds)) {
    const ofVariant = costs.get(variantId);
    if (ofVariant) ofVariant.push({ validFrom, costMinor });
    else costs.set(variantId, [{ validFrom, costMinor }]);
  }
  return costs;
}

/** Those of the customers that are another one by now (merged) or nobody (erased). Who has joined again is somebody. */
export async function loadCurrentCustomers(
  source: FactSource,
  customerIds: ReadonlySet<number>,
): Promise<ReadonlyMap<number, number | null>> {
  return (await loadOwners(source, customerIds)).changed;
}

async function loadOwners(source: FactSource, customerIds: ReadonlySet<number>): Promise<Owners> {
  const aliases = new Map<number, number>();
  for (let asked = [...customerIds]; asked.length > 0;) {
    const found = await source.aliases(asked);
    for (const [fromId, toId] of found) aliases.set(fromId, toId);
    asked = found.map(([, toId]) => toId).filter((id) => !customerIds.has(id) && !aliases.has(id));
  }
  const erased = await erasedAmong(source, new Set([...customerIds, ...aliases.values()]));
  const changed = currentCustomers(customerIds, aliases, (id) => erased.get(id) === null);
  const rejoined = new Map([...erased].flatMap(([id, at]) => (at === null ? [] : [[id, at] as const])));
  return { changed, rejoined };
}

/** Since when each is a member again; `null`: erased. */
async function erasedAmong(
  source: FactSource,
  ids: ReadonlySet<number>,
): Promise<Map<number, number | null>> {
  // Most shops have no erasure at all, and hashing every customer of a batch is not free.
  if (ids.size === 0 || !(await source.hasErasures())) return new Map();
  const owners = new Map<string, number>();
  for (const id of ids) {
    for (const hash of hashSubject(source.subjectKeys(), source.shopId, id)) owners.set(hash, id);
  }
  const erased = new Map<number, number | null>();
  for (const [hash, rejoinedAt] of await source.erased([...owners.keys()])) {
    const id = owners.get(hash);
    if (id !== undefined) erased.set(id, rejoinedAt);
  }
  return erased;
}

/** Those of a batch of customers that are to be written: newer than what is stored, and still themselves. */
export async function applicableCustomers(
  source: FactSource,
  customers: readonly Customer[],
): Promise<Customer[]> {
  const ids = customers.map(({ id }) => id);
  const gone = await loadCurrentCustomers(source, new Set(ids));
  const stored = new Map(await source.storedCustomers(ids));
  return newestOf(
    customers.filter(({ id }) => !gone.has(id)),
    stored,
  );
}

/** The rows of those of a batch of checkouts that are newer than what is stored, with whose they are now. */
export async function applicableCheckouts(
  source: FactSource,
  checkouts: readonly AbandonedCheckout[],
): Promise<CheckoutRow[]> {
  const stored = new Map(await source.storedCheckouts(checkouts.map(({ id }) => id)));
  const newest = newestOf(checkouts, stored);
  const owners = await loadOwners(source, new Set(newest.flatMap(({ customerId }) => customerId ?? [])));
  return newest.map(({ id, customerId, createdAt, updatedAt, completedAt }) => ({
    shopId: source.shopId,
    id,
    customerId: ownerAt(owners, customerId, createdAt),
    createdAt,
    updatedAt,
    completedAt,
  }));
}

/** The newest of each id, where it is not older than what is stored. */
function newestOf<T extends { id: number; updatedAt: number }>(
  items: readonly T[],
  storedUpdatedAt: ReadonlyMap<number, number>,
): T[] {
  const newest = new Map<number, T>();
  for (const item of items) {
    const known = newest.get(item.id)?.updatedAt ?? storedUpdatedAt.get(item.id);
    if (known === undefined || item.updatedAt >= known) newest.set(item.id, item);
  }
  return [...newest.values()];
}
