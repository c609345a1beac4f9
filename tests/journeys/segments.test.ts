/** A merchant changes a segment's rule in the browser: the size follows while typing, the change is kept, undone and taken back. */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import {
  adminAddress,
  launchBrowser,
  missingBrowser,
  openInAdmin,
  openWindow,
  type AppWindow,
} from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "segmented.myshopify.com";
const missing = missingBrowser();

describe.skipIf(missing !== null)(`segments${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;

  beforeAll(async () => {
    const world = createWorld({ seed: 21 });
    generatedShop(world, SHOP, { seed: 21, orders: 300 });
    app = await startRunningApp(world);
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    const shop = await findShop(db, SHOP);
    if (!shop) throw new Error("the shop is installed");
    await untilSynced(db, shop.id, 120_000);
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  test("a rule is changed with its size in view, undone, and taken back", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/segments"));
    await frame.getByRole("link", { name: "Repeat customers" }).click();
    await frame.getByRole("heading", { name: "Repeat customers", level: 1 }).waitFor();
    const figureOf = async (name: string) => {
      const text = await frame.locator(`[data-figure="${name}"]`).getAttribute("data-value");
      return text === null || text === "" ? NaN : Number(text);
    };
    const size = () => figureOf("segmentCustomers");
    await frame.locator('[data-figure="segmentCustomers"]').waitFor();
    const usual = await size();
    expect(usual).toBeGreaterThan(10);

    await frame.getByRole("button", { name: "Change the rule" }).click();
    await expect.poll(() => figureOf("liveSize"), { timeout: 10_000 }).toBe(usual);
    const field = frame.getByRole("textbox", { name: "With" });
    await field.fill("not a number");
    await frame.getByText("A whole number from 0 to 100000").waitFor();
    expect(await frame.getByRole("button", { name: "Save the rule" }).isDisabled()).toBe(true);
    await field.fill("4");
    await expect.poll(() => figureOf("liveSize"), { timeout: 10_000 }).toBeLessThan(usual);
    const fewer = await figureOf("liveSize");
    expect(await size()).toBe(usual);
    await frame.getByRole("button", { name: "Save the rule" }).click();
    await expect.poll(size, { timeout: 10_000 }).toBe(fewer);
    await frame.getByText("Orders: at least 4").waitFor();

    await frame.getByRole("button", { name: "Undo the change" }).click();
    await expect.poll(size, { timeout: 10_000 }).toBe(usual);
    await frame.getByRole("button", { name: "Undo the change" }).click();
    await expect.poll(size, { timeout: 10_000 }).toBe(fewer);
    await frame.getByRole("button", { name: "Use the usual rule" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Use the usual rule" }).click();
    await expect.poll(size, { timeout: 10_000 }).toBe(usual);
    expect(await db.prisma.segment.count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("who changes a rule that somebody else changed meanwhile decides which of both holds", async () => {
    const [mine, theirs] = [await openWindow(browser), await openWindow(browser)];
    const address = adminAddress(app.shopifyUrl, SHOP, "/app/segments/repeat");
    const changeTo = async (window: AppWindow, orders: string) => {
      const frame = await openInAdmin(window.page, address);
      await frame.getByRole("button", { name: "Change the rule" }).click();
      await frame.getByRole("textbox", { name: "With" }).fill(orders);
      return { frame, save: frame.getByRole("button", { name: "Save the rule" }) };
    };
    const [first, second] = [await changeTo(theirs, "3"), await changeTo(mine, "5")];
    await first.save.click();
    await first.frame.getByText("Orders: at least 3").waitFor();
    await second.save.click();
    await second.frame.getByText("Somebody else changed this rule meanwhile").waitFor();
    await second.frame.getByText("Orders: at least 3", { exact: true }).waitFor();
    await second.frame.getByText("Yours, which is not saved: Orders: at least 5.").waitFor();
    await second.frame.getByRole("button", { name: "Save mine over theirs" }).click();
    await second.frame.getByText("Orders: at least 5", { exact: true }).waitFor();
    expect(await db.prisma.segment.findMany()).toMatchObject([
      { rule: '[{"fact":"orders","is":"at-least","value":5}]' },
    ]);
    await second.frame.getByRole("button", { name: "Undo the change" }).click();
    await second.frame.getByText("Orders: at least 3", { exact: true }).waitFor();
    expect([...mine.faults, ...theirs.faults]).toEqual([]);
    await Promise.all([mine.context.close(), theirs.context.close()]);
    await db.write(async (tx) => void (await tx.prisma.segment.deleteMany()));
  }, 120_000);

  test("the customers leave as an audience of those who agreed, and carry a tag until it is taken away", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/segments/repeat"));
    const figureOf = async (name: string) => {
      const text = await frame.locator(`[data-figure="${name}"]`).getAttribute("data-value");
      return text === null || text === "" ? NaN : Number(text);
    };
    const size = await figureOf("segmentCustomers");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      frame.getByRole("button", { name: "Download the audience" }).click(),
    ]);
    const [heading, ...hashes] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(heading).toBe("email_sha256");
    expect(hashes.length).toBeGreaterThan(0);
    expect(hashes.length).toBeLessThan(size);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await expect.poll(() => figureOf("consented"), { timeout: 10_000 }).toBe(hashes.length);

    await frame.getByText("Shopify will ask you to allow").waitFor();
    await frame.getByRole("button", { name: "Tag these customers" }).click();
    await expect.poll(() => figureOf("tagged"), { timeout: 60_000 }).toBe(size);
    await frame.getByRole("button", { name: "Remove the tags" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Remove the tags" }).click();
    await frame.getByText("Nobody is tagged.").waitFor({ timeout: 60_000 });
    expect(await db.prisma.segmentTag.count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);
});
