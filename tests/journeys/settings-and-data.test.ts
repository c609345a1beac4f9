/** A merchant decides what counts, looks after the data, and finds, shares and leaves views: with the mouse and without one. */
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { CustomerState, ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "choices.myshopify.com";
const GERMAN = "waehlerisch.myshopify.com";
const LEFT_OUT = 10;

const missing = missingBrowser();

describe.skipIf(missing !== null)(`settings and data${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let shopId: number;
  let shop: ShopState;
  let context: BrowserContext;
  let page: Page;
  let frame: FrameLocator;
  let faults: string[];

  beforeAll(async () => {
    const world = createWorld({ seed: 12 });
    ({ shop } = generatedShop(world, SHOP, { seed: 12, orders: 400 }));
    for (const customer of buyers(shop).slice(0, LEFT_OUT)) customer.tags = ["Tasting club"];
    generatedShop(world, GERMAN, { seed: 13, orders: 40 }).shop.locale = "de";
    app = await startRunningApp(world, { roles: "web" });
    app.startWorker();
    db = await openDatabase(app.databaseUrl);
    for (const domain of [SHOP, GERMAN]) await openAppInAdmin(app.shopifyUrl, "perennial", domain);
    shopId = (await findShop(db, SHOP))?.id ?? 0;
    await untilSynced(db, shopId, 90_000);
    await untilSynced(db, (await findShop(db, GERMAN))?.id ?? 0, 90_000);
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

  const open = (address: string, domain = SHOP) =>
    openInAdmin(page, adminAddress(app.shopifyUrl, domain, address));
  const admin = (name: string) => page.getByRole("button", { name, exact: true });
  const inApp = (name: string | RegExp) => frame.getByRole("button", { name });
  const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
  const unsaved = (state: "visible" | "hidden") => page.locator("#save-bar").waitFor({ state });
  const menu = (name: string) => page.locator("#menu").getByRole("link", { name });
  const margin = () => frame.getByLabel("Flat margin");

  async function figure(name: string): Promise<number> {
    return Number(await frame.locator(`[data-figure="${name}"]`).getAttribute("data-value"));
  }

  async function savedSettings() {
    return db.prisma.shop.findUniqueOrThrow({ where: { id: shopId } });
  }

  describe("settings", () => {
    test("bring the set-up guide back", async () => {
      await open("/app");
      await inApp("Put the set-up guide away").click();
      await frame.getByRole("heading", { name: "Set-up guide" }).waitFor({ state: "hidden" });
      await menu("Settings").click();
      await inApp("Show the guide again").click();
      await frame.getByText("The overview shows the guide until all its steps are done.").waitFor();
      await open("/app");
      await frame.getByRole("heading", { name: "Set-up guide" }).waitFor();
    }, 60_000);

    test("are changed, thought over, and discarded only when that is meant", async () => {
      await open("/app/settings");
      const tax = frame.getByLabel("Tax", { exact: true });
      await tax.focus();
      await page.keyboard.press("Space");
      await unsaved("visible");
      await margin().fill("35");

      await admin("Discard").click();
      await admin("Continue editing").click();
      expect(await margin().inputValue()).toBe("35");
      await admin("Discard").click();
      await admin("Discard changes").click();
      await unsaved("hidden");
      expect(await tax.isChecked()).toBe(false);
      expect(await margin().inputValue()).toBe("");
      expect((await savedSettings()).settingsVersion).toBe(0);
    }, 60_000);

    test("that make no sense are said beside their field, and are saved once they do", async () => {
      await open("/app?period=all-time");
      const before = await figure("marginMinor");
      await open("/app/settings");
      for (const [typed, said] of [
        ["150", "A margin is at most 100%."],
        ["a third", "Write a number such as 35 or 35.5, or leave it empty."],
      ] as const) {
        await margin().fill(typed);
        await admin("Save").click();
        await frame.getByText(said).waitFor();
        expect(await margin().getAttribute("aria-invalid")).toBe("true");
      }
      await toast("Some settings need another look");
      expect((await savedSettings()).settingsVersion).toBe(0);

      await margin().fill("35,5");
      await frame.getByText("The day of the refund").click();
      await admin("Save").click();
      await toast("Settings saved");
      await unsaved("hidden");
      expect(await savedSettings()).toMatchObject({
        ...{ settingsVersion: 1, flatMarginBasisPoints: 3_550, refundBasis: "refund date" },
      });
      await page.reload();
      await frame.getByLabel("The day of the refund").and(frame.locator(":checked")).waitFor();
      expect(await margin().inputValue()).toBe("35.5");
      await open("/app?period=all-time");
      expect(await figure("marginMinor")).toBeGreaterThan(before);
    }, 60_000);

    test("are not left behind by mistake", async () => {
      await open("/app/settings");
      await frame.getByLabel("Shipping", { exact: true }).check();
      await menu("Data").click();
      await admin("Stay").click();
      expect(await frame.getByLabel("Shipping", { exact: true }).isChecked()).toBe(true);
      await menu("Data").click();
      await admin("Leave page").click();
      await frame.getByRole("heading", { name: "Data", exact: true }).waitFor();
      await unsaved("hidden");
      expect((await savedSettings()).countsShipping).toBe(false);
    }, 60_000);

    test("of two who change them at once are those of the first, until the second has decided", async () => {
      await open("/app/settings");
      await frame.getByLabel("Gift cards sold").check();
      const other = await openWindow(browser);
      const theirs = other.page.frameLocator("iframe");
      await openInAdmin(other.page, adminAddress(app.shopifyUrl, SHOP, "/app/settings"));
      await theirs.getByLabel("Shipping", { exact: true }).check();
      await other.page.getByRole("button", { name: "Save", exact: true }).click();
      await other.page.locator("#toasts").getByText("Settings saved").waitFor();
      await other.context.close();

      await admin("Save").click();
      await frame.getByText("Somebody else changed these settings meanwhile").waitFor();
      expect(await savedSettings()).toMatchObject({ countsShipping: true, countsGiftCards: false });
      expect(await frame.getByLabel("Gift cards sold").isChecked()).toBe(true);
      await inApp("Take theirs").click();
      await unsaved("hidden");
      expect(await frame.getByLabel("Gift cards sold").isChecked()).toBe(false);
      expect(await frame.getByLabel("Shipping", { exact: true }).isChecked()).toBe(true);
    }, 60_000);

    test("leave customers out by tag, one that was only typed too, and take them in again", async () => {
      await open("/app?period=all-time");
      const everybody = await figure("customers");
      await open("/app/settings");
      const tag = frame.getByLabel("Customer tag");
      await tag.fill("staff");
      await tag.press("Enter");
      await frame.getByRole("button", { name: "Remove staff" }).click();
      await tag.fill("tasting CLUB");
      await tag.press("Tab");
      await frame.getByRole("button", { name: "Remove tasting CLUB" }).waitFor();
      await admin("Save").click();
      await frame.getByText(`${LEFT_OUT} customers have one of the saved tags.`).waitFor();
      await expectGoodPage(page);
      await open("/app?period=all-time");
      expect(await figure("customers")).toBe(everybody - LEFT_OUT);
      await open("/app/customers?standing=excluded");
      await frame.getByText(`of ${LEFT_OUT} customers`, { exact: false }).waitFor();

      await open("/app/settings");
      await frame.getByRole("button", { name: "Remove tasting CLUB" }).click();
      await admin("Save").click();
      await toast("Settings saved");
      await expect
        .poll(() => db.prisma.customer.count({ where: { shopId, excluded: true } }), { timeout: 20_000 })
        .toBe(0);
      expect(faults).toEqual([]);
    }, 90_000);
  });

  describe("the page of data", () => {
    /** Tasks that failed for good, of which the order can be read by now. */
    async function addFailedTasks(count: number): Promise<void> {
      const [orderId = 0] = shop.orders.keys();
      const at = BigInt(Date.now());
      await db.write(async (tx) => {
        for (let task = 1; task <= count; task++) {
          await tx.prisma.job.create({
            data: {
              ...{ shopId, id: `failed-${task}`, kind: "sync-orders", createdAt: at, runAt: at },
              payload: JSON.stringify({ orderIds: [orderId] }),
              ...{ attempts: 25, maxAttempts: 25, deadAt: at, lastError: "=Shopify did not answer" },
            },
          });
        }
      });
    }

    test("lists failed tasks, runs them again, and gives one up only when that is meant", async () => {
      await addFailedTasks(3);
      await open("/app/data");
      expect(await figure("deadJobs")).toBe(3);
      await expectGoodPage(page);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        inApp("Export failed tasks as CSV").click(),
      ]);
      expect(await readFile(await download.path(), "utf8")).toContain(",'=Shopify did not answer");

      await inApp(/^Retry: Read changed orders/)
        .first()
        .click();
      await toast("The task runs again");
      await expect.poll(() => figure("deadJobs")).toBe(2);

      const giveUp = inApp(/^Give up: Read changed orders/).first();
      await giveUp.click();
      await frame.getByText("Give up this task?").waitFor();
      await page.keyboard.press("Escape");
      await frame.getByText("Give up this task?").waitFor({ state: "hidden" });
      expect(await figure("deadJobs")).toBe(2);
      await giveUp.click();
      await frame.getByRole("dialog").getByRole("button", { name: "Give up", exact: true }).click();
      await toast("The task is given up");
      await inApp("Retry all").click();
      await expect.poll(() => figure("deadJobs")).toBe(0);
      await expect.poll(() => db.prisma.job.count({ where: { shopId, kind: "sync-orders" } })).toBe(0);
    }, 90_000);

    test("lists records that could not be read", async () => {
      await db.write((tx) =>
        tx.prisma.unreadableRecord.create({
          data: {
            ...{ shopId, resource: "products", id: 77n, createdAt: 0n, updatedAt: 0n, seenAt: 0n },
            reason:
              "status: one of ACTIVE, ARCHIVED, DRAFT was expected, and something else was told instead of it",
          },
        }),
      );
      await open("/app/data");
      expect(await figure("unreadableRecords")).toBe(1);
      await frame.getByRole("rowheader", { name: "Product 77" }).waitFor();
      await expectGoodPage(page);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        inApp("Export unreadable records as CSV").click(),
      ]);
      expect(await readFile(await download.path(), "utf8")).toContain("products,77,");
      await db.write((tx) => tx.prisma.unreadableRecord.deleteMany({ where: { shopId } }));
    }, 60_000);

    test("reads everything again when that is meant", async () => {
      await open("/app/data");
      const before = await db.prisma.syncState.findUniqueOrThrow({ where: { shopId } });
      await inApp("Read everything again").click();
      await frame.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      await frame.getByText("Read everything again?").waitFor({ state: "hidden" });
      await inApp("Read everything again").click();
      await frame.getByRole("dialog").getByRole("button", { name: "Read everything again" }).click();
      await toast("Your history is being read again");
      await expect
        .poll(
          async () => {
            const { phase, completedAt } = await db.prisma.syncState.findUniqueOrThrow({ where: { shopId } });
            return phase === "complete" && completedAt !== before.completedAt;
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      await frame.locator('[data-sync-phase="complete"]').waitFor();
      expect(faults).toEqual([]);
    }, 120_000);
  });

  test("figures that cannot be computed say so, and come when it is tried again", async () => {
    const rename = (from: string, to: string) =>
      db.write((tx) => tx.prisma.$executeRawUnsafe(`ALTER TABLE "${from}" RENAME TO "${to}"`));
    // Only the page of products reads it.
    await rename("OrderLine", "OrderLineAway");
    try {
      await open("/app/products?table=products&period=all-time");
      await frame.getByText("These figures could not be computed").waitFor();
      await expectGoodPage(page);
    } finally {
      await rename("OrderLineAway", "OrderLine");
    }
    await inApp("Try again").click();
    await frame.locator("tbody tr").first().waitFor();
    // The browser tells of the failure too.
    faults.splice(0);
  }, 60_000);

  test("products are found by a word of their title, with Enter, and forgotten again", async () => {
    await open("/app/products?table=products&period=all-time");
    const search = frame.getByLabel("Search products by title");
    const titles = () => frame.locator("tbody tr td:first-child").allInnerTexts();
    const all = await titles();
    const word = (all[0] ?? "").split(" ").at(-1) ?? "";
    await search.fill(word.toUpperCase());
    await search.press("Enter");
    await expect.poll(async () => (await titles()).length).toBeLessThan(all.length);
    expect((await titles()).every((title) => title.toLowerCase().includes(word.toLowerCase()))).toBe(true);
    const found = (await titles()).length;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      inApp("Export products as CSV").click(),
    ]);
    expect((await readFile(await download.path(), "utf8")).trim().split("\r\n")).toHaveLength(found + 1);

    await search.fill("no such title");
    await inApp("Search").click();
    await frame.getByText("No product found").waitFor();
    await expectGoodPage(page);
    await search.fill("");
    await search.press("Enter");
    await expect.poll(async () => (await titles()).length).toBe(all.length);
    expect(faults).toEqual([]);
  }, 60_000);

  test("a view is chosen without a mouse, stands in the address, and is the same to whoever is given it", async () => {
    await open("/app");
    const period = inApp("Period: Last 30 days");
    await period.focus();
    await page.keyboard.press("Enter");
    const year = inApp("Last 365 days");
    await year.waitFor();
    await page.keyboard.press("Escape");
    await year.waitFor({ state: "hidden" });
    expect(await period.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await year.focus();
    await page.keyboard.press("Enter");
    await inApp("Period: Last 365 days").waitFor();
    await frame.getByLabel("Compared with").selectOption("year");
    await expect.poll(() => page.url()).toContain("compare=year");
    await expect.poll(() => page.url()).toContain("period=last-365-days");

    const information = inApp("What net sales means").first();
    await information.focus();
    await page.keyboard.press("Enter");
    await frame.getByText("Products at list price, less discounts").first().waitFor();
    await page.keyboard.press("Escape");
    await frame.getByText("Products at list price, less discounts").first().waitFor({ state: "hidden" });

    const names = ["netMinor", "orders", "retentionRate", "marginMinor"];
    await frame.locator('[aria-busy="true"]').first().waitFor({ state: "hidden" });
    const mine = await Promise.all(names.map(figure));
    const other = await openWindow(browser);
    const theirs = await openInAdmin(other.page, page.url());
    for (const [place, name] of names.entries()) {
      const shown = theirs.locator(`[data-figure="${name}"]`);
      expect(Number(await shown.getAttribute("data-value")), name).toBe(mine[place]);
    }
    await other.context.close();
    expect(faults).toEqual([]);
  }, 60_000);

  test("figures are written as the merchant's language writes them", async () => {
    await open("/app?period=all-time", GERMAN);
    const net = await frame.locator('[data-figure="netMinor"]').innerText();
    expect(net).toMatch(/^\d{1,3}(\.\d{3})*,\d{2}\s\S+$/);
    await expectGoodPage(page);
    expect(faults).toEqual([]);
  }, 60_000);
});

/** Customers with an order that counts, those with the most first. */
function buyers(shop: ShopState): CustomerState[] {
  const orders = new Map<number, number>();
  for (const { customerId, test, cancelledAt } of shop.orders.values()) {
    if (customerId === null || test || cancelledAt !== null) continue;
    orders.set(customerId, (orders.get(customerId) ?? 0) + 1);
  }
  return [...orders]
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .flatMap(([customerId]) => shop.customers.get(customerId) ?? []);
}
