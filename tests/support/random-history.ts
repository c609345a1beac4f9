/**
 * Random lives of a shop: steps that a property test draws and shrinks, done through the local Shopify's own actions, with the
 * test's own tally of the money kept beside them. The tally knows no tax rounding, journal or totals: amounts are chosen so that
 * plain arithmetic is exact.
 */
import fc from "fast-check";
import * as actions from "../../devstore/state/actions.ts";
import type { OrderState, ShopState, World } from "../../devstore/state/model.ts";
import { moveClock } from "../../devstore/state/world.ts";

/** Tax is a tenth, and every amount a multiple of 10, so that it is never rounded. */
const TAX_PERCENT = 10;

export interface Step {
  do:
    | "create"
    | "pay"
    | "lower"
    | "add"
    | "refund"
    | "adjust"
    | "cancel"
    | "delete"
    | "customer"
    | "touch-customer"
    | "merge"
    | "delete-customer"
    | "product"
    | "abandon"
    | "complete"
    | "wait";
  /** Which order, customer or product; how many units: taken modulo what there is. */
  a: number;
  b: number;
  c: number;
}

const number = fc.integer({ min: 0, max: 1_000 });

/** Orders are made and changed more often than all else. */
export const steps = (maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      do: fc.oneof(
        { weight: 8, arbitrary: fc.constant("create" as const) },
        { weight: 12, arbitrary: fc.constantFrom("pay", "lower", "add", "refund", "adjust" as const) },
        { weight: 3, arbitrary: fc.constantFrom("cancel", "delete" as const) },
        {
          weight: 6,
          arbitrary: fc.constantFrom("customer", "touch-customer", "merge", "delete-customer" as const),
        },
        { weight: 4, arbitrary: fc.constantFrom("product", "abandon", "complete", "wait" as const) },
      ),
      a: number,
      b: number,
      c: number,
    }),
    { minLength: Math.ceil(maxLength / 3), maxLength },
  );

export interface TalliedLine {
  lineId: number;
  unitMinor: number;
  discountMinor: number;
  /** Units neither edited away nor refunded. */
  left: number;
}

export interface TalliedOrder {
  lines: TalliedLine[];
  customerId: number | null;
  grossMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  refundMinor: number;
}

export interface Tally {
  orders: Map<number, TalliedOrder>;
  customers: Set<number>;
}

export function emptyTally(): Tally {
  return { orders: new Map(), customers: new Set() };
}

