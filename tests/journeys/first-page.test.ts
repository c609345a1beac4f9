/** A merchant opens the app in the admin for the first time: it installs itself, syncs, and shows the shop's figures. */
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import { loadSession } from "../../app/db/stores/sessions.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { generateHistory } from "../../devstore/history/generate.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import { createWorld } from "../../devstore/state/world.ts";
import {
  adminAddress,
  launchBrowser,
  missingBrowser,
  openInAdmin,
  openWindow,
  USER_AGENT,
} from "../support/browser.ts";
import { axeFindings } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";

const SHOP = "journey.myshopify.com";
const SLOW_SHOP = "slow.myshopify.com";
/** How many of the newest orders are brought by page. */
const NEWEST = 250;
const PICTURES = path.resolve(import.meta.dirname, "../../.cache/journeys");

const missing = missingBrowser();

describe.skipIf(missing !== null)(`the first page${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  /** Counted from the shop itself, by neither the sync nor the metrics. */
  let someCustomerId: number;
  let tally: { orders: number; guestOrders: number };
  let countedOfNewest: number;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    const world = createWorld({ seed: 5 });
    const endDay = Math.floor(Date.now() / 86_400_000) - 1;
    const history = generateHistory({
      seed: 5,
      orders: 400,
      customers: 160,
      products: 20,
      days: 400,
      endDay,
    });
    const { shop } = fillShop(world, SHOP, history);
    shop.plan = "plus";
    const slow = fillShop(world, SLOW_SHOP, history).shop;
    slow.plan = "plus";
    const newest = [...slow.orders.values()].sort((a, b) => b.createdAt - a.createdAt).slice(0, NEWEST);
    countedOfNewest = newest.filter((order) => !order.test && order.cancelledAt === null).length;
    const counted = [...shop.orders.values()].filter((order) => !order.test && order.cancelledAt === null);
    someCustomerId = counted.find(({ customerId }) => customerId !== null)?.customerId ?? 0;
    tally = {
      orders: counted.length,
      guestOrders: counted.filter(({ customerId }) => customerId === null).length,
    };
    app = await startRunningApp(world);
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test("shows the figures of the whole shop, and keeps showing them", async () => {
    const { context, page, faults } = await openWindow(browser);
    await page.goto(`${app.shopifyUrl}/admin?shop=${SHOP}`);
    await page.getByRole("link", { name: "Perennial" }).click();
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-sync-phase="complete"]').waitFor({ timeout: 120_000 });

    const db = await openDatabase(app.databaseUrl);
    try {
      const shop = await findShop(db, SHOP);
      expect(shop?.installGeneration).toBe(1);
      const { cohorts, currency, ...figures } = (await reportShop(app.databaseUrl, shop?.id ?? 0)).figures;
      expect(cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(figures.customers);
      expect(figures).toMatchObject(tally);
      expect(currency).toMatch(/^[A-Z]{3}$/);
      await frame.getByRole("button", { name: "Period: Last 30 days" }).click();
      await page.screenshot({ path: path.join(PICTURES, "period.png") });
      await frame.getByText("All time", { exact: true }).click();
      for (const [name, value] of Object.entries(figures)) {
        const shown = frame.locator(`[data-figure="${name}"][data-value="${value}"]`);
        await shown.waitFor({ timeout: 15_000 });
        expect(await shown.textContent()).toMatch(/\d/);
      }
      // The chart's table, taken away as a file, adds up to the figure.
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        frame.getByRole("button", { name: "Export trend as CSV" }).click(),
      ]);
      const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n").slice(1);
      const minor = lines.reduce((sum, line) => sum + Math.round(Number(line.split(",")[2]) * 100), 0);
      expect(minor).toBe(figures.netMinor);

      const session = await loadSession(db, shop?.id ?? 0);
      expect(session?.accessToken).toMatch(/^v1\./);
      expect(session?.refreshToken).toMatch(/^v1\./);
    } finally {
      await db.close();
    }
    await page.screenshot({ path: path.join(PICTURES, "first-page.png") });

    expect(await axeFindings(page)).toEqual([]);

    // The admin's own navigation leads through the app, without loading it anew.
    await page.getByRole("link", { name: "Data" }).click();
    await frame.getByText("No requests").waitFor();

    // A customer asks for their data: the file appears, and the merchant downloads it.
    const asked = await fetch(`${app.shopifyUrl}/_control/api/shops/${SHOP}/actions/requestCustomerData`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ customerId: someCustomerId }),
    });
    expect(asked.status).toBe(200);
    const row = frame.getByRole("row").filter({ hasText: String(someCustomerId) });
    for (let looks = 0; looks < 20 && (await row.count()) === 0; looks++) {
      await page.waitForTimeout(500);
      await page.getByRole("link", { name: "Perennial" }).click();
      await page.getByRole("link", { name: "Data" }).click();
      await frame.getByRole("heading", { name: "Data requests" }).waitFor();
    }
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      row.getByRole("button", { name: /Download/ }).click(),
    ]);
    const file = JSON.parse(await readFile(await download.path(), "utf8")) as {
      customerId: number;
      orders: unknown[];
    };
    expect(file.customerId).toBe(someCustomerId);
    expect(file.orders.length).toBeGreaterThan(0);
    await page.screenshot({ path: path.join(PICTURES, "privacy.png") });

    await page.getByRole("link", { name: "Perennial" }).click();
    await frame.locator('[data-figure="netMinor"]').waitFor();

    await page.reload();
    await frame.locator('[data-figure="netMinor"]').waitFor({ timeout: 30_000 });
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);

  test("shows the newest orders while the history is awaited, and says that it is missing", async () => {
    const stalled = await fetch(`${app.shopifyUrl}/_control/api/chaos`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ faults: { stallBulk: 1 } }),
    });
    expect(stalled.status).toBe(200);
    const { context, page, faults } = await openWindow(browser);
    await page.goto(`${app.shopifyUrl}/admin/apps/perennial?shop=${SLOW_SHOP}`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("button", { name: "Period: Last 30 days" }).click();
    await frame.getByText("All time", { exact: true }).click();
    await frame
      .locator(`[data-figure="orders"][data-value="${countedOfNewest}"]`)
      .waitFor({ timeout: 60_000 });
    await frame.locator('[data-sync-phase="history"]').waitFor();
    await frame.getByText("Part of the history is missing").waitFor();
    await page.screenshot({ path: path.join(PICTURES, "newest-orders.png") });
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("lets its scripts wait for the first paint", async () => {
    const { context, page } = await openWindow(browser);
    const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/customers"));
    const { painted, scripts } = await frame.evaluate(() => ({
      painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
      scripts: performance
        .getEntriesByType("resource")
        .filter(({ name }) => /\/assets\/[^/]+\.js$/.test(name))
        .map(({ startTime }) => startTime),
    }));
    expect(scripts.length).toBeGreaterThan(10);
    // A page that is painted later than that is woken up before.
    expect(Math.min(...scripts)).toBeGreaterThanOrEqual(Math.min(painted, 500));
    expect(await frame.locator("template[data-until-painted]").count()).toBe(0);
    await context.close();
  }, 60_000);

  test("scrolls its tables once it is painted, though its scripts do not come", async () => {
    const { context, page } = await openWindow(browser);
    await page.route(`${app.appUrl}/assets/*.js`, (route) => route.abort());
    await page.goto(adminAddress(app.shopifyUrl, SHOP, "/app/customers"));
    const painted = page.frameLocator("iframe").locator("main[data-painted]");
    const table = painted.locator(".Polaris-IndexTable-ScrollContainer");
    await table.waitFor();
    expect(await table.evaluate((container) => getComputedStyle(container).overflowX)).toBe("auto");
    await context.close();
  }, 60_000);

  const UNPAINTED: [string, () => void][] = [
    ["nobody looks at it", () => Object.defineProperty(document, "visibilityState", { value: "hidden" })],
    [
      "the browser never tells of a paint",
      () => {
        class Silent {
          static supportedEntryTypes = ["paint"];
          observe() {}
          disconnect() {}
        }
        Object.assign(window, { PerformanceObserver: Silent });
      },
    ],
    [
      "the browser cannot tell of paints",
      () => Object.defineProperty(PerformanceObserver, "supportedEntryTypes", { value: [] }),
    ],
  ];
  test.each(UNPAINTED)(
    "wakes up although %s",
    async (_name, change) => {
      const { context, page, faults } = await openWindow(browser);
      await page.addInitScript(change);
      const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/customers"));
      await frame.getByRole("tab", { name: "Repeat" }).click();
      await frame.waitForURL(/repeat/i);
      expect(faults).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test("is closed to everybody else", async () => {
    const answer = await fetch(`${app.appUrl}/app?shop=${SHOP}`, {
      redirect: "manual",
      headers: { "User-Agent": USER_AGENT },
    });
    expect([302, 303]).toContain(answer.status);
    const forged = await fetch(`${app.appUrl}/app.data`, {
      headers: { Authorization: "Bearer a.b.c", "User-Agent": USER_AGENT },
    });
    expect(forged.status).toBe(401);
    expect(await forged.text()).not.toContain("netMinor");
    const visitor = await fetch(app.appUrl);
    expect(visitor.headers.get("content-security-policy")).toBe("frame-ancestors 'none';");
    const unsigned = await fetch(`${app.appUrl}/webhooks/orders`, { method: "POST", body: "{}" });
    expect(unsigned.status).toBe(401);
  });
});
