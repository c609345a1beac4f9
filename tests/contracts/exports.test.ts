/** A file holds what the page at the same address shows: the same days, whatever the address says or leaves out, and the same rows. */
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isoDate, isoMonth, monthOf, shopCalendar } from "../../app/core/calendar.ts";
import type { Period } from "../../app/core/metrics/period.ts";
import type { Database } from "../../app/db/types.ts";
import { saveCosts } from "../../app/services/acquisition/save-costs.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import type { AcquisitionReport, AcquisitionRow } from "../../app/core/clv/acquisition-report.ts";
import type { ModelCard } from "../../app/core/clv/model-card.ts";
import type { ShopValue, ValueGroup } from "../../app/core/clv/shop-value.ts";
import { tableNames } from "../../app/services/metrics/tables.server.ts";
import { fitValue } from "../../app/services/value/fit-value.server.ts";
import { createShop } from "../../devstore/state/world.ts";
import { createTestDatabase } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { value } from "../support/open-shop.ts";
import type { SampleOrder } from "../support/order-columns.ts";
import { writeOrders } from "../support/order-rows.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
/** A spreadsheet would take it for a formula. */
const FORMULA = '=HYPERLINK("https://example.com","Tea")';
const INSTRUCTION = "@SUM(1)";
const TEA = 11;
const CUP = 12;

/** Where it is the 16th already. */
const EARLY = "Pacific/Kiritimati";
const today = shopCalendar(EARLY).dayOf(NOW);

/** Two orders each of 40 customers, the later one on `lastDay`, the earlier ones over `days` before it. */
function ordersOf(lastDay: number, days: number): SampleOrder[] {
  return Array.from({ length: 40 }, (_, index): SampleOrder[] => {
    const first = lastDay - Math.round((days * index) / 39);
    const order = (id: number, day: number, product: number): SampleOrder => ({
      id: 2 * index + id,
      on: isoDate(day),
      customer: 100 + index,
      product,
      ...(index % 2 === 0 && { source: INSTRUCTION, discountMinor: 100 }),
      grossMinor: 1_000 + index,
      lines: [{ product, netMinor: 900 }, ...(id === 1 ? [{ product: CUP, netMinor: 100 + index }] : [])],
    });
    return [order(1, first, TEA), order(2, Math.min(lastDay, first + 20), CUP)];
  }).flat();
}

const SHOPS: Record<string, SampleOrder[]> = {
  busy: ordersOf(today, 800),
  closed: ordersOf(today - 500, 800),
  "opened-today": ordersOf(today, 0),
  empty: [],
};

const ADDRESSES = [
  "",
  "?period=last-90-days&compare=year",
  "?period=tomorrow",
  "?period=custom&from=2026-02-01&to=2026-05-31&compare=none",
  "?period=custom&from=2026-05-31&to=2026-02-01",
  "?period=custom&from=2026-06-10&to=2030-01-01",
  "?period=custom&from=2030-01-01&to=2030-02-01",
  "?period=custom&from=1995-01-01&to=1995-12-31",
];

type Loaded = Record<string, unknown> & { view?: { period: Period } };

/** The page of each table. What is not listed here fails. */
const TABLES_OF = {
  "app._index": ["trend"],
  "app.retention": [
    ...["cohorts", "retention-curves", "order-intervals", "second-order", "year-retention", "first-products"],
  ],
  "app.products": ["products-first", "products", "products-together", "products-next"],
  "app.customers": ["customers"],
  "app.segments": ["segments"],
  "app.segments_.$segmentId": ["segment-customers", "audience"],
  "app.customers_.$customerId": ["customer-orders"],
  "app.value": [
    ...["value-forecast", "value-tenths", "value-cohorts", "value-first-products", "value-first-sources"],
    ...["value-discount-use", "value-backtest", "value-tracking"],
    ...["value-calibration-tenths", "value-calibration-repeats", "simple-value"],
  ],
  "app.acquisition": ["acquisition", "acquisition-path", "acquisition-costs"],
  "app.loyalty_.activity": ["points-activity", "points-reminders"],
  "app.loyalty_.liability": ["points-liability", "points-expected", "points-by-age", "points-cost"],
  "app.loyalty_.referrals": ["referrals"],
  "app.loyalty_.return": ["programme-return"],
  "app.loyalty_.rewards_.$rewardId": ["donations", "reward-holders"],
  "app.data": ["comparisons", "unreadable-records", "data-requests", "failed-tasks"],
} as const;

