/**
 * Decides what saving orders changes: which are newer than what is stored, whose they are now, and what their units cost.
 * Pure, and shared by the transaction's way and the bulk way, so that both leave the same rows on both databases.
 */
import type { AbandonedCheckout } from "../core/checkout.ts";
import type { Customer } from "../core/customer.ts";
import { orderFlags } from "../core/order-flags.ts";
import type { Order, Refund } from "../core/order.ts";

/** What the database knows about a batch of orders. */
export interface OrderFacts {
  /** `updatedAt` of those that are stored. */
  storedUpdatedAt: ReadonlyMap<number, number>;
  /** Unit costs of stored lines by order and line: a cost once set stays. */
  storedCosts: ReadonlyMap<number, ReadonlyMap<number, number>>;
  deletedOrderIds: ReadonlySet<number>;
  owners: Owners;
  /** Snapshots of each variant's unit cost, oldest first. */
  unitCosts: ReadonlyMap<number, readonly UnitCostSnapshot[]>;
}

/** Whose things are that name a customer. */
export interface Owners {
  /** Customers that are now another one (merged) or nobody (erased); the others are not in it. */
  changed: ReadonlyMap<number, number | null>;
  /** Customers who were erased and have joined again, and since when: what was before stays nobody's. */
  rejoined: ReadonlyMap<number, number>;
}

export interface UnitCostSnapshot {
  validFrom: number;
  costMinor: number;
}

export interface OrderRow {
  shopId: number;
  id: number;
  customerId: number | null;
  createdAt: number;
  placedAt: number;
  updatedAt: number;
  day: number;
  grossMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  tipMinor: number;
  giftCardMinor: number;
  feeMinor: number;
  refundMinor: number;
  netMinor: number;
  costMinor: number;
  costedNetMinor: number;
  differenceMinor: number;
  presentmentCurrency: string;
  presentmentTotalMinor: number;
  channel: string;
  firstSource: string | null;
  shippingCountry: string | null;
  discountCodes: string;
  financialStatus: string;
  paidAt: number | null;
  cancelledAt: number | null;
  flags: number;
  leadProductId: number | null;
  version: number;
}

export interface OrderLineRow {
  shopId: number;
  orderId: number;
  id: number;
  productId: number | null;
  variantId: number | null;
  quantity: number;
  listPriceMinor: number;
  grossMinor: number;
  discountMinor: number;
  netMinor: number;
  taxMinor: number;
  refundedQuantity: number;
  refundMinor: number;
  unitCostMinor: number | null;
  isGiftCard: boolean;
}

export interface RefundRow extends Omit<Refund, "returnedUnits"> {
  shopId: number;
  orderId: number;
  /** Unit costs of the returned units that have one. */
  costMinor: number;
}

export interface CustomerRow extends Customer {
  shopId: number;
  version: number;
}

export interface CheckoutRow extends AbandonedCheckout {
  shopId: number;
}

export interface OrderRows {
  orders: OrderRow[];
  lines: OrderLineRow[];
  refunds: RefundRow[];
}

/** Those of a batch that are to be written: not deleted, not older than what is stored, the newest of each id. */
export function applicableOrders(
  orders: readonly Order[],
  facts: Pick<OrderFacts, "storedUpdatedAt" | "deletedOrderIds">,
): Order[] {
  const newest = new Map<number, Order>();
  for (const order of orders) {
    if (facts.deletedOrderIds.has(order.id)) continue;
    const known = newest.get(order.id)?.updatedAt ?? facts.storedUpdatedAt.get(order.id);
    if (known === undefined || order.updatedAt >= known) newest.set(order.id, order);
  }
  return [...newest.values()];
}

