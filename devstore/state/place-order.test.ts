import { beforeEach, describe, expect, test } from "vitest";
import { createCustomer, createProduct, mergeCustomers, refundOrder } from "./actions.ts";
import { createDiscount, deactivateDiscount, deleteDiscount, type NewDiscount } from "./discounts.ts";
import { createGiftCard, deactivateGiftCard } from "./gift-cards.ts";
import type { CustomerState, ProductState, ShopState, World } from "./model.ts";
import { placeOrder, type PlacedOrderInput } from "./place-order.ts";
import type { Result } from "./result.ts";
import { accountsOf, balanceOf, creditAccount, debitAccount } from "./store-credit.ts";
import { orderTotals } from "./totals.ts";
import { createShop, createWorld, moveClock, now } from "./world.ts";

const DAY = 86_400_000;

function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

let world: World;
let shop: ShopState;
let tea: ProductState;
let card: ProductState;
let ann: CustomerState;
let ben: CustomerState;

beforeEach(() => {
  world = createWorld();
  shop = done(createShop(world, { domain: "tea" }));
  const variants = [{ priceMinor: 1000 }, { priceMinor: 333 }];
  tea = done(createProduct(world, shop, { title: "Tea", variants }));
  card = done(
    createProduct(world, shop, { title: "Card", isGiftCard: true, variants: [{ priceMinor: 5000 }] }),
  );
  ann = done(createCustomer(world, shop, { firstName: "Ann" }));
  ben = done(createCustomer(world, shop, { firstName: "Ben" }));
});

function discount(code: string, more: Partial<NewDiscount> = {}) {
  return createDiscount(world, shop, {
    code,
    title: code,
    startsAt: now(world),
    endsAt: now(world) + 30 * DAY,
    usageLimit: null,
    appliesOncePerCustomer: false,
    customerIds: null,
    minimum: null,
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    gives: { kind: "percentage", percentage: 0.1 },
    items: null,
    ...more,
  });
}

const ALL = { orderDiscounts: true, productDiscounts: true, shippingDiscounts: true };
const amount = (amountMinor: number) => ({ kind: "amount", amountMinor, onEachItem: false }) as const;

function place(codes: string[], more: Partial<PlacedOrderInput> = {}) {
  const [variantId = 0, other = 0] = tea.variantIds;
  const lines = [
    { variantId, quantity: 2 },
    { variantId: other, quantity: 1 },
  ];
  return placeOrder(world, shop, { lines, codes, customerId: ann.id, ...more });
}

