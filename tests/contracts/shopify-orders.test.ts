/** An order is the same order by page, by id and by bulk, however long it is; and the journal explains every total. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shopCalendar } from "../../app/core/calendar.ts";
import type { Order } from "../../app/core/order.ts";
import { createAdminClient, type AdminClient } from "../../app/shopify/admin-client.server.ts";
import { assembleOrders } from "../../app/shopify/bulk-assembly.ts";
import { ordersBulkQuery } from "../../app/shopify/bulk-queries.ts";
import {
  pollBulkOperation,
  readBulkResult,
  startBulkQuery,
  type BulkResult,
} from "../../app/shopify/bulk.server.ts";
import { ordersById, ordersByPage } from "../../app/shopify/fetch-orders.server.ts";
import { mapOrder } from "../../app/shopify/mapping.ts";
import type { OrderNode } from "../../app/shopify/order-nodes.ts";
import { generateHistory } from "../../devstore/history/generate.ts";
import { createOrder, editOrder, refundOrder } from "../../devstore/state/actions.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import type { OrderState, ShopState } from "../../devstore/state/model.ts";
import { startLocalShopify, until, type LocalShopify } from "../support/local-shopify.ts";

const ORDERS = 150;
let local: LocalShopify;
let shop: ShopState;
let client: AdminClient;
let longOrder: OrderState;

beforeAll(async () => {
  local = await startLocalShopify();
  const endDay = Math.floor(Date.now() / 86_400_000) - 1;
  const history = generateHistory({
    seed: 11,
    orders: ORDERS - 1,
    customers: 60,
    products: 12,
    days: 300,
    endDay,
  });
  shop = fillShop(local.world, "orders.myshopify.com", history).shop;
  shop.plan = "plus";
  longOrder = makeLongOrder();
  local.devstore.install(shop.domain);
  shop.installation?.accessTokens.set("token", { expiresAt: null });
  client = createAdminClient({ shopDomain: shop.domain, accessToken: "token" });
});
afterAll(() => local.stop());

/** More lines, agreements and sales than any first page holds: 130 lines, 24 edits and refunds, one with 90 sales. */
function makeLongOrder(): OrderState {
  const { world } = local;
  const variantIds = [...shop.variants.keys()];
  const line = (index: number) => ({ variantId: variantIds[index % variantIds.length] ?? 0, quantity: 3 });
  const made = createOrder(world, shop, {
    lines: Array.from({ length: 40 }, (_, index) => line(index)),
    payment: "paid",
    taxRatePercent: 10,
    shippingMinor: 700,
  });
  if (!made.ok) throw new Error(made.message);
  const order = made.value;
  const must = (result: { ok: boolean; message?: string }) => {
    if (!result.ok) throw new Error(result.message);
  };
  const addedLines = Array.from({ length: 90 }, (_, index) => line(index));
  must(editOrder(world, shop, { orderId: order.id, addedLines, taxRatePercent: 10 }));
  for (const { id: lineId } of order.lines.slice(0, 22)) {
    must(refundOrder(world, shop, { orderId: order.id, lines: [{ lineId, quantity: 1 }] }));
  }
  return order;
}

function mapped(nodes: readonly OrderNode[]): Map<number, Order> {
  const context = { calendar: shopCalendar(shop.timeZone), currency: shop.currency };
  return new Map(nodes.map((node) => mapOrder(node, context)).map((order) => [order.id, order]));
}

async function pages(): Promise<OrderNode[]> {
  const nodes: OrderNode[] = [];
  for await (const page of ordersByPage(client, { sortKey: "CREATED_AT", reverse: true }))
    nodes.push(...page);
  return nodes;
}

async function bulkResult(): Promise<BulkResult> {
  const started = await startBulkQuery(client, ordersBulkQuery());
  if (!started.ok) throw new Error(started.reason);
  let result: BulkResult | undefined;
  await until("the bulk operation", async () => {
    const state = await pollBulkOperation(client, started.id);
    if (state.state === "done") result = state.result;
    return state.state === "done";
  });
  if (!result) throw new Error("no result");
  return result;
}

