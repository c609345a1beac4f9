import fc from "fast-check";
import { expect, test } from "vitest";
import * as actions from "./actions.ts";
import { listen } from "./events.ts";
import { balanceOf } from "./journal.ts";
import type { OrderState, ShopState, World } from "./model.ts";
import type { Result } from "./result.ts";
import { changeShop, deleteMetafields, setMetafields } from "./shop-actions.ts";
import { financialStatus, orderTotals } from "./totals.ts";
import { createShop, createWorld } from "./world.ts";

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

function setUp(taxesIncluded = false) {
  const world = createWorld();
  const shop = must(createShop(world, { domain: "tea", currency: "GBP", taxesIncluded }));
  const topics: string[] = [];
  listen(world, {
    event: ({ topic, payload }) => {
      JSON.stringify(payload());
      topics.push(topic);
    },
  });
  const product = must(
    actions.createProduct(world, shop, {
      title: "Green tea",
      variants: [{ priceMinor: 1999, unitCostMinor: 700 }, { priceMinor: 333 }],
    }),
  );
  const card = must(
    actions.createProduct(world, shop, {
      title: "Gift card",
      isGiftCard: true,
      variants: [{ priceMinor: 2500 }],
    }),
  );
  const [tea = 0, cheap = 0] = product.variantIds;
  const [giftCard = 0] = card.variantIds;
  topics.length = 0;
  return { world, shop, topics, product, tea, cheap, giftCard };
}

function salesOf(order: OrderState, agreement: number) {
  return order.agreements[agreement]?.sales.map(
    ({ actionType, lineType, quantity, totalMinor, taxMinor, discountBeforeTaxMinor }) =>
      [actionType, lineType, quantity, totalMinor, taxMinor, discountBeforeTaxMinor] as const,
  );
}

test("an order sells products, gift cards, shipping, tip, duty and fee", () => {
  const { world, shop, tea, giftCard, topics } = setUp();
  const order = must(
    actions.createOrder(world, shop, {
      lines: [
        { variantId: tea, quantity: 2, discountMinor: 398 },
        { variantId: giftCard, quantity: 1 },
        { title: "Engraving", unitPriceMinor: 500, quantity: 1, taxMinor: 0 },
      ],
      taxRatePercent: 20,
      shippingMinor: 600,
      shippingDiscountMinor: 100,
      tipMinor: 150,
      dutyMinor: 70,
      feeMinor: 30,
    }),
  );
  expect(salesOf(order, 0)).toEqual([
    ["ORDER", "PRODUCT", 2, 4320, 720, 398],
    ["ORDER", "GIFT_CARD", 1, 2500, 0, 0],
    ["ORDER", "PRODUCT", 1, 500, 0, 0],
    ["ORDER", "SHIPPING", null, 600, 100, 100],
    ["ORDER", "TIP", null, 150, 0, 0],
    ["ORDER", "DUTY", null, 70, 0, 0],
    ["ORDER", "ADDITIONAL_FEE", null, 30, 0, 0],
  ]);
  expect(orderTotals(order)).toMatchObject({
    totalMinor: 8170,
    subtotalMinor: 6600,
    discountMinor: 498,
    taxMinor: 820,
    shippingMinor: 500,
    outstandingMinor: 0,
  });
  expect(order.number).toBe(1001);
  expect(topics).toEqual(["orders/create", "order_transactions/create", "orders/paid"]);
});

test("where prices include tax, list value without tax is total - tax + discount before tax", () => {
  const { world, shop } = setUp(true);
  const order = must(
    actions.createOrder(world, shop, {
      lines: [{ title: "Tea", unitPriceMinor: 1200, quantity: 2, discountMinor: 600 }],
      taxRatePercent: 20,
    }),
  );
  expect(salesOf(order, 0)).toEqual([["ORDER", "PRODUCT", 2, 1800, 300, 500]]);
  expect(orderTotals(order)).toMatchObject({ subtotalMinor: 1800, discountMinor: 600, taxMinor: 300 });
});

