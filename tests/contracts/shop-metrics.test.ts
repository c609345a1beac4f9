import { expect, test } from "vitest";
import { orderColumnsReader } from "../../app/db/bulk/order-columns.ts";
import { PRODUCTS_ONLY } from "../../app/core/metrics/amounts.ts";
import { totalsBytes } from "../../app/core/metrics/customer-totals.ts";
import type { Database } from "../../app/db/database.server.ts";
import { columnsCache } from "../../app/services/metrics/columns-cache.ts";
import { metricsThreads } from "../../app/services/metrics/metrics-threads.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { closeShopMetrics, shopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { createTestDatabase, describeOnBothDatabases } from "../support/database.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const FAULTY = new URL("../support/crashing-columns-thread.ts", import.meta.url);
const REPORT = { question: "report", options: {} } as const;

async function shopWithOrders(db: Database, domain: string, count: number): Promise<number> {
  const shopId = await createShop(db, domain);
  const orders = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    on: `2026-01-${String((index % 28) + 1).padStart(2, "0")}`,
    customer: 1 + (index % 3),
    grossMinor: 100 + index,
  }));
  await writeOrders(db, shopId, orders);
  return shopId;
}

describeOnBothDatabases("shop metrics", (open) => {
  test("the thread answers as the direct way does, and follows changes", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 5);
    const first = await shopMetrics(db.url, shopId, REPORT);
    const { figures, coverage } = await reportShop(db.url, shopId);
    expect(first).toMatchObject({ figures, coverage });
    expect(first?.figures.orders).toBe(5);
    expect(first?.asOf.dataVersion).toBe(1);
    await writeOrders(db, shopId, [{ id: 77, on: "2026-03-01", grossMinor: 5 }]);
    const second = await shopMetrics(db.url, shopId, REPORT);
    expect(second?.figures).toMatchObject({ orders: 6, guestOrders: 1 });
    expect(second?.asOf.dataVersion).toBe(2);
    expect(await shopMetrics(db.url, shopId + 1, REPORT)).toBeNull();
    await closeShopMetrics();
  });

  test("a thread that dies loses the question it was at and no other", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 3);
    const threads = metricsThreads({ databaseUrl: db.url, program: FAULTY, threads: 1 });
    const answers = await Promise.allSettled([
      threads.ask(shopId, REPORT),
      threads.ask(-1, REPORT),
      threads.ask(shopId, REPORT),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(answers[1]).toMatchObject({ reason: { message: "a fault in the thread" } });
    const unanswered = threads.ask(-2, REPORT);
    await Promise.all([expect(unanswered).rejects.toThrow("closed"), threads.close()]);
    await expect(threads.ask(shopId, REPORT)).rejects.toThrow("closed");
  });

  test("questions about one shop are sent together, and asked again when the one before them ends the thread", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 3);
    const threads = metricsThreads({ databaseUrl: db.url, program: FAULTY, threads: 1 });
    const [faulty, ...behind] = await Promise.allSettled([
      threads.ask(shopId, { question: "latestCustomer", options: {} }),
      threads.ask(shopId, REPORT),
      threads.ask(shopId, REPORT),
    ]);
    expect(faulty).toMatchObject({ reason: { message: "a fault in the thread" } });
    expect(behind.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    await threads.close();
  });

  test("questions about several shops are answered in the order in which they were asked", async () => {
    const db = await open();
    const one = await shopWithOrders(db, "one.myshopify.com", 3);
    const two = await shopWithOrders(db, "two.myshopify.com", 3);
    const threads = metricsThreads({ databaseUrl: db.url, threads: 1 });
    const asked = [one, one, two, one, two];
    const answered: number[] = [];
    await Promise.all(
      asked.map(async (shopId, index) => {
        await threads.ask(shopId, REPORT);
        answered.push(index);
      }),
    );
    expect(answered).toEqual([0, 1, 2, 3, 4]);
    await threads.close();
  });

  test("a shop whose thread is held up by another's question moves to a free one", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 3);
    const threads = metricsThreads({ databaseUrl: db.url, program: FAULTY });
    const first = await threads.ask(shopId, REPORT);
    const endless = threads.ask(-2, REPORT);
    const inTurn = await Promise.all([threads.ask(shopId, REPORT), threads.ask(shopId, REPORT)]);
    expect(inTurn.map((answer) => answer?.figures)).toEqual([first?.figures, first?.figures]);
    await Promise.all([expect(endless).rejects.toThrow("closed"), threads.close()]);
  });

  test("customers' totals are counted once per version, and their bytes count", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 9);
    const reader = orderColumnsReader(db.url);
    const cache = columnsCache(reader, Infinity, () => 1);
    const first = await cache.read(shopId);
    const before = cache.bytes();
    const totals = first?.totalsOf(PRODUCTS_ONLY);
    expect(totals && [...totals.orders]).toEqual([3, 3, 3]);
    expect(cache.bytes()).toBe(before + (totals ? totalsBytes(totals) : NaN));
    expect(first?.totalsOf(PRODUCTS_ONLY)).toBe(totals);
    expect((await cache.read(shopId))?.totalsOf({ ...PRODUCTS_ONLY })).toBe(totals);
    const withTax = first?.totalsOf({ ...PRODUCTS_ONLY, tax: true });
    expect(withTax?.included.tax).toBe(true);
    await writeOrders(db, shopId, [{ id: 77, on: "2026-03-01", customer: 1, grossMinor: 5 }]);
    const changed = (await cache.read(shopId))?.totalsOf(PRODUCTS_ONLY);
    expect(changed && [...changed.orders]).toEqual([4, 3, 3]);
    const tight = columnsCache(reader, before, () => 1);
    const held = await tight.read(shopId);
    held?.totalsOf(PRODUCTS_ONLY);
    expect(tight.bytes()).toBeLessThanOrEqual(before);
    await reader.close();
  });

  test("one reading serves all who asked before it, and nobody who asked after", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 3);
    const reader = orderColumnsReader(db.url);
    let clock = 10;
    const cache = columnsCache(reader, Infinity, Date.now, () => clock);
    const count = async (askedAt: number, withLines = false) =>
      (await cache.read(shopId, withLines, askedAt))?.columns.orderCount;
    expect(await count(9)).toBe(3);
    await writeOrders(db, shopId, [{ id: 77, on: "2026-03-01", lines: [{ product: 3 }] }]);
    clock = 20;
    expect([await count(9), await count(10)]).toEqual([3, 4]);
    await writeOrders(db, shopId, [{ id: 78, on: "2026-03-01", lines: [{ product: 3 }] }]);
    // Lines were never read.
    expect([await count(19), await count(19, true)]).toEqual([4, 5]);
    await writeOrders(db, shopId, [{ id: 79, on: "2026-03-01", lines: [{ product: 3 }] }]);
    const withLines = await cache.read(shopId, true, 19);
    expect([withLines?.columns.orderCount, withLines?.lines?.start.length]).toEqual([5, 6]);
    await reader.close();
  });

  test("the cache keeps what was used last, up to its bytes", async () => {
    const db = await open();
    const shops = [];
    for (const name of ["a", "b", "c"]) shops.push(await shopWithOrders(db, `${name}.myshopify.com`, 20));
    const [a = 0, b = 0, c = 0] = shops;
    const reader = orderColumnsReader(db.url);
    const single = columnsCache(reader, Infinity, () => 1);
    await single.read(a);
    const cache = columnsCache(reader, single.bytes() * 2.5, () => 1);
    const held = await cache.read(a);
    await cache.read(b);
    const again = await cache.read(a);
    expect(again?.counted).toBe(held?.counted);
    await cache.read(c);
    expect(cache.shops()).toEqual([a, c]);
    expect(cache.bytes()).toBe(single.bytes() * 2);
    const none = columnsCache(reader, 10, () => 1);
    expect((await none.read(a))?.columns.orderCount).toBe(20);
    expect([none.shops(), none.bytes()]).toEqual([[], 0]);
    await reader.close();
  });
});