let local: LocalShopify;
let db: Database;
let remove: () => void;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  const test = await createTestDatabase("sqlite");
  remove = test.remove;
  process.env["DATABASE_URL"] = test.url;
  local = await startLocalShopify();
  const { database } = await import("../../app/db/database.server.ts");
  db = await database();
  for (const name of Object.keys(SHOPS)) {
    const domain = `${name}.myshopify.com`;
    value(createShop(local.world, { domain, timeZone: EARLY, currency: "KWD", plan: "plus" }));
    local.devstore.install(domain);
    // The first page load installs the app.
    await pageOf("app.data", name, "");
  }
  for (const [name, orders] of Object.entries(SHOPS)) {
    const domain = `${name}.myshopify.com`;
    const shop = await db.prisma.shop.findUniqueOrThrow({ where: { domain } });
    for (const [id, title] of [
      [TEA, FORMULA],
      [CUP, "-Cup"],
    ] as const) {
      await db.write((tx) =>
        tx.prisma.product.create({
          data: {
            ...{ shopId: shop.id, id: BigInt(id), title, productType: "", status: "ACTIVE" },
            ...{ isGiftCard: false, createdAt: 0n, updatedAt: 0n },
          },
        }),
      );
    }
    await writeOrders(db, shop.id, orders);
    await db.write((tx) =>
      tx.prisma.unreadableRecord.create({
        data: {
          ...{ shopId: shop.id, resource: "orders", id: 5n, createdAt: 0n, updatedAt: 0n },
          ...{ reason: "@amount", seenAt: 0n },
        },
      }),
    );
    if (name === "busy") await fitValue(db, shop.id, AbortSignal.timeout(60_000));
  }
}, 120_000);

afterAll(async () => {
  vi.useRealTimers();
  await closeShopMetrics();
  await db.close();
  await local.stop();
  remove();
});

function asked(shop: string, address: string) {
  const token = local.devstore.sessionToken(`${shop}.myshopify.com`);
  const headers = { Authorization: `Bearer ${token}`, "User-Agent": "Mozilla/5.0 Chrome/153.0.0.0" };
  return { request: new Request(`http://localhost${address}`, { headers }), context: {} };
}

async function pageOf(route: keyof typeof TABLES_OF, shop: string, search: string): Promise<Loaded> {
  const { loader } = (await import(`../../app/routes/${route}/route.tsx`)) as {
    loader: (args: object) => Promise<Loaded>;
  };
  return loader({ ...asked(shop, `/app/page${search}`), params: { customerId: "100" } }).catch(
    (error: unknown) => {
      throw error instanceof Response ? new Error(`${route} answered ${error.status}`) : error;
    },
  );
}

async function fileOf(table: string, shop: string, search: string) {
  const { loader } = await import("../../app/routes/app.export.$table/route.tsx");
  const answer = await loader({ ...asked(shop, `/app/export/${table}${search}`), params: { table } });
  const name = /filename="(.+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
  const rows = parse(await answer.text(), { record_delimiter: "\r\n" });
  return { name, headings: rows[0] ?? [], rows: rows.slice(1) };
}

test("every table is one of a page", () => {
  expect(tableNames().toSorted()).toEqual(Object.values(TABLES_OF).flat().toSorted());
});