test("an edit adds lines and takes units back, in an agreement of its own", () => {
  const { world, shop, tea, cheap, topics } = setUp();
  const order = must(
    actions.createOrder(world, shop, {
      lines: [{ variantId: tea, quantity: 3, discountMinor: 600 }],
      taxRatePercent: 10,
    }),
  );
  const [line] = order.lines;
  topics.length = 0;
  must(
    actions.editOrder(world, shop, {
      orderId: order.id,
      addedLines: [{ variantId: cheap, quantity: 1 }],
      quantities: [{ lineId: line?.id ?? 0, quantity: 1 }],
    }),
  );
  expect(order.agreements[1]?.kind).toBe("ORDER_EDIT");
  expect(salesOf(order, 1)).toEqual([
    ["ORDER", "PRODUCT", 1, 333, 0, 0],
    ["RETURN", "PRODUCT", -2, -3958, -360, -400],
  ]);
  expect(line).toMatchObject({ quantity: 3, currentQuantity: 1, refundableQuantity: 1 });
  expect(order.edited).toBe(true);
  expect(topics).toEqual(["orders/edited", "orders/updated"]);
  // What is now paid too much is still to be given back.
  expect(orderTotals(order).outstandingMinor).toBe(333 - 3958);
  const { refund } = must(actions.refundOrder(world, shop, { orderId: order.id, overpaid: true }));
  expect(refund.totalMinor).toBe(3958 - 333);
  expect(orderTotals(order).outstandingMinor).toBe(0);
  expect(salesOf(order, 2)).toEqual([]);
});

test("an edit adds units of a line at its price, taxed as the line is", () => {
  const { world, shop, tea } = setUp();
  const order = must(
    actions.createOrder(world, shop, { lines: [{ variantId: tea, quantity: 1 }], taxRatePercent: 10 }),
  );
  const lineId = order.lines[0]?.id ?? 0;
  must(actions.editOrder(world, shop, { orderId: order.id, quantities: [{ lineId, quantity: 3 }] }));
  expect(salesOf(order, 1)).toEqual([["ORDER", "PRODUCT", 2, 4398, 400, 0]]);
  expect(financialStatus(order)).toBe("PARTIALLY_PAID");
  must(actions.payOrder(world, shop, { orderId: order.id }));
  expect(financialStatus(order)).toBe("PAID");
});

test("refunds by lines, shipping and amount, and to store credit", () => {
  const { world, shop, tea, topics } = setUp();
  const order = must(
    actions.createOrder(world, shop, {
      lines: [{ variantId: tea, quantity: 3, discountMinor: 500 }],
      taxRatePercent: 20,
      shippingMinor: 500,
    }),
  );
  const lineId = order.lines[0]?.id ?? 0;
  topics.length = 0;
  const first = must(
    actions.refundOrder(world, shop, {
      orderId: order.id,
      lines: [{ lineId, quantity: 1 }],
      shippingMinor: 250,
    }),
  );
  // 5497 + 1099 tax over three units.
  expect(salesOf(order, 1)).toEqual([
    ["RETURN", "PRODUCT", -1, -2199, -366, -167],
    ["RETURN", "SHIPPING", null, -300, -50, 0],
  ]);
  expect(first.refund).toMatchObject({ totalMinor: 2499, shippingMinor: 250, shippingTaxMinor: 50 });
  expect(topics).toEqual(["refunds/create", "order_transactions/create", "orders/updated"]);
  expect(financialStatus(order)).toBe("PARTIALLY_REFUNDED");

  must(actions.refundOrder(world, shop, { orderId: order.id, adjustmentMinor: 300 }));
  expect(salesOf(order, 2)).toEqual([["RETURN", "ADJUSTMENT", null, -300, 0, 0]]);

  const credit = must(
    actions.refundOrder(world, shop, {
      orderId: order.id,
      lines: [{ lineId, quantity: 1 }],
      adjustmentMinor: -100,
      storeCredit: true,
    }),
  );
  expect(salesOf(order, 3)).toEqual([
    ["RETURN", "PRODUCT", -1, -2199, -367, -167],
    ["RETURN", "ADJUSTMENT", null, 100, 0, 0],
  ]);
  expect(credit.refund).toMatchObject({ totalMinor: 2099, storeCredit: true });
  expect(order.transactions.at(-1)).toMatchObject({ gateway: "shopify_store_credit", amountMinor: 2099 });
  expect(orderTotals(order).outstandingMinor).toBe(0);
});

