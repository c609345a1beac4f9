/**
 * The first minutes of an install, in a browser: nothing synced yet, a sync under way, one that fails, and a shop that gets its first
 * order only later. The worker runs apart, so that it can be held where it is while the page is looked at.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { syncStatus, type SyncStatus } from "../../app/db/queries/sync-status.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { adminAddress, launchBrowser, missingBrowser, openWindow } from "../support/browser.ts";
import { until } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp, type WorkerProcess } from "../support/running-app.ts";
import { emptyShop, generatedShop } from "../support/shops-of-a-kind.ts";

const NEW = "new.myshopify.com";
const EMPTY = "empty.myshopify.com";
const UNLUCKY = "unlucky.myshopify.com";

const missing = missingBrowser();

describe.skipIf(missing !== null)(`a first sync${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let worker: WorkerProcess | undefined;
  /** Counted from the shop itself. */
  let ordersOfNew: number;

  beforeAll(async () => {
    const world = createWorld({ seed: 6 });
    const { shop } = generatedShop(world, NEW, { seed: 6, orders: 600 });
    ordersOfNew = [...shop.orders.values()].filter(
      ({ test, cancelledAt }) => !test && cancelledAt === null,
    ).length;
    emptyShop(world, EMPTY);
    generatedShop(world, UNLUCKY, { seed: 8, orders: 60 });
    app = await startRunningApp(world, { roles: "web" });
    db = await openDatabase(app.databaseUrl);
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  const overviewOf = (shop: string) => adminAddress(app.shopifyUrl, shop, "/app?period=all-time");

  async function statusOf(shop: string): Promise<SyncStatus> {
    return syncStatus(db, (await findShop(db, shop))?.id ?? 0);
  }

  /** Whatever became of the test before. */
  function keepWorking(): void {
    worker ??= app.startWorker();
    worker.resume();
  }

  /** Changes the local Shopify through its control API. */
  async function control(method: string, path: string, body?: object): Promise<void> {
    const answer = await fetch(`${app.shopifyUrl}/_control/api/${path}`, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  test("is announced, shows how far it is, and ends without the page being opened again", async () => {
    const { context, page, faults } = await openWindow(browser);
    // As a merchant finds it: from the list of apps, which installs it.
    await page.goto(`${app.shopifyUrl}/admin?shop=${NEW}`);
    await page.getByRole("link", { name: "Perennial" }).click();
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-sync-phase="waiting"]').waitFor({ timeout: 30_000 });
    await expectGoodPage(page);

    worker = app.startWorker();
    await until("some of the history to be in", async () => (await statusOf(NEW)).ordersApplied > 0);
    worker.pause();
    const { phase, ordersApplied, ordersExpected } = await statusOf(NEW);
    expect(phase).toBe("history");
    expect(ordersApplied).toBeLessThan(ordersExpected);
    await frame.locator('[data-sync-phase="history"]').waitFor();
    await frame.getByText(`${ordersApplied} of ${ordersExpected} orders`).waitFor();
    await expectGoodPage(page);

    worker.resume();
    await frame.locator('[data-sync-phase="complete"]').waitFor({ timeout: 60_000 });
    expect((await statusOf(NEW)).ordersApplied).toBe(ordersExpected);
    await page.goto(overviewOf(NEW));
    await frame.locator(`[data-figure="orders"][data-value="${ordersOfNew}"]`).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("of a shop without an order says so, and the first order appears", async () => {
    keepWorking();
    const { context, page, faults } = await openWindow(browser);
    await page.goto(overviewOf(EMPTY));
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-sync-phase="complete"]').waitFor({ timeout: 60_000 });
    await frame.getByText("There are no orders yet").waitFor();

    await control("POST", `shops/${EMPTY}/actions/createOrder`, {
      lines: [{ title: "Green tea", unitPriceMinor: 1_999, quantity: 2 }],
    });
    const shopId = (await findShop(db, EMPTY))?.id ?? 0;
    await until("the first order", async () => (await db.prisma.order.count({ where: { shopId } })) === 1);
    await page.reload();
    await frame.locator('[data-figure="orders"][data-value="1"]').waitFor();
    await expectGoodPage(page);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("that Shopify cannot finish says what happened", async () => {
    keepWorking();
    await control("PUT", "chaos", { faults: { failBulk: 1 } });
    const { context, page, faults } = await openWindow(browser);
    await page.goto(overviewOf(UNLUCKY));
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-sync-phase="failed"]').waitFor({ timeout: 90_000 });
    await frame.getByText("the bulk operation ended as FAILED").waitFor();
    await expectGoodPage(page);
    expect(faults).toEqual([]);
    await context.close();
  }, 150_000);
});