describe.each(Object.keys(SHOPS))("of the shop %s", (shop) => {
  test.each(["app._index", "app.retention", "app.products"] as const)(
    "every file of %s is about the page's days",
    async (route) => {
      for (const address of ADDRESSES) {
        const { view } = await pageOf(route, shop, address);
        const days = view ? [isoDate(view.period.firstDay), isoDate(view.period.lastDay)].join("-") : "";
        for (const table of TABLES_OF[route]) {
          const { name } = await fileOf(table, shop, address);
          expect(name, `${table} at ${address}`).toBe(`${table}-${days}.csv`);
        }
      }
    },
  );

  test.each(ADDRESSES)("the files hold the page's rows at %s", async (address) => {
    const overview = (await (
      await pageOf("app._index", shop, address)
    )["overview"]) as {
      now: { trend: { netMinor: number; orders: number }[] };
      before: { trend: { netMinor: number }[] } | null;
    } | null;
    const trend = await fileOf("trend", shop, address);
    const kuwaitiDinars = (minor: number | undefined) =>
      minor === undefined ? "" : (minor / 1_000).toFixed(3);
    if (overview) {
      expect(trend.headings.includes("Compared net sales (KWD)")).toBe(overview.before !== null);
      expect(trend.rows.map((row) => [row[2], row[3], row[9]])).toEqual(
        overview.now.trend.map(({ netMinor, orders }, place) => [
          kuwaitiDinars(netMinor),
          String(orders),
          overview.before ? kuwaitiDinars(overview.before.trend[place]?.netMinor) : undefined,
        ]),
      );
    }

    const { answers } = (await pageOf("app.retention", shop, address)) as {
      answers?: {
        below: {
          intervals: Promise<{ figures: { histogram: { intervals: number }[] } }>;
          year: Promise<{ figures: { rate: number | null; atStart: number } }>;
        };
        cohorts: Promise<{ figures: { cohorts: { start: string; customers: number }[] } }>;
      } | null;
    };
    if (answers) {
      const { histogram } = (await answers.below.intervals).figures;
      const intervals = await fileOf("order-intervals", shop, address);
      expect(intervals.rows.map((row) => Number(row[2]))).toEqual(histogram.map((bar) => bar.intervals));
      const { rate, atStart } = (await answers.below.year).figures;
      const year = await fileOf("year-retention", shop, address);
      expect(year.rows[0]?.slice(1, 4)).toEqual([
        ...Array<string>(2).fill(rate === null ? "" : String(Number(rate.toFixed(6)))),
        String(atStart),
      ]);
      const { cohorts } = (await answers.cohorts).figures;
      expect((await fileOf("cohorts", shop, address)).rows.map((row) => row.slice(0, 2))).toEqual(
        cohorts.map(({ start, customers }) => [start, String(customers)]),
      );
    }

    for (const table of ["first", "products", "together", "next"]) {
      const search = `${address || "?"}&table=${table}&search=cup`;
      const report = (await (
        await pageOf("app.products", shop, search)
      )["report"]) as {
        total: number;
        others?: object | null;
        unknown?: object | null;
      } | null;
      if (!report) continue;
      const name =
        table === "first" || table === "together" || table === "next" ? `products-${table}` : table;
      const { rows } = await fileOf(name, shop, search);
      expect(rows, name).toHaveLength(report.total + (report.others ? 1 : 0) + (report.unknown ? 1 : 0));
    }
  });
});

test("files without a period are named after the shop's day, and hold the page's rows", async () => {
  for (const table of [...TABLES_OF["app.data"], ...TABLES_OF["app.customers"], ...TABLES_OF["app.value"]]) {
    expect((await fileOf(table, "busy", "?period=last-7-days")).name).toBe(`${table}-2026-06-16.csv`);
  }
  expect((await fileOf("customers", "busy", "?tab=repeat&ordersFrom=2&sort=net-asc")).rows).toHaveLength(40);
  expect((await fileOf("customer-orders", "busy", "?customer=100")).rows).toHaveLength(2);
  expect((await fileOf("unreadable-records", "busy", "")).rows).toHaveLength(1);
});