test("a return reverses the sale when goods come back, its refund only the money", () => {
  const { world, shop, tea } = setUp();
  const order = must(actions.createOrder(world, shop, { lines: [{ variantId: tea, quantity: 2 }] }));
  const lineId = order.lines[0]?.id ?? 0;
  const { returnId } = must(
    actions.returnItems(world, shop, {
      orderId: order.id,
      lines: [{ lineId, quantity: 1 }],
      feeMinor: 199,
    }),
  );
  expect(order.agreements[1]).toMatchObject({ kind: "RETURN", returnId });
  expect(salesOf(order, 1)).toEqual([
    ["RETURN", "PRODUCT", -1, -1999, 0, 0],
    ["ORDER", "FEE", null, 199, 0, 0],
  ]);
  expect(orderTotals(order).outstandingMinor).toBe(-1800);
  const refund = { orderId: order.id, returnId, lines: [{ lineId, quantity: 1 }] };
  expect(must(actions.refundOrder(world, shop, refund)).refund).toMatchObject({
    totalMinor: 1800,
    lines: [{ lineId, quantity: 1, subtotalMinor: 1999 }],
  });
  expect(salesOf(order, 2)).toEqual([]);
  expect(actions.refundOrder(world, shop, refund)).toMatchObject({ ok: false, reason: "exceeds" });
  expect(order.lines[0]).toMatchObject({ currentQuantity: 1, refundableQuantity: 1 });
});

test("cancelling gives back what was paid, or writes off what was not", () => {
  const { world, shop, tea, topics } = setUp();
  const place = (payment: "authorized" | "paid" | "pending") =>
    must(
      actions.createOrder(world, shop, {
        lines: [{ variantId: tea, quantity: 1 }],
        shippingMinor: 100,
        tipMinor: 50,
        payment,
      }),
    );
  const paid = must(actions.cancelOrder(world, shop, { orderId: place("paid").id }));
  expect(orderTotals(paid)).toMatchObject({ currentTotalMinor: 0, refundedMinor: 2149, netPaymentMinor: 0 });
  expect(financialStatus(paid)).toBe("REFUNDED");
  expect(topics.slice(-4)).toEqual([
    "refunds/create",
    "order_transactions/create",
    "orders/cancelled",
    "orders/updated",
  ]);

  const held = place("authorized");
  expect(financialStatus(held)).toBe("AUTHORIZED");
  must(actions.cancelOrder(world, shop, { orderId: held.id, reason: "FRAUD" }));
  expect(orderTotals(held)).toMatchObject({ currentTotalMinor: 0, refundedMinor: 0 });
  expect(financialStatus(held)).toBe("VOIDED");
  expect(held.transactions.at(-1)).toMatchObject({ kind: "VOID" });

  const later = must(actions.cancelOrder(world, shop, { orderId: place("paid").id, refund: false }));
  expect(orderTotals(later)).toMatchObject({ currentTotalMinor: 2149, netPaymentMinor: 2149 });
  expect(actions.cancelOrder(world, shop, { orderId: later.id })).toMatchObject({ reason: "wrong-state" });
});

test("paying captures an authorization, and pays what is pending in parts", () => {
  const { world, shop, tea, topics } = setUp();
  const lines = [{ variantId: tea, quantity: 1 }];
  const held = must(actions.createOrder(world, shop, { lines, payment: "authorized" }));
  must(actions.payOrder(world, shop, { orderId: held.id }));
  expect(held.transactions.map(({ kind }) => kind)).toEqual(["AUTHORIZATION", "CAPTURE"]);
  const pending = must(actions.createOrder(world, shop, { lines, payment: "pending" }));
  topics.length = 0;
  must(actions.payOrder(world, shop, { orderId: pending.id, amountMinor: 999 }));
  expect(financialStatus(pending)).toBe("PARTIALLY_PAID");
  expect(topics).not.toContain("orders/paid");
  must(actions.payOrder(world, shop, { orderId: pending.id }));
  expect(topics).toContain("orders/paid");
  expect(actions.payOrder(world, shop, { orderId: pending.id })).toMatchObject({ reason: "wrong-state" });
});

test("a merge moves the orders without touching them; the customer with an account stays", () => {
  const { world, shop, tea } = setUp();
  const at = Date.UTC(2026, 0, 1);
  const one = must(actions.createCustomer(world, shop, { email: "one@shop.example", tags: ["vip"], at }));
  const two = must(actions.createCustomer(world, shop, { state: "ENABLED", tags: ["new"], at }));
  const order = must(
    actions.createOrder(world, shop, { lines: [{ variantId: tea, quantity: 1 }], customerId: one.id, at }),
  );
  const merged = must(
    actions.mergeCustomers(world, shop, {
      customerOneId: two.id,
      customerTwoId: one.id,
      at: at + 60_000,
    }),
  );
  expect(merged.kept).toBe(two);
  expect(two).toMatchObject({ email: "one@shop.example", tags: ["new", "vip"], updatedAt: at + 60_000 });
  expect(order).toMatchObject({ customerId: two.id, updatedAt: at });
  expect(shop.customers.has(one.id)).toBe(false);
});