describe("orders", () => {
  test("are the same by page, by id and by bulk", async () => {
    const byPage = mapped(await pages());
    expect(byPage.size).toBe(ORDERS);
    const { orders, missing } = await ordersById(client, [...shop.orders.keys(), 999_999_999]);
    expect(missing).toEqual([999_999_999]);
    const byId = mapped(orders);
    const byBulk = mapped(await readBulkResult(await bulkResult(), assembleOrders));
    for (const [id, order] of byPage) {
      expect(byId.get(id)).toEqual(order);
      const inBulk = byBulk.get(id);
      expect(inBulk && inOrder(inBulk)).toEqual(inOrder(order));
    }
    expect(byBulk.size).toBe(ORDERS);
  });

  test("add up to what the shop itself counts, line by line and refund by refund", async () => {
    const byPage = mapped(await pages());
    for (const state of shop.orders.values()) {
      const order = byPage.get(state.id);
      if (!order) throw new Error("an order is missing");
      const sales = state.agreements.flatMap((agreement) => agreement.sales);
      expect(order.differenceMinor, `order ${state.id}`).toBe(0);
      const net = sales
        .filter(({ lineType }) => lineType === "PRODUCT" || lineType === "ADJUSTMENT")
        .reduce((sum, sale) => sum + sale.totalMinor - sale.taxMinor, 0);
      expect(order.netMinor).toBe(net);
      expect(order.netMinor).toBe(order.grossMinor - order.discountMinor - order.refundMinor);
      const units = order.lines.reduce((sum, line) => sum + line.quantity - line.refundedQuantity, 0);
      expect(units).toBe(state.lines.reduce((sum, line) => sum + line.currentQuantity, 0));
    }
  });

  test("of any length are fetched whole", async () => {
    const { orders } = await ordersById(client, [longOrder.id]);
    const [order] = mapped(orders).values();
    expect(order?.lines).toHaveLength(130);
    expect(order?.refunds).toHaveLength(22);
    expect(order?.differenceMinor).toBe(0);
  });

  test("stop at the number asked for", async () => {
    let count = 0;
    for await (const page of ordersByPage(client, { sortKey: "CREATED_AT", limit: 25 })) count += page.length;
    expect(count).toBe(25);
  });

  test("come in spite of cut answers, refusals and a small bucket", async () => {
    shop.plan = "basic";
    const { chaos } = local.world;
    chaos.answer429.next = 2;
    chaos.answer500.next = 2;
    chaos.cutAnswerAfterWork.next = 2;
    try {
      const ids = [...shop.orders.keys()].slice(0, 40);
      const many = await Promise.all([0, 10, 20, 30].map((at) => ordersById(client, ids.slice(at, at + 10))));
      expect(many.flatMap(({ orders }) => orders)).toHaveLength(40);
      expect([chaos.answer429.next, chaos.answer500.next, chaos.cutAnswerAfterWork.next]).toEqual([0, 0, 0]);
    } finally {
      shop.plan = "plus";
    }
  });
});

describe("a bulk result", () => {
  test("that is cut goes on where it ended, and is whole", async () => {
    const result = await bulkResult();
    const whole = await readBulkResult(result, assembleOrders);
    const starts: (string | null)[] = [];
    const cutting = cuttingFetch(3, starts);
    expect(await readBulkResult(result, assembleOrders, { fetch: cutting })).toEqual(whole);
    expect(starts).toHaveLength(4);
    expect(starts[0]).toBeNull();
    expect(starts.slice(1).every((range) => range?.startsWith("bytes="))).toBe(true);
  });

  test("that is cut every time is an error and not a short history", async () => {
    const failing = readBulkResult(await bulkResult(), assembleOrders, { fetch: cuttingFetch(99, []) });
    await expect(failing).rejects.toMatchObject({ kind: "cut-answer", retry: "later" });
  });

  test("with fewer objects than Shopify counted is refused", async () => {
    const result = await bulkResult();
    const short = readBulkResult({ ...result, objectCount: result.objectCount + 1 }, assembleOrders);
    await expect(short).rejects.toMatchObject({ kind: "bulk", codes: ["INCOMPLETE"] });
  });

  test("whose address expired says so", async () => {
    const result = await bulkResult();
    local.world.chaos.expireBulkUrl.next = 1;
    await expect(readBulkResult(result, assembleOrders)).rejects.toMatchObject({
      kind: "bulk",
      codes: ["ADDRESS_EXPIRED"],
    });
  });
});

/** The real download, cut after 20,000 bytes the first times. */
function cuttingFetch(times: number, ranges: (string | null)[]) {
  let left = times;
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    ranges.push(new Headers(init?.headers).get("range"));
    if (left === 0 || !response.body) return response;
    left -= 1;
    let passed = 0;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        passed += chunk.byteLength;
        controller.enqueue(passed > 20_000 ? chunk.subarray(0, Math.max(1, chunk.byteLength / 2)) : chunk);
        if (passed > 20_000) controller.error(new TypeError("terminated"));
      },
    });
    return new Response(response.body.pipeThrough(cut), response);
  };
}

/** Bulk rows come in any order. */
function inOrder(order: Order): Order {
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  return { ...order, lines: order.lines.toSorted(byId), refunds: order.refunds.toSorted(byId) };
}