/** Appends an order's rows to `rows`. */
export function addOrderRows(
  rows: OrderRows,
  shopId: number,
  order: Order,
  facts: OrderFacts,
  version: number,
): void {
  const stored = facts.storedCosts.get(order.id);
  const costs = new Map<number, number>();
  let costMinor = 0;
  let costedNetMinor = 0;
  for (const line of order.lines) {
    const unitCostMinor =
      stored?.get(line.id) ?? line.unitCostMinor ?? unitCostAt(facts, line.variantId, order.placedAt);
    rows.lines.push({
      shopId,
      orderId: order.id,
      id: line.id,
      productId: line.productId,
      variantId: line.variantId,
      quantity: line.quantity,
      listPriceMinor: line.listPriceMinor,
      grossMinor: line.grossMinor,
      discountMinor: line.discountMinor,
      netMinor: line.netMinor,
      taxMinor: line.taxMinor,
      refundedQuantity: line.refundedQuantity,
      refundMinor: line.refundMinor,
      unitCostMinor,
      isGiftCard: line.isGiftCard,
    });
    if (unitCostMinor === null || line.isGiftCard) continue;
    costs.set(line.id, unitCostMinor);
    costMinor += unitCostMinor * (line.quantity - line.refundedQuantity);
    costedNetMinor += line.netMinor - line.refundMinor;
  }
  addRefundRows(rows, shopId, order, costs);

  const customerId = ownerAt(facts.owners, order.customerId, order.placedAt);
  rows.orders.push({
    shopId,
    id: order.id,
    customerId,
    createdAt: order.createdAt,
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
    day: order.day,
    grossMinor: order.grossMinor,
    discountMinor: order.discountMinor,
    shippingMinor: order.shippingMinor,
    taxMinor: order.taxMinor,
    tipMinor: order.tipMinor,
    giftCardMinor: order.giftCardMinor,
    feeMinor: order.feeMinor,
    refundMinor: order.refundMinor,
    netMinor: order.netMinor,
    costMinor,
    costedNetMinor,
    differenceMinor: order.differenceMinor,
    presentmentCurrency: order.presentmentCurrency,
    presentmentTotalMinor: order.presentmentTotalMinor,
    channel: order.channel,
    firstSource: order.firstSource,
    shippingCountry: order.shippingCountry,
    discountCodes: order.discountCodes.length === 0 ? "[]" : JSON.stringify(order.discountCodes),
    financialStatus: order.financialStatus,
    paidAt: order.paidAt,
    cancelledAt: order.cancelledAt,
    flags: orderFlags(order, customerId),
    leadProductId: leadProduct(order),
    version,
  });
}

/** The latest snapshot at the time of the purchase; for purchases before the first one, the first. */
function unitCostAt(facts: OrderFacts, variantId: number | null, at: number): number | null {
  const snapshots = variantId === null ? undefined : facts.unitCosts.get(variantId);
  if (!snapshots) return null;
  const latest = snapshots.findLast(({ validFrom }) => validFrom <= at) ?? snapshots[0];
  return latest?.costMinor ?? null;
}

function addRefundRows(
  rows: OrderRows,
  shopId: number,
  order: Order,
  costs: ReadonlyMap<number, number>,
): void {
  for (const refund of order.refunds) {
    let costMinor = 0;
    for (const { lineId, quantity } of refund.returnedUnits) costMinor += (costs.get(lineId) ?? 0) * quantity;
    rows.refunds.push({
      shopId,
      orderId: order.id,
      id: refund.id,
      refundedAt: refund.refundedAt,
      day: refund.day,
      productMinor: refund.productMinor,
      shippingMinor: refund.shippingMinor,
      taxMinor: refund.taxMinor,
      giftCardMinor: refund.giftCardMinor,
      otherMinor: refund.otherMinor,
      costMinor,
    });
  }
}

export function customerRow(shopId: number, customer: Customer, version: number): CustomerRow {
  const { id, createdAt, updatedAt, state, excluded } = customer;
  return { shopId, id, createdAt, updatedAt, state, excluded, version };
}

/** Who owns what named `customerId` at that time; `null`: nobody. */
export function ownerAt({ changed, rejoined }: Owners, customerId: number | null, at: number): number | null {
  if (customerId === null) return null;
  const known = changed.get(customerId);
  if (known === null) return null;
  const current = known ?? customerId;
  const since = Math.max(rejoined.get(customerId) ?? -Infinity, rejoined.get(current) ?? -Infinity);
  return at < since ? null : current;
}

/** Product of the line that sold most; of equals the one with the lowest id, as Shopify's order of lines may change. */
function leadProduct(order: Order): number | null {
  let lead: Order["lines"][number] | undefined;
  for (const line of order.lines) {
    if (line.productId === null || line.isGiftCard) continue;
    const larger = lead === undefined || line.netMinor > lead.netMinor;
    if (larger || (line.netMinor === lead?.netMinor && line.id < lead.id)) lead = line;
  }
  return lead?.productId ?? null;
}

/**
 * Says who each named customer is now. `aliases` maps merged customers to their survivors and may be a chain; `isErased`
 * is asked about the last of it only.
 */
export function currentCustomers(
  customerIds: Iterable<number>,
  aliases: ReadonlyMap<number, number>,
  isErased: (customerId: number) => boolean,
): Map<number, number | null> {
  const changed = new Map<number, number | null>();
  for (const id of customerIds) {
    let current = id;
    const passed = new Set([id]);
    for (
      let next = aliases.get(current);
      next !== undefined && !passed.has(next);
      next = aliases.get(current)
    ) {
      passed.add(next);
      current = next;
    }
    if (isErased(current)) changed.set(id, null);
    else if (current !== id) changed.set(id, current);
  }
  return changed;
}