test("only a customer without orders is deleted; a redacted one leaves orders without a person", () => {
  const { world, shop, tea } = setUp();
  const customer = must(actions.createCustomer(world, shop, { email: "a@shop.example" }));
  const lines = [{ variantId: tea, quantity: 1 }];
  const order = must(actions.createOrder(world, shop, { lines, customerId: customer.id }));
  expect(order.email).toBe("a@shop.example");
  expect(actions.deleteCustomer(world, shop, { customerId: customer.id })).toMatchObject({
    reason: "wrong-state",
  });
  expect(must(actions.redactCustomer(world, shop, { customerId: customer.id })).orderIds).toEqual([order.id]);
  expect(order).toMatchObject({ customerId: null, email: null });
  const other = must(actions.createCustomer(world, shop, { email: "a@shop.example" }));
  expect(must(actions.deleteCustomer(world, shop, { customerId: other.id }))).toBe(other.id);
});

test("products: price, cost and deletion", () => {
  const { world, shop, product, tea, topics } = setUp();
  must(actions.setPrice(world, shop, { variantId: tea, priceMinor: 2100 }));
  const { updatedAt } = product;
  const later = updatedAt + 5_000;
  must(actions.setUnitCost(world, shop, { variantId: tea, unitCostMinor: 800, at: later }));
  expect(product.updatedAt).toBe(updatedAt);
  expect(shop.variants.get(tea)).toMatchObject({ priceMinor: 2100, unitCostMinor: 800 });
  expect(topics).toEqual(["products/update", "inventory_items/update"]);
  const order = must(actions.createOrder(world, shop, { lines: [{ variantId: tea, quantity: 1 }] }));
  must(actions.deleteProduct(world, shop, { productId: product.id }));
  expect(order.lines[0]).toMatchObject({ productId: null, variantId: null, title: "Green tea" });
});

test("an abandoned checkout changes and is completed by an order", () => {
  const { world, shop, tea, cheap, topics } = setUp();
  const customer = must(actions.createCustomer(world, shop, {}));
  const lines = [{ variantId: tea, quantity: 1 }];
  const checkout = must(actions.abandonCheckout(world, shop, { lines, customerId: customer.id }));
  must(
    actions.updateCheckout(world, shop, {
      checkoutId: checkout.id,
      lines: [{ variantId: cheap, quantity: 3 }],
    }),
  );
  expect(checkout.totalMinor).toBe(999);
  const order = must(actions.completeCheckout(world, shop, { checkoutId: checkout.id }));
  expect(order.customerId).toBe(customer.id);
  expect(checkout).toMatchObject({ orderId: order.id });
  expect(checkout.completedAt).not.toBeNull();
  expect(topics.filter((topic) => topic.startsWith("checkouts/"))).toEqual([
    "checkouts/create",
    "checkouts/update",
    "checkouts/update",
  ]);
});

test("metafields are set all or none, compared, and tell of their owner", () => {
  const { world, shop, topics } = setUp();
  const customer = must(actions.createCustomer(world, shop, { at: 0 }));
  const ownerId = `gid://shopify/Customer/${customer.id}`;
  const points = { ownerId, namespace: "app--1", key: "points", type: "number_integer", value: "5" };
  topics.length = 0;
  const at = 60_000;
  expect(
    setMetafields(world, shop, [points, { ...points, ownerId: "gid://shopify/Customer/1" }], at),
  ).toMatchObject({ ok: false, reason: "not-found", field: ["metafields", "1", "ownerId"] });
  expect(shop.metafields.size).toBe(0);
  const [set] = must(setMetafields(world, shop, [{ ...points, compareDigest: null }], at));
  expect(topics).toEqual(["customers/update"]);
  expect(customer.updatedAt).toBe(60_000);
  expect(setMetafields(world, shop, [{ ...points, compareDigest: null }], at)).toMatchObject({
    reason: "stale",
  });
  must(setMetafields(world, shop, [{ ...points, compareDigest: set?.compareDigest ?? "" }], at));
  expect(topics).toHaveLength(1);
  expect(deleteMetafields(world, shop, [points, points], at)).toEqual([true, false]);
  expect(topics).toHaveLength(2);
});

