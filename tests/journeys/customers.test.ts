/** A merchant looks for customers: by figure, by filter, by name, one by one, and takes the list away as a file. */
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateHistory } from "../../devstore/history/generate.ts";
import * as actions from "../../devstore/state/actions.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import type { CustomerState, ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { launchBrowser, missingBrowser, openWindow } from "../support/browser.ts";
import { value } from "../support/open-shop.ts";
import { axeFindings } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";

const SHOP = "journey.myshopify.com";
const OTHER = "other.myshopify.com";
const PICTURES = path.resolve(import.meta.dirname, "../../.cache/journeys");

const missing = missingBrowser();

function ordersByCustomer(shop: ShopState): Map<number, number> {
  const orders = new Map<number, number>();
  for (const { customerId, test, cancelledAt } of shop.orders.values()) {
    if (customerId === null || test || cancelledAt !== null) continue;
    orders.set(customerId, (orders.get(customerId) ?? 0) + 1);
  }
  return orders;
}

describe.skipIf(missing !== null)(`customers${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let frame: FrameLocator;
  let faults: string[];
  /** Counted from the shop itself: customers with an order that counts, and those of them with the most orders. */
  let tally: { customers: number; repeat: number; mostOrders: number; elsewhere: number };
  let best: CustomerState;
  let idle: CustomerState;

  beforeAll(async () => {
    const world = createWorld({ seed: 5 });
    const endDay = Math.floor(Date.now() / 86_400_000) - 1;
    const size = { seed: 5, orders: 400, customers: 160, products: 20, days: 400, endDay };
    const { shop } = fillShop(world, SHOP, generateHistory(size));
    const { shop: other } = fillShop(
      world,
      OTHER,
      generateHistory({ ...size, seed: 6, orders: 30, customers: 12 }),
    );
    shop.plan = "plus";
    idle = value(actions.createCustomer(world, shop, { firstName: "Idle", lastName: "Onlooker" }));
    const orders = ordersByCustomer(shop);
    const [[bestId, mostOrders] = [0, 0]] = [...orders].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
    best = shop.customers.get(bestId) ?? idle;
    tally = {
      customers: orders.size,
      repeat: [...orders.values()].filter((count) => count > 1).length,
      mostOrders,
      elsewhere: ordersByCustomer(other).size,
    };
    app = await startRunningApp(world);
    browser = await launchBrowser();
    ({ context, page, faults } = await openWindow(browser));
    frame = page.frameLocator("iframe");
    for (const domain of [OTHER, SHOP]) {
      await page.goto(`${app.shopifyUrl}/admin/apps/perennial/app?shop=${domain}`);
      await frame.locator('[data-sync-phase="complete"]').waitFor({ timeout: 120_000 });
    }
    mkdirSync(PICTURES, { recursive: true });
  }, 240_000);

  afterAll(async () => {
    await context?.close();
    await browser?.close();
    await app?.stop();
  });

  const open = (address: string, domain = SHOP) =>
    page.goto(
      `${app.shopifyUrl}/admin/apps/perennial/app/customers${address}${address.includes("?") ? "&" : "?"}shop=${domain}`,
    );
  const rows = () => frame.locator("tbody tr");
  const range = (text: string) => frame.getByText(text, { exact: false }).first().waitFor();

  async function isAccessible(name: string): Promise<void> {
    expect(await axeFindings(page), name).toEqual([]);
    await page.screenshot({ path: path.join(PICTURES, `customers-${name}.png`) });
  }

  test("are sorted, filtered and paged", async () => {
    await open("?sort=orders-desc");
    await range(`1–50 of ${tally.customers} customers`);
    await rows()
      .first()
      .getByRole("link", { name: `${best.firstName} ${best.lastName}` })
      .waitFor();
    expect(await rows().first().locator("td").nth(1).textContent()).toBe(String(tally.mostOrders));
    await isAccessible("list");

    await frame.getByRole("button", { name: "Next" }).click();
    await range(`51–100 of ${tally.customers}`);
    await frame.getByRole("button", { name: "Previous" }).click();
    await range(`1–50 of ${tally.customers}`);

    await frame
      .getByRole("tab", { name: "Repeat" })
      .or(frame.getByRole("button", { name: "Repeat" }))
      .first()
      .click();
    await range(`of ${tally.repeat} customers`);

    await open(`?tab=one-order&ordersFrom=2`);
    await frame.getByText("No customer fits").waitFor();
    await frame.getByRole("button", { name: "Show all customers" }).click();
    await range(`of ${tally.customers} customers`);
    expect(faults).toEqual([]);
  }, 60_000);

  test("leave as a file that holds everybody and no name", async () => {
    await open("?sort=orders-desc");
    await range(`of ${tally.customers} customers`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      frame.getByRole("button", { name: /Export/ }).click(),
    ]);
    const file = await readFile(await download.path(), "utf8");
    const lines = file.trim().split("\r\n");
    expect(lines).toHaveLength(tally.customers + 1);
    expect(lines[1]?.split(",").slice(0, 2)).toEqual([String(best.id), String(tally.mostOrders)]);
    expect(file).not.toContain(best.lastName);
  }, 60_000);

  test("are searched for by name, those without orders too", async () => {
    await open("");
    await range(`of ${tally.customers} customers`);
    await frame.getByRole("button", { name: /search and filter/i }).click();
    await frame.getByPlaceholder("Search by name or e-mail").fill("onlook");
    await frame.getByText("No orders yet").waitFor();
    await isAccessible("search");
    await frame.getByRole("link", { name: "Idle Onlooker" }).click();
    await frame.getByRole("heading", { name: "Idle Onlooker" }).waitFor();
    await frame.getByText("Figures appear here with this customer’s first order.").waitFor();
    await open("?q=nobody-by-that-name");
    await frame.getByText("Nobody found").waitFor();
    expect(faults).toEqual([]);
  }, 60_000);

  test("are shown one by one, with the names that Shopify tells", async () => {
    await open("?sort=orders-desc");
    await rows().first().getByRole("link").click();
    await frame.getByRole("heading", { name: `${best.firstName} ${best.lastName}` }).waitFor();
    await frame.locator(`[data-figure="customerOrders"][data-value="${tally.mostOrders}"]`).waitFor();
    await frame.getByText(/^First order, in the cohort of/).waitFor();
    await frame
      .getByText(/^#\d+$/)
      .first()
      .waitFor();
    await isAccessible("one");
    await frame.getByRole("button", { name: "Customers" }).click();
    await range(`1–50 of ${tally.customers} customers`);
    expect(await rows().first().locator("td").nth(1).textContent()).toBe(String(tally.mostOrders));
    expect(faults).toEqual([]);
  }, 60_000);

  test("are told what is expected of them, once that is learnt, and what to do about them", async () => {
    const heading = () => frame.locator("thead").getByText("Expected in 12 months").first();
    await expect
      .poll(
        async () => {
          await open("?sort=value-desc");
          await range("1–50 of");
          return heading().count();
        },
        { timeout: 90_000, interval: 1_000 },
      )
      .toBeGreaterThan(0);
    await isAccessible("expected");
    await open("?sort=value-desc&risk=low");
    await range("Churn risk: Low risk");
    await rows()
      .first()
      .getByText(/Low risk/)
      .waitFor();
    await rows().first().getByRole("link").click();
    await frame.locator('[data-figure="customerValue"]').first().waitFor();
    const alive = await frame.locator('[data-figure="customerAlive"]').getAttribute("data-value");
    expect(Number(alive)).toBeGreaterThan(0.65);
    await frame.getByText(/^Likely between/).waitFor();
    await frame.getByRole("heading", { name: "Chance of being still a customer" }).waitFor();
    await isAccessible("outlook");

    await page.goto(`${app.shopifyUrl}/admin/apps/perennial/app?shop=${SHOP}`);
    const step = frame.locator("[data-action]").first();
    await step.waitFor();
    expect(Number(await step.getAttribute("data-stake"))).toBeGreaterThan(0);
    await step.getByRole("button", { name: /is reckoned$/ }).click();
    await frame
      .getByText(/is at stake|together|were given|no unit cost/)
      .first()
      .waitFor();
    await isAccessible("to-do");
    const toCustomers = frame
      .locator("[data-action]")
      .getByRole("link", { name: /^See \d+ customers?/ })
      .first();
    const [, count] = /(\d+)/.exec((await toCustomers.textContent()) ?? "") ?? [];
    await toCustomers.click();
    await range(`of ${count} customer`);
    expect(faults).toEqual([]);
  }, 180_000);

  test("stand there by their ids while Shopify does not answer", async () => {
    const chaos = (probability: number) =>
      fetch(`${app.shopifyUrl}/_control/api/chaos`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ faults: { answer429: { probability } } }),
      });
    expect((await chaos(1)).status).toBe(200);
    try {
      await open("?sort=orders-desc");
      await range(`of ${tally.customers} customers`);
      await frame.getByText("Shopify did not tell the names just now").waitFor();
      await rows()
        .first()
        .getByRole("link", { name: `Customer ${best.id}` })
        .waitFor();
      await open("?q=onlook");
      await frame.getByText("Shopify did not answer the search").waitFor();
    } finally {
      await chaos(0);
    }
    expect(faults).toEqual([]);
  }, 60_000);

  test("of another shop are nobody", async () => {
    await open(`/${best.id}`, OTHER);
    await frame.getByRole("heading", { name: "No such customer" }).waitFor();
    await isAccessible("nobody");
    // The browser itself tells of an answer of 404.
    expect(faults.splice(0).filter((fault) => !fault.includes("404"))).toEqual([]);
    await open("", OTHER);
    await range(`of ${tally.elsewhere} customers`);
    expect(faults).toEqual([]);
  }, 60_000);
});