test("the files of the value page hold what it shows, by the months and the discount in the address", async () => {
  for (const address of ["", "?months=24&discount=0", "?months=7&discount=-3"]) {
    const page = (await pageOf("app.value", "busy", address)) as unknown as {
      card: ModelCard;
      value: Promise<{ figures: ShopValue }>;
    };
    const { figures } = await page.value;
    const rowsOf = async (table: string) => (await fileOf(table, "busy", address)).rows;
    const money = (minor: number | null) => (minor === null ? "" : (Math.round(minor) / 1_000).toFixed(3));
    const groups = (of: readonly ValueGroup[]) =>
      of.map(({ key, customers, broughtMinor, expectedMinor }) => [
        ...[key, String(customers), money(broughtMinor), money(broughtMinor / customers)],
        ...[money(expectedMinor), money(expectedMinor / customers)],
      ]);
    expect(await rowsOf("value-forecast")).toEqual(
      figures.forecast.map(({ month, expectedMinor, lowMinor, highMinor }) => [
        String(month),
        ...[expectedMinor, lowMinor, highMinor].map(money),
      ]),
    );
    expect(await rowsOf("value-tenths")).toEqual(
      figures.tenths.map(({ customers, meanMinor }, tenth) => [
        ...[String(tenth + 1), String(customers), money(meanMinor)],
      ]),
    );
    expect(await rowsOf("value-cohorts")).toEqual(groups(figures.cohorts));
    expect(await rowsOf("value-discount-use")).toEqual(groups(figures.discountUses));
    const [known, unknown] = await rowsOf("value-first-sources");
    expect([known?.[0], known?.[1], unknown?.[0]]).toEqual([`'${INSTRUCTION}`, "20", "Not known"]);
    expect((await rowsOf("value-first-products")).map((row) => row.slice(0, 2))).toEqual([
      [`'${FORMULA}`, "40"],
    ]);
    const { judged, tracking } = page.card;
    expect((await rowsOf("value-backtest")).map(([name]) => name)).toEqual(
      judged?.rows.map(({ name }) => name) ?? [],
    );
    expect(await rowsOf("value-tracking")).toHaveLength(tracking?.actual.length ?? 0);
    expect(await rowsOf("value-calibration-tenths")).toHaveLength(judged?.byDecile.length ?? 0);
    expect(await rowsOf("value-calibration-repeats")).toHaveLength(judged?.byRepeats.length ?? 0);
    expect((await rowsOf("simple-value")).map(([years]) => years)).toEqual(["1", "2", "3"]);
  }
  // They were there to be held.
  expect((await fileOf("value-backtest", "busy", "")).rows.length).toBeGreaterThan(2);
  expect((await fileOf("value-cohorts", "empty", "")).rows).toEqual([]);
});

test("the files of the acquisition page hold what it shows", async () => {
  const shop = await db.prisma.shop.findUniqueOrThrow({ where: { domain: "busy.myshopify.com" } });
  const spent = monthOf(today);
  await saveCosts(db, shop.id, [{ month: spent, beforeMinor: null, amountMinor: 12_345 }]);
  for (const address of ["", "?months=24&measure=margin&cohort=2025-03", "?measure=joy&cohort=x"]) {
    const page = (await pageOf("app.acquisition", "busy", address)) as unknown as {
      months: string[];
      report: Promise<{ figures: AcquisitionReport; shown: AcquisitionRow | null }>;
    };
    const { figures, shown } = await page.report;
    const table = await fileOf("acquisition", "busy", address);
    expect(table.rows.map(([month, customers]) => [month, customers])).toEqual(
      figures.rows.map(({ month, customers }) => [month, String(customers)]),
    );
    const last = table.rows.at(-1);
    expect(last?.[2]).toBe("12.345");
    expect(Number(last?.[11])).toBeCloseTo(figures.rows.at(-1)?.ratio?.mean ?? NaN, 5);
    expect(shown?.month).toBe(address.includes("2025") ? "2025-03" : isoMonth(spent));
    const path = await fileOf("acquisition-path", "busy", address);
    expect(path.rows.map(([month, at]) => [month, at])).toEqual(
      shown?.pathMinor.map((_, at) => [shown.month, String(at + 1)]),
    );
    const costs = await fileOf("acquisition-costs", "busy", address);
    expect(costs.rows.map(([month]) => month)).toEqual(page.months.toReversed());
    expect(costs.rows.at(-1)).toEqual([isoMonth(spent), "12.345"]);
  }
});

test("no cell of any file is one that a spreadsheet would run", async () => {
  const all = Object.values(TABLES_OF).flat();
  const texts: string[] = [];
  for (const table of all) {
    const { headings, rows } = await fileOf(table, "busy", "?period=all-time&customer=100");
    texts.push(...headings, ...rows.flat());
  }
  const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
  expect(texts.filter((text) => /^[=+\-@\t\r]/.test(text) && !isNumber(text))).toEqual([]);
  // They were there to be found.
  expect(texts).toEqual(expect.arrayContaining([`'${FORMULA}`, "'-Cup", "'@amount"]));
});