test("a shop's zone can change, its currency only before the first sale", () => {
  const { world, shop, tea } = setUp();
  must(changeShop(world, shop, { timeZone: "Asia/Tokyo", currency: "JPY" }));
  expect(shop).toMatchObject({ timeZone: "Asia/Tokyo", currency: "JPY" });
  must(actions.createOrder(world, shop, { lines: [{ variantId: tea, quantity: 1 }] }));
  expect(changeShop(world, shop, { currency: "EUR" })).toMatchObject({ reason: "wrong-state" });
  expect(changeShop(world, shop, { timeZone: "Mars/Olympus" })).toMatchObject({ field: ["timeZone"] });
});

/** One random deed: what to do, on which order, with which numbers. */
interface Deed {
  kind: "cancel" | "create" | "delete" | "edit" | "more" | "pay" | "refund" | "refundAmount" | "return";
  which: number;
  line: number;
  quantity: number;
  minor: number;
  flag: boolean;
  seconds: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(
    "create",
    "create",
    "pay",
    "edit",
    "more",
    "refund",
    "refund",
    "refundAmount",
    "return",
    "cancel",
    "delete",
  ),
  which: fc.nat(5),
  line: fc.nat(2),
  quantity: fc.integer({ min: 0, max: 5 }),
  minor: fc.nat(3000),
  flag: fc.boolean(),
  seconds: fc.integer({ min: -50, max: 500 }),
});

/** What the test itself reckons of an order, from nothing but what was asked and answered. */
interface Tally {
  owedMinor: number;
  paidMinor: number;
  updatedAt: number;
}

function perform(world: World, shop: ShopState, tally: Map<number, Tally>, each: Deed, at: number): void {
  const orders = [...shop.orders.values()];
  const order = orders[each.which % Math.max(1, orders.length)];
  if (each.kind === "create" || !order) return place(world, shop, tally, each, at);
  const own = tally.get(order.id);
  if (!own) throw new Error("an order that the test did not place");
  const lineId = order.lines[each.line % order.lines.length]?.id ?? 0;
  const lines = [{ lineId, quantity: each.quantity }];
  const before = JSON.stringify([...shop.orders.values()]);
  const unchanged = <T>(result: Result<T>): T | null => {
    if (result.ok) return result.value;
    expect(JSON.stringify([...shop.orders.values()])).toBe(before);
    return null;
  };
  const orderId = order.id;
  switch (each.kind) {
    case "pay": {
      const amountMinor = each.flag ? Math.max(1, each.minor) : undefined;
      const owed = own.owedMinor - own.paidMinor;
      const input = amountMinor === undefined ? { orderId, at } : { orderId, amountMinor, at };
      if (unchanged(actions.payOrder(world, shop, input))) own.paidMinor += amountMinor ?? owed;
      break;
    }
    case "edit": {
      const left = balanceOf(order, (sale) => sale.lineId === lineId);
      const addedLines = each.flag ? [{ title: "More", unitPriceMinor: each.minor, quantity: 2 }] : [];
      const quantity = Math.max(0, left.quantity - each.quantity);
      const input = { orderId, addedLines, quantities: [{ lineId, quantity }], at };
      if (!unchanged(actions.editOrder(world, shop, input))) break;
      own.owedMinor += (each.flag ? 2 * each.minor : 0) - worth(left, left.quantity - quantity);
      break;
    }
    case "more": {
      const line = order.lines.find(({ id }) => id === lineId);
      const wanted = (line?.currentQuantity ?? 0) + each.quantity;
      const input = { orderId, quantities: [{ lineId, quantity: wanted }], at };
      const sum = order.agreements.length;
      if (unchanged(actions.editOrder(world, shop, input)))
        own.owedMinor += order.agreements[sum]?.sales[0]?.totalMinor ?? 0;
      break;
    }
    case "refund": {
      const left = balanceOf(order, (sale) => sale.lineId === lineId);
      const done = unchanged(actions.refundOrder(world, shop, { orderId, lines, at }));
      if (!done) break;
      own.owedMinor -= worth(left, each.quantity);
      own.paidMinor -= done.refund.totalMinor;
      break;
    }
    case "refundAmount": {
      const done = unchanged(actions.refundOrder(world, shop, { orderId, adjustmentMinor: each.minor, at }));
      if (!done) break;
      own.owedMinor -= each.minor;
      own.paidMinor -= done.refund.totalMinor;
      expect(done.refund.totalMinor).toBeGreaterThanOrEqual(each.minor);
      break;
    }
    case "return": {
      const left = balanceOf(order, (sale) => sale.lineId === lineId);
      const done = unchanged(actions.returnItems(world, shop, { orderId, lines, at }));
      if (!done) break;
      own.owedMinor -= worth(left, each.quantity);
      if (!each.flag) break;
      const refund = must(actions.refundOrder(world, shop, { orderId, returnId: done.returnId, lines, at }));
      own.paidMinor -= refund.refund.totalMinor;
      break;
    }
    case "cancel": {
      const paid = own.paidMinor;
      if (!unchanged(actions.cancelOrder(world, shop, { orderId, refund: each.flag, at }))) break;
      if (paid > 0 && !each.flag) break;
      // Amounts that were refunded without a line make what is left of the lines exceed what was kept.
      own.owedMinor = orderTotals(order).currentTotalMinor;
      expect(own.owedMinor).toBeLessThanOrEqual(0);
      own.paidMinor = 0;
      break;
    }
    case "delete":
      must(actions.deleteOrder(world, shop, { orderId, at }));
      tally.delete(orderId);
  }
}

