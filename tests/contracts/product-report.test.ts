/** What brings people back, as the page and the files of products show it. */
import { afterEach, expect, test } from "vitest";
import { csvText, type CsvRow } from "../../app/core/csv.ts";
import { dayFromIso } from "../../app/core/calendar.ts";
import type { View } from "../../app/core/metrics/view.ts";
import type { Database } from "../../app/db/database.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { readProductQuery } from "../../app/services/metrics/product-query.ts";
import { reportProducts } from "../../app/services/metrics/report-products.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { findTable } from "../../app/services/metrics/tables.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import type { SampleOrder } from "../support/order-columns.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";

const [TEA, CUP, POT] = [6_000_000_000_011, 12, 13] as const;
const FIRST = dayFromIso("2026-01-01");
const period = { firstDay: FIRST, lastDay: FIRST + 200 };

/** 36 customers buy tea and a cup; every third one buys tea again, 40 days later, and then a pot. */
function orders(): SampleOrder[] {
  const all: Omit<SampleOrder, "id">[] = [];
  for (let customer = 1; customer <= 36; customer++) {
    const lines = [{ product: TEA, netMinor: 1000 }, { product: CUP, netMinor: 250 }];
    all.push({ on: "2026-01-01", customer, product: TEA, lines });
    if (customer % 3 !== 0) continue;
    all.push({ on: "2026-02-10", customer, lines: [{ product: TEA, netMinor: 1000, refundMinor: 500 }] });
    all.push({ on: "2026-03-01", customer, lines: [{ product: POT, netMinor: 5000 }] });
  }
  return all.map((order, index) => ({ ...order, id: index + 1 }));
} // prettier-ignore

async function teaShop(db: Database): Promise<number> {
  const shopId = await createShop(db, "tea.myshopify.com");
  const other = await createShop(db, "other.myshopify.com");
  const product = (owner: number, id: number, title: string) => ({
    ...{ shopId: owner, id: BigInt(id), title, productType: "", status: "active" },
    ...{ isGiftCard: false, createdAt: 0n, updatedAt: 0n },
  });
  await writeOrders(db, shopId, orders(), async (tx) => {
    await tx.prisma.product.create({ data: product(shopId, TEA, "Green Tea 100%") });
    await tx.prisma.product.create({ data: product(shopId, CUP, "=Cup") });
    await tx.prisma.product.create({ data: product(other, CUP, "Green cup") });
  });
  return shopId;
}

const asked = (address: string) => readProductQuery(new URLSearchParams(address));

describeOnBothDatabases("the report of products", (open) => {
  afterEach(closeShopMetrics);

  test("each table has its figures and the products' titles", async () => {
    const db = await open();
    const shopId = await teaShop(db);
    const report = (address: string) => reportProducts(db, shopId, { period }, asked(address));

    expect(await report("table=first")).toMatchObject({
      table: "first",
      all: { customers: 36, repeatCustomers: 12 },
      total: 1,
      rows: [{ productId: TEA, title: "Green Tea 100%", customers: 36, repeatCustomers: 12 }],
    });
    const products = await report("table=products&sort=netMinor&order=descending");
    expect(products).toMatchObject({
      table: "products",
      total: 3,
      rows: [
        { title: null, productId: POT, netMinor: 60_000, buyers: 12, again: null },
        {
          title: "Green Tea 100%",
          orders: 48,
          netMinor: 42_000,
          refundRate: 6000 / 48_000,
          same: { customers: 36, repeatCustomers: 12 },
          medianDaysToSame: 40,
        },
        { title: "=Cup", productId: CUP, netMinor: 9000 },
      ],
    });
    expect(await report("table=products&within=30")).toMatchObject({
      rows: [{ productId: POT }, { again: { repeatCustomers: 0 } }, { productId: CUP }],
    });
    expect(await report("table=together")).toMatchObject({
      table: "together",
      observations: 60,
      total: 1,
      rows: [
        {
          firstId: CUP,
          firstTitle: "=Cup",
          secondTitle: "Green Tea 100%",
          orders: 36,
          again: { rate: 1 / 3 },
        },
      ],
    });
    expect(await report("table=next&sort=orders")).toMatchObject({
      table: "next",
      total: 2,
      rows: [
        { firstId: CUP, secondId: TEA, orders: 12, lift: 2, again: null },
        { firstId: TEA, secondId: POT, secondTitle: null, orders: 12, lift: 1 },
      ],
    });
    expect(await reportProducts(db, 99, { period }, asked("table=products"))).toBeNull();
  });

  test("a search finds titles in this shop alone, whatever stands in it", async () => {
    const db = await open();
    const shopId = await teaShop(db);
    const found = async (search: string) => {
      const query = asked(`table=products&search=${encodeURIComponent(search)}`);
      const report = await reportProducts(db, shopId, { period }, query);
      return report?.table === "products" ? report.rows.map(({ title }) => title) : null;
    };
    expect(await found("gReEn")).toEqual(["Green Tea 100%"]);
    expect(await found("0%")).toEqual(["Green Tea 100%"]);
    expect(await found("%")).toEqual(["Green Tea 100%"]);
    expect(await found("_")).toEqual([]);
    expect(await found("'; DROP TABLE")).toEqual([]);
    expect(await found("  cup ")).toEqual(["=Cup"]);
  });

  test("the files hold every row, and nothing that a spreadsheet would run", async () => {
    const db = await open();
    const shopId = await teaShop(db);
    const shop = await findShopById(db, shopId);
    if (!shop) throw new Error("the shop is missing");
    const view = { period } as View;
    const text = async (name: string, address = "") => {
      const table = await findTable(name)?.load(db, shop, view, new URLSearchParams(address));
      return csvText(table?.headings ?? [], (table?.rows ?? []) as CsvRow[]).split("\r\n");
    };
    const products = await text("products", "table=next&sort=orders&page=7");
    expect(products).toHaveLength(5);
    expect(products[0]).toMatch(/^Product,Product id,Orders,Buyers,Units,Net sales \(EUR\),Refund rate,/);
    expect(products[2]).toMatch(/^Green Tea 100%,6000000000011,48,36,48,420\.00,0\.125,12,36,0\.33/);
    expect(products[3]).toMatch(/^'=Cup,12,36,36,36,90\.00,0,/);
    expect((await text("products-first"))[1]).toMatch(/^Green Tea 100%,6000000000011,12,36,/);
    expect((await text("products-together"))[1]).toMatch(
      /^'=Cup,12,Green Tea 100%,6000000000011,36,0\.6,1,1\.25,/,
    );
    expect(await text("products-next", "table=next&sort=orders")).toHaveLength(4);
  });
});

test("what the address does not say, or says wrong, has a default", () => {
  const plain = {
    ...{ table: "first", withinDays: null, search: "", page: 1, sort: "customers", descending: true },
  };
  expect(asked("")).toEqual(plain);
  expect(asked("table=x&within=31&page=-1&sort=netMinor&order=up&search=")).toEqual(plain);
  expect(asked("table=next&within=90&page=3&sort=share&order=ascending&search=+tea+")).toEqual({
    ...{ table: "next", withinDays: 90, search: "tea", page: 3, sort: "share", descending: false },
  });
});