describeOnBothDatabases("questions about products", (open) => {
  test("the thread reads lines for them alone, and follows changes", async () => {
    const db = await open();
    const shopId = await createShop(db, "one.myshopify.com");
    const lines = [{ product: 3, netMinor: 500 }, { product: 4 }];
    await writeOrders(db, shopId, [{ id: 1, on: "2026-01-01", customer: 7, lines }]);
    const page = { sort: "netMinor", descending: true, offset: 0, limit: 1 } as const;
    const request = { question: "products", options: { minimumCustomers: 1, page } } as const;
    const first = await shopMetrics(db.url, shopId, request);
    expect(first?.figures).toMatchObject({ total: 2, orders: 1, rows: [{ productId: 3, netMinor: 500 }] });
    await writeOrders(db, shopId, [{ id: 2, on: "2026-01-08", customer: 7, lines: [{ product: 3 }] }]);
    expect((await shopMetrics(db.url, shopId, REPORT))?.figures.orders).toBe(2);
    const second = await shopMetrics(db.url, shopId, request);
    expect(second?.figures.rows[0]).toMatchObject({ orders: 2, same: { rate: 1 }, medianDaysToSame: 7 });
    const pairs = await shopMetrics(db.url, shopId, {
      question: "productsTogether",
      options: { minimumOrders: 1, page: { ...page, sort: "lift" } },
    });
    expect(pairs?.figures.rows[0]).toMatchObject({ firstId: 3, secondId: 4, orders: 1, lift: 1 });
    await closeShopMetrics();
  });

  test("the cache counts lines, and remembers answers until something changes", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "one.myshopify.com", 20);
    const reader = orderColumnsReader(db.url);
    const cache = columnsCache(reader, Infinity, () => 1);
    const plain = await cache.read(shopId);
    const bytes = cache.bytes();
    expect(plain?.lines).toBeNull();
    const full = await cache.read(shopId, true);
    expect(full?.lines?.start).toHaveLength(21);
    expect(cache.bytes()).toBeGreaterThan(bytes);
    let asked = 0;
    const answer = (shop: typeof full) => shop?.remember("a question", () => ++asked);
    expect([answer(plain), answer(full), answer(await cache.read(shopId))]).toEqual([1, 1, 1]);
    await db.write((tx) =>
      tx.prisma.shop.update({ where: { id: shopId }, data: { flatMarginBasisPoints: 1 } }),
    );
    expect(answer(await cache.read(shopId))).toBe(2);
    await writeOrders(db, shopId, [{ id: 99, on: "2026-03-01" }]);
    expect(answer(await cache.read(shopId))).toBe(3);
    const told = { facts: new Float64Array(1_000), laterBytes: () => 5_000 };
    const beside = cache.bytes();
    (await cache.read(shopId))?.remember("facts", () => told);
    // Counted at the next question, because answers grow when they are asked for more.
    await cache.read(shopId);
    expect(cache.bytes()).toBe(beside + 13_000);
    for (let other = 0; other < 200; other++) full?.remember(`another ${other}`, () => other);
    expect(answer(full)).toBe(4);
    await reader.close();
  });

  test("the cache gives what was computed on to who computes it anew, and counts its bytes", async () => {
    const db = await open();
    const shopId = await shopWithOrders(db, "carrying.myshopify.com", 5);
    const reader = orderColumnsReader(db.url);
    const cache = columnsCache(reader, Infinity, () => 1);
    const more = async (name: string) => {
      const shop = await cache.read(shopId);
      return shop?.carry<{ row: Float64Array }>(name, (before) => ({
        row: new Float64Array((before?.row.length ?? 0) + 1_000),
      })).row.length;
    };
    expect(await more("one")).toBe(1_000);
    const bytes = cache.bytes();
    expect(bytes).toBeGreaterThan(8_000);
    expect(await more("one")).toBe(1_000);
    await writeOrders(db, shopId, [{ id: 99, on: "2026-03-01" }]);
    expect(await more("one")).toBe(2_000);
    expect(cache.bytes()).toBeGreaterThan(bytes + 7_000);
    // Few are kept: those asked for last.
    await more("two");
    await more("three");
    await writeOrders(db, shopId, [{ id: 100, on: "2026-03-02" }]);
    expect(await more("one")).toBe(1_000);
    expect(await more("three")).toBe(2_000);
    await reader.close();
  });
});

test("a question that never ends is ended, and the next one answered", async () => {
  const { url, remove } = await createTestDatabase("sqlite");
  // Long enough for a busy machine to start a thread in.
  const threads = metricsThreads({ databaseUrl: url, timeoutMs: 8000, program: FAULTY, threads: 1 });
  const [hanging, next] = await Promise.allSettled([threads.ask(-2, REPORT), threads.ask(1, REPORT)]);
  expect(hanging).toMatchObject({ reason: { message: "figures took longer than 8000 ms" } });
  expect(next).toEqual({ status: "fulfilled", value: null });
  await threads.close();
  remove();
});