function place(world: World, shop: ShopState, tally: Map<number, Tally>, each: Deed, at: number): void {
  const quantity = each.quantity + 1;
  const lines = [
    { title: "Tea", unitPriceMinor: each.minor, quantity, discountMinor: Math.floor(each.minor / 3) },
    { title: "Cup", unitPriceMinor: 1999, quantity: 3, taxMinor: 1000 },
  ];
  const payment = each.flag ? "paid" : "pending";
  const order = must(
    actions.createOrder(world, shop, { lines, shippingMinor: 499, tipMinor: each.line, payment, at }),
  );
  const tax = shop.taxesIncluded ? 0 : 1000;
  const owedMinor = each.minor * quantity - Math.floor(each.minor / 3) + 3 * 1999 + tax + 499 + each.line;
  tally.set(order.id, { owedMinor, paidMinor: each.flag ? owedMinor : 0, updatedAt: 0 });
}

/** Units' part of what is left of their line, to the nearest minor unit. */
function worth(left: { totalMinor: number; quantity: number }, quantity: number): number {
  return quantity === 0 ? 0 : Math.round((left.totalMinor * quantity) / left.quantity);
}

test("whatever happens, the journal, the quantities and the money agree", () => {
  fc.assert(
    fc.property(fc.array(deed, { minLength: 1, maxLength: 40 }), fc.boolean(), (deeds, taxesIncluded) => {
      const { world, shop } = setUp(taxesIncluded);
      const tally = new Map<number, Tally>();
      let at = Date.UTC(2026, 0, 1);
      for (const each of deeds) {
        at += each.seconds * 1000 + 7;
        perform(world, shop, tally, each, at);
        expect(shop.orders.size).toBe(tally.size);
        for (const order of shop.orders.values()) check(order, tally.get(order.id));
      }
    }),
    { numRuns: 150 },
  );
});

function check(order: OrderState, own: Tally | undefined): void {
  if (!own) throw new Error("an order that the test did not place");
  const totals = orderTotals(order);
  expect(totals.currentTotalMinor).toBe(own.owedMinor);
  expect(totals.netPaymentMinor).toBe(own.paidMinor);
  expect(totals.netPaymentMinor).toBeGreaterThanOrEqual(0);
  for (const line of order.lines) {
    const left = balanceOf(order, (sale) => sale.lineId === line.id);
    expect(left.quantity).toBe(line.currentQuantity);
    expect(line.refundableQuantity).toBeGreaterThanOrEqual(line.currentQuantity);
    if (left.quantity > 0) continue;
    expect([left.totalMinor, left.taxMinor, left.discountBeforeTaxMinor]).toEqual([0, 0, 0]);
  }
  for (const { refund } of order.agreements) {
    if (!refund) continue;
    const given = order.transactions.filter(({ refundId }) => refundId === refund.id);
    expect(given.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(refund.totalMinor);
  }
  expect(order.updatedAt).toBeGreaterThanOrEqual(own.updatedAt);
  expect(order.updatedAt % 1000).toBe(0);
  own.updatedAt = order.updatedAt;
}
