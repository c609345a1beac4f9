/** A merchant writes down what customers cost, by hand and out of files, and sees what they bring against it. */
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isoMonth, monthOf } from "../../app/core/calendar.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import { loadAcquisitionCosts } from "../../app/db/stores/acquisition-costs.server.ts";
import { loadValueModel } from "../../app/db/stores/value-models.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "spender.myshopify.com";
const DAY_MS = 86_400_000;
/** The months before the current one, the latest first. */
const monthsAgo = (ago: number) => isoMonth(monthOf(Math.floor(Date.now() / DAY_MS)) - ago);
const shown = (month: string) =>
  new Date(`${month}-15T00:00:00Z`).toLocaleDateString("en", {
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });

const missing = missingBrowser();

describe.skipIf(missing !== null)(`acquisition costs${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let shopId: number;
  let context: BrowserContext;
  let page: Page;
  let frame: FrameLocator;
  let faults: string[];

  beforeAll(async () => {
    const world = createWorld({ seed: 21 });
    generatedShop(world, SHOP, { seed: 21, orders: 500 });
    app = await startRunningApp(world);
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    shopId = (await findShop(db, SHOP))?.id ?? 0;
    await untilSynced(db, shopId, 90_000);
    await vi.waitUntil(() => loadValueModel(db, shopId), { timeout: 90_000, interval: 500 });
    browser = await launchBrowser();
    ({ context, page, faults } = await openWindow(browser));
    frame = page.frameLocator("iframe");
  }, 240_000);

  afterAll(async () => {
    await context?.close();
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  const open = (address = "/app/acquisition") =>
    openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, address));
  const admin = (name: string) => page.getByRole("button", { name, exact: true });
  const inApp = (name: string | RegExp) => frame.getByRole("button", { name });
  const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
  const unsaved = (state: "visible" | "hidden") => page.locator("#save-bar").waitFor({ state });
  const cost = (month: string) => frame.getByLabel(shown(month), { exact: true });
  const choose = (name: string, text: string) =>
    frame.locator('input[type="file"]').setInputFiles({
      ...{ name, mimeType: "text/csv", buffer: Buffer.from(text) },
    });

  async function stored() {
    const costs = await loadAcquisitionCosts(db, shopId);
    return Object.fromEntries([...costs].map(([month, minor]) => [isoMonth(month), minor]));
  }

  async function figure(name: string): Promise<number> {
    return Number(await frame.locator(`[data-figure="${name}"]`).getAttribute("data-value"));
  }

  test("are thought over, refused where they make no sense, and saved without a mouse", async () => {
    await open();
    await frame.getByText("appear once you have written down what you spent", { exact: false }).waitFor();
    await cost(monthsAgo(1)).fill("500");
    await unsaved("visible");
    await admin("Discard").click();
    await admin("Discard changes").click();
    await unsaved("hidden");
    expect(await cost(monthsAgo(1)).inputValue()).toBe("");

    await cost(monthsAgo(2)).focus();
    await page.keyboard.type("much");
    await page.keyboard.press("Enter");
    await frame.getByText("“much” is not in", { exact: false }).waitFor();
    expect(await cost(monthsAgo(2)).getAttribute("aria-invalid")).toBe("true");
    await toast("Some amounts need another look");
    expect(await stored()).toEqual({});

    await cost(monthsAgo(2)).fill("1,200.50");
    await cost(monthsAgo(3)).fill("0");
    await page.keyboard.press("Enter");
    await toast("Costs saved");
    await unsaved("hidden");
    expect(await stored()).toEqual({ [monthsAgo(2)]: 120_050, [monthsAgo(3)]: 0 });
    await frame.locator('[data-figure="valueToCost"]').waitFor();
    expect(await figure("acquisitionSpend")).toBe(120_050);
    const ratio = await figure("valueToCost");
    expect(ratio).toBeGreaterThan(0);
    expect(ratio).toBeCloseTo((await figure("acquiredValue")) / (await figure("acquisitionCost")), 6);
    await expectGoodPage(page);
    expect(faults.splice(0)).toEqual([]);
  }, 90_000);

  test("come out of a file: what is wrong with it is said, and nothing is kept before it is saved", async () => {
    await open();
    const before = await stored();
    await choose("wrong.csv", "when,how much\n1,2");
    await frame.getByText("The first line should name the columns: month and amount.").waitFor();

    const [good, last, future] = [monthsAgo(4), monthsAgo(2), monthsAgo(-1)];
    await choose(
      "costs.csv",
      `Month;Amount\n${good};1.000,25\n${last};10\n${future};5\nTotal;1.015,25\n${good};x`,
    );
    await frame.getByRole("heading", { name: "What costs.csv says" }).waitFor();
    await frame.getByText("3 lines were not understood").waitFor();
    await frame.getByText("“Total” is not a month").waitFor();
    await frame.getByText("is a month that has not come yet").waitFor();
    await expectGoodPage(page);
    await inApp("Leave it").click();
    await unsaved("hidden");

    await choose("costs.csv", `Month;Amount\n${good};1.000,25\n${last};10`);
    const put = inApp("Put 2 months into the list");
    await put.focus();
    await page.keyboard.press("Enter");
    await unsaved("visible");
    expect(await cost(good).inputValue()).toBe("1000.25");
    expect(await stored()).toEqual(before);
    await admin("Save").click();
    await toast("Costs saved");
    expect(await stored()).toEqual({ ...before, [good]: 100_025, [last]: 1_000 });
    expect(faults.splice(0)).toEqual([]);
  }, 90_000);

  test("are a file that can be read in again", async () => {
    await open();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      inApp("Export what you spent as CSV").click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    expect(text).toContain(`${monthsAgo(4)},1000.25\r\n`);
    await choose("again.csv", text);
    await inApp("Put 3 months into the list").waitFor();
    await frame.getByText("a month without an amount", { exact: false }).waitFor();
    await inApp("Leave it").click();
    expect(faults.splice(0)).toEqual([]);
  }, 60_000);

  test("are drawn against what each month's customers bring, by sales or margin", async () => {
    await open();
    const bySales = await figure("acquiredValue");
    await frame.getByLabel("Value counts as").selectOption("margin");
    await expect.poll(() => figure("acquiredValue"), { timeout: 20_000 }).toBeLessThan(bySales);
    await frame.getByLabel("Customers of", { exact: true }).selectOption(monthsAgo(4));
    await frame.getByRole("heading", { name: `customers of ${shown(monthsAgo(4))}` }).waitFor();
    await expectGoodPage(page);
    expect(faults.splice(0)).toEqual([]);
  }, 60_000);

  test("a segment tells what its customers cost, beside what they are worth", async () => {
    await open("/app/segments/repeat");
    await frame.locator('[data-figure="segmentCost"]').waitFor();
    expect(await figure("segmentCost")).toBeGreaterThan(0);
    const ratio = await figure("segmentValueToCost");
    expect(ratio).toBeGreaterThan(0);
    await frame.getByText(/^Known of \d+ of \d+, by the month/).waitFor();
    await expectGoodPage(page);
    expect(faults.splice(0)).toEqual([]);
  }, 60_000);

  test("of two who write at once are those of the first, until the second has decided", async () => {
    await open();
    await cost(monthsAgo(5)).fill("50");
    const other = await openWindow(browser);
    const theirs = other.page.frameLocator("iframe");
    await openInAdmin(other.page, adminAddress(app.shopifyUrl, SHOP, "/app/acquisition"));
    await theirs.getByLabel(shown(monthsAgo(5)), { exact: true }).fill("70");
    await other.page.getByRole("button", { name: "Save", exact: true }).click();
    await other.page.locator("#toasts").getByText("Costs saved").waitFor();
    await other.context.close();

    await admin("Save").click();
    await frame.getByText("Somebody else changed these months meanwhile").waitFor();
    expect(await stored()).toMatchObject({ [monthsAgo(5)]: 7_000 });
    await inApp("Save mine over theirs").click();
    await toast("Costs saved");
    await unsaved("hidden");
    expect(await stored()).toMatchObject({ [monthsAgo(5)]: 5_000 });
    expect(faults.splice(0)).toEqual([]);
  }, 90_000);
});