/** Does one step; what Shopify refuses changes neither the shop nor the tally. */
export function takeStep(world: World, shop: ShopState, tally: Tally, step: Step): void {
  const order = pick([...shop.orders.values()], step.a);
  const customerId = pick([...shop.customers.keys()], step.a);
  switch (step.do) {
    case "create":
      return create(world, shop, tally, step);
    case "pay":
      if (order) actions.payOrder(world, shop, { orderId: order.id });
      return;
    case "lower":
      return order && lower(world, shop, tally, order, step);
    case "add":
      return order && add(world, shop, tally, order, step);
    case "refund":
      return order && refund(world, shop, tally, order, step);
    case "adjust":
      return order && adjust(world, shop, tally, order, step);
    case "cancel":
      return order && cancel(world, shop, tally, order);
    case "delete":
      if (order && actions.deleteOrder(world, shop, { orderId: order.id }).ok) tally.orders.delete(order.id);
      return;
    case "customer":
      return newCustomer(world, shop, tally, step);
    case "touch-customer":
      if (customerId !== undefined) {
        const state = step.b % 2 === 0 ? "ENABLED" : "DISABLED";
        actions.updateCustomer(world, shop, { customerId, state });
      }
      return;
    case "merge":
      return merge(world, shop, tally, step);
    case "delete-customer":
      if (customerId !== undefined && actions.deleteCustomer(world, shop, { customerId }).ok) {
        tally.customers.delete(customerId);
      }
      return;
    case "product":
      return product(world, shop, step);
    case "abandon": {
      const variantId = pick([...shop.variants.keys()], step.b);
      if (variantId === undefined) return;
      const lines = [{ variantId, quantity: 1 + (step.c % 3) }];
      actions.abandonCheckout(world, shop, { lines, ...(customerId === undefined ? {} : { customerId }) });
      return;
    }
    case "complete":
      return complete(world, shop, tally, step);
    case "wait":
      moveClock(world, (step.a % 20) * 86_400_000 + step.b * 1_000);
  }
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

function create(world: World, shop: ShopState, tally: Tally, { a, b, c }: Step): void {
  const customerId = b % 3 === 0 ? undefined : pick([...shop.customers.keys()], b);
  const count = 1 + (c % 3);
  const wanted = Array.from({ length: count }, (_, index) => {
    const variantId = pick([...shop.variants.keys()], a + index);
    const priceMinor = variantId === undefined ? 1_000 : (shop.variants.get(variantId)?.priceMinor ?? 1_000);
    const discountMinor = (b + index) % 2 === 0 ? 0 : 100;
    return { variantId, quantity: 1 + ((c + index) % 4), unitPriceMinor: priceMinor, discountMinor };
  });
  const shippingMinor = (a % 4) * 500;
  const made = actions.createOrder(world, shop, {
    lines: wanted.map(({ variantId, quantity, unitPriceMinor, discountMinor }) => ({
      ...(variantId === undefined ? { title: "Custom" } : { variantId }),
      quantity,
      unitPriceMinor,
      discountMinor: discountMinor * quantity,
    })),
    ...(customerId === undefined ? {} : { customerId }),
    shippingMinor,
    taxRatePercent: TAX_PERCENT,
    payment: (["paid", "pending", "authorized"] as const)[a % 3] ?? "paid",
    test: a % 17 === 0,
    sourceName: (["web", "pos", "shopify_draft_order"] as const)[c % 3] ?? "web",
    shippingCountry: "US",
  });
  if (made.ok) {
    tallyOrder(tally, made.value, customerId ?? null, wanted, shippingMinor);
  }
}

interface Wanted {
  quantity: number;
  unitPriceMinor: number;
  discountMinor: number;
}

function tallyOrder(
  tally: Tally,
  order: OrderState,
  customerId: number | null,
  wanted: readonly Wanted[],
  shippingMinor: number,
): void {
  const lines = wanted.map((line, index) => ({
    lineId: order.lines[index]?.id ?? 0,
    unitMinor: line.unitPriceMinor,
    discountMinor: line.discountMinor,
    left: line.quantity,
  }));
  const sum = (of: (line: Wanted) => number) =>
    wanted.reduce((total, line) => total + of(line) * line.quantity, 0);
  const grossMinor = sum((line) => line.unitPriceMinor);
  const discountMinor = sum((line) => line.discountMinor);
  tally.orders.set(order.id, {
    lines,
    customerId,
    grossMinor,
    discountMinor,
    shippingMinor,
    taxMinor: (grossMinor - discountMinor + shippingMinor) / TAX_PERCENT,
    refundMinor: 0,
  });
}

/** An edit takes units away as if they had never been sold. */
function lower(world: World, shop: ShopState, tally: Tally, order: OrderState, { b, c }: Step): void {
  const tallied = tally.orders.get(order.id);
  const line = tallied && pick(tallied.lines, b);
  if (!tallied || !line || line.left === 0) return;
  const taken = 1 + (c % line.left);
  const current = order.lines.find(({ id }) => id === line.lineId)?.currentQuantity ?? 0;
  const done = actions.editOrder(world, shop, {
    orderId: order.id,
    quantities: [{ lineId: line.lineId, quantity: current - taken }],
    taxRatePercent: TAX_PERCENT,
  });
  if (!done.ok) return;
  line.left -= taken;
  tallied.grossMinor -= line.unitMinor * taken;
  tallied.discountMinor -= line.discountMinor * taken;
  tallied.taxMinor -= ((line.unitMinor - line.discountMinor) * taken) / TAX_PERCENT;
}

function add(world: World, shop: ShopState, tally: Tally, order: OrderState, { b, c }: Step): void {
  const tallied = tally.orders.get(order.id);
  if (!tallied) return;
  const unitMinor = 100 * (1 + (b % 50));
  const quantity = 1 + (c % 3);
  const done = actions.editOrder(world, shop, {
    orderId: order.id,
    addedLines: [{ title: "Added", quantity, unitPriceMinor: unitMinor }],
    taxRatePercent: TAX_PERCENT,
  });
  if (!done.ok) return;
  tallied.lines.push({ lineId: order.lines.at(-1)?.id ?? 0, unitMinor, discountMinor: 0, left: quantity });
  tallied.grossMinor += unitMinor * quantity;
  tallied.taxMinor += (unitMinor * quantity) / TAX_PERCENT;
}

function refund(world: World, shop: ShopState, tally: Tally, order: OrderState, { b, c }: Step): void {
  const tallied = tally.orders.get(order.id);
  const line = tallied && pick(tallied.lines, b);
  if (!tallied || !line || line.left === 0) return;
  const quantity = 1 + (c % line.left);
  const done = actions.refundOrder(world, shop, {
    orderId: order.id,
    lines: [{ lineId: line.lineId, quantity }],
    storeCredit: c % 5 === 0,
  });
  if (!done.ok) return;
  line.left -= quantity;
  tallied.refundMinor += (line.unitMinor - line.discountMinor) * quantity;
}

function adjust(world: World, shop: ShopState, tally: Tally, order: OrderState, { b }: Step): void {
  const tallied = tally.orders.get(order.id);
  const adjustmentMinor = 10 * (1 + (b % 20));
  if (!tallied || !actions.refundOrder(world, shop, { orderId: order.id, adjustmentMinor }).ok) return;
  tallied.refundMinor += adjustmentMinor;
}

function cancel(world: World, shop: ShopState, tally: Tally, order: OrderState): void {
  const tallied = tally.orders.get(order.id);
  if (!tallied || !actions.cancelOrder(world, shop, { orderId: order.id }).ok) return;
  for (const line of tallied.lines) {
    tallied.refundMinor += (line.unitMinor - line.discountMinor) * line.left;
    line.left = 0;
  }
}

function newCustomer(world: World, shop: ShopState, tally: Tally, { b }: Step): void {
  const made = actions.createCustomer(world, shop, {
    firstName: "A",
    lastName: "B",
    state: b % 2 === 0 ? "ENABLED" : "DISABLED",
  });
  if (made.ok) tally.customers.add(made.value.id);
}

function merge(world: World, shop: ShopState, tally: Tally, { a, b }: Step): void {
  const customerOneId = pick([...shop.customers.keys()], a);
  const customerTwoId = pick([...shop.customers.keys()], b);
  if (customerOneId === undefined || customerTwoId === undefined) return;
  const merged = actions.mergeCustomers(world, shop, { customerOneId, customerTwoId });
  if (!merged.ok) return;
  const { kept, deletedId } = merged.value;
  tally.customers.delete(deletedId);
  for (const order of tally.orders.values()) if (order.customerId === deletedId) order.customerId = kept.id;
}

/** A price never changes what was sold before. Costs stay as they are: Shopify tells only today's, a fresh copy cannot know others. */
function product(world: World, shop: ShopState, { a, b, c }: Step): void {
  const known = pick([...shop.products.values()], a);
  if (!known || c % 3 === 0) {
    const variants = [{ title: "One", priceMinor: 100 * (1 + (b % 90)), unitCostMinor: 50 * (b % 10) }];
    actions.createProduct(world, shop, { title: `Product ${b}`, productType: "Tea", variants });
    return;
  }
  actions.updateProduct(world, shop, { productId: known.id, title: `Renamed ${b}` });
}

function complete(world: World, shop: ShopState, tally: Tally, { a }: Step): void {
  const open = [...shop.checkouts.values()].filter(({ completedAt }) => completedAt === null);
  const checkout = pick(open, a);
  if (!checkout) return;
  const wanted = checkout.lines.map(({ variantId, quantity }) => ({
    quantity,
    unitPriceMinor: shop.variants.get(variantId)?.priceMinor ?? 0,
    discountMinor: 0,
  }));
  const { customerId } = checkout;
  const made = actions.completeCheckout(world, shop, {
    checkoutId: checkout.id,
    taxRatePercent: TAX_PERCENT,
  });
  if (made.ok) tallyOrder(tally, made.value, customerId, wanted, 0);
}