describe("an order with a code", () => {
  test("takes a percentage, or an amount in proportion, off its lines, and counts the use", () => {
    const ten = done(discount("TEN"));
    const order = done(place(["ten"]));
    expect(order.lines.map(({ discountMinor }) => discountMinor)).toEqual([200, 33]);
    expect(order.discountCodes).toEqual(["TEN"]);
    expect(orderTotals(order)).toMatchObject({ discountMinor: 233, totalMinor: 2100 });
    expect(order.agreements[0]?.sales.map((sale) => sale.discountBeforeTaxMinor)).toEqual([200, 33]);
    expect(ten.uses).toMatchObject([{ orderId: order.id, customerId: ann.id }]);
    done(discount("SEVEN", { gives: amount(700) }));
    const other = done(place(["SEVEN"]));
    expect(other.lines.map(({ discountMinor }) => discountMinor)).toEqual([601, 99]);
    done(discount("HUGE", { gives: amount(99_999) }));
    expect(orderTotals(done(place(["HUGE"]))).totalMinor).toBe(0);
  });

  test("gives one unit of a variant away, or ships free, and leaves the rest", () => {
    const [variantId = 0] = tea.variantIds;
    done(discount("FREE", { gives: amount(1000), items: { productIds: [], variantIds: [variantId] } }));
    expect(done(place(["FREE"])).lines.map(({ discountMinor }) => discountMinor)).toEqual([1000, 0]);
    done(discount("SHIP", { gives: { kind: "shipping", maximumMinor: 600 } }));
    const shipped = done(place(["SHIP"], { shippingMinor: 500 }));
    expect(shipped.shippingLine).toMatchObject({ priceMinor: 500, discountMinor: 500 });
    expect(orderTotals(shipped).shippingMinor).toBe(0);
    expect(place(["SHIP"], { shippingMinor: 601 })).toMatchObject({ reason: "wrong-state" });
  });

  test("works out product discounts first, then the order's, and never discounts gift cards", () => {
    const [variantId = 0] = tea.variantIds;
    const items = { productIds: [tea.id], variantIds: [] };
    done(discount("ORDER", { gives: { kind: "percentage", percentage: 0.5 }, combinesWith: ALL }));
    done(
      discount("PRODUCT", {
        gives: { kind: "amount", amountMinor: 100, onEachItem: true },
        items,
        combinesWith: ALL,
      }),
    );
    const [cardId = 0] = card.variantIds;
    const lines = [
      { variantId, quantity: 2 },
      { variantId: cardId, quantity: 1 },
    ];
    const order = done(place(["ORDER", "PRODUCT"], { lines }));
    expect(order.lines.map(({ discountMinor }) => discountMinor)).toEqual([200 + 900, 0]);
    expect(order.discounts?.map(({ code, lineMinor }) => [code, ...lineMinor])).toEqual([
      ["PRODUCT", 200, 0],
      ["ORDER", 900, 0],
    ]);
  });

  test.each<[string, Partial<NewDiscount>, Partial<PlacedOrderInput>]>([
    ["for another customer", { customerIds: [7_000_000_000_002] }, {}],
    ["for a customer, where a guest orders", { customerIds: [7_000_000_000_001] }, { lines: [] }],
    ["that has not begun", { startsAt: 9e12, endsAt: null }, {}],
    ["whose minimum is not reached", { minimum: { kind: "subtotal", subtotalMinor: 2334 } }, {}],
    ["whose quantity is not reached", { minimum: { kind: "quantity", quantity: 4 } }, {}],
  ])("is refused one %s", (_, more, order) => {
    done(discount("CODE", more));
    const guest = order.lines ? { lines: [{ variantId: tea.variantIds[0] ?? 0, quantity: 1 }] } : {};
    const [variantId = 0, other = 0] = tea.variantIds;
    const lines = guest.lines ?? [
      { variantId, quantity: 2 },
      { variantId: other, quantity: 1 },
    ];
    const input = { lines, codes: ["CODE"], ...(order.lines ? {} : { customerId: ann.id }) };
    expect(placeOrder(world, shop, input)).toMatchObject({ ok: false, reason: "wrong-state" });
    expect(shop.orders.size).toBe(0);
  });

  test("is refused what is unknown, ended, deleted or used up", () => {
    expect(place(["NONE"])).toMatchObject({ reason: "not-found" });
    const once = done(discount("ONCE", { appliesOncePerCustomer: true }));
    done(place(["ONCE"]));
    expect(place(["ONCE"])).toMatchObject({ reason: "wrong-state" });
    done(place(["ONCE"], { customerId: ben.id }));
    done(discount("LAST", { usageLimit: 1 }));
    done(place(["LAST"]));
    expect(place(["LAST"], { customerId: ben.id })).toMatchObject({ reason: "wrong-state" });
    const ended = done(discount("ENDED"));
    moveClock(world, 30 * DAY);
    expect(place(["ENDED"])).toMatchObject({ reason: "wrong-state" });
    expect(done(deactivateDiscount(world, shop, { discountId: ended.id })).endsAt).toBeLessThan(now(world));
    const stopped = done(discount("STOPPED"));
    done(deactivateDiscount(world, shop, { discountId: stopped.id }));
    expect(place(["STOPPED"])).toMatchObject({ reason: "wrong-state" });
    done(deleteDiscount(world, shop, { discountId: once.id }));
    expect(place(["ONCE"])).toMatchObject({ reason: "not-found" });
    done(discount("ONCE"));
  });

  test("takes several codes only where each allows the others", () => {
    done(discount("A", { combinesWith: ALL }));
    done(discount("B"));
    done(
      discount("SHIP", {
        gives: { kind: "shipping", maximumMinor: null },
        combinesWith: { orderDiscounts: true, productDiscounts: false, shippingDiscounts: false },
      }),
    );
    expect(place(["A", "B"])).toMatchObject({ reason: "wrong-state" });
    expect(place(["A", "a"])).toMatchObject({ reason: "invalid" });
    expect(done(place(["SHIP", "A"], { shippingMinor: 400 })).discountCodes).toEqual(["A", "SHIP"]);
  });
});

test("store credit expires by credit, and is taken from the soonest", () => {
  const account = { customerId: ann.id };
  done(creditAccount(world, shop, { account, amountMinor: 500 }));
  done(creditAccount(world, shop, { account, amountMinor: 300, expiresAt: now(world) + 10 * DAY }));
  done(debitAccount(world, shop, { account, amountMinor: 100 }));
  expect(debitAccount(world, shop, { account, amountMinor: 701 })).toMatchObject({ reason: "exceeds" });
  moveClock(world, 11 * DAY);
  const [present] = accountsOf(world, shop, ann.id);
  expect(present?.transactions.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
    ["CREDIT", 500],
    ["CREDIT", 300],
    ["DEBIT", -100],
    ["EXPIRATION", -200],
  ]);
  expect(present && balanceOf(present)).toBe(500);
});

test("a refund as store credit lands in the customer's account", () => {
  const order = done(place([]));
  done(refundOrder(world, shop, { orderId: order.id, adjustmentMinor: 700, storeCredit: true }));
  const [account] = accountsOf(world, shop, ann.id);
  expect(account?.transactions).toMatchObject([{ amountMinor: 700, event: "ORDER_REFUND" }]);
});

test("a merge moves what discounts are for, and waits for gift cards and store credit to be gone", () => {
  const both = { customerOneId: ann.id, customerTwoId: ben.id };
  const mine = done(discount("MINE", { customerIds: [ann.id], appliesOncePerCustomer: true }));
  const given = done(createGiftCard(world, shop, { amountMinor: 100, customerId: ann.id }));
  expect(mergeCustomers(world, shop, both)).toMatchObject({ reason: "wrong-state", field: ["giftCards"] });
  done(deactivateGiftCard(world, shop, { giftCardId: given.id }));
  const account = { customerId: ben.id };
  done(creditAccount(world, shop, { account, amountMinor: 500 }));
  expect(mergeCustomers(world, shop, both)).toMatchObject({ reason: "wrong-state", field: ["storeCredit"] });
  done(debitAccount(world, shop, { account, amountMinor: 500 }));
  done(place(["MINE"]));
  expect(done(mergeCustomers(world, shop, both)).kept).toBe(ben);
  expect(mine).toMatchObject({ customerIds: [ben.id], uses: [{ customerId: ben.id }] });
  expect(place(["MINE"], { customerId: ben.id })).toMatchObject({ reason: "wrong-state" });
});
