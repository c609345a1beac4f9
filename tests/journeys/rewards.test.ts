/** A merchant makes a reward, allows it at Shopify, redeems it for a member, finds the code there, and takes it back. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "rewards.myshopify.com";

const missing = missingBrowser();

describe.skipIf(missing !== null)(`rewards${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let shop: ShopState;
  let customerId = 0;

  beforeAll(async () => {
    const world = createWorld({ seed: 32 });
    ({ shop } = generatedShop(world, SHOP, { seed: 32, orders: 60 }));
    app = await startRunningApp(world, { roles: "web" });
    app.startWorker();
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    const stored = await findShop(db, SHOP);
    if (!stored) throw new Error("the app is not installed");
    await untilSynced(db, stored.id, 90_000);
    customerId = [...shop.orders.values()].find((order) => order.customerId !== null)?.customerId ?? 0;
    await changeProgramme(db, stored.id, { intent: "start", template: "steady", membership: "joining" });
    const joined = await joinProgramme(db, stored.id, customerId);
    if (!joined.ok) throw new Error(joined.reason);
    const { memberId } = joined;
    await adjustPoints(db, stored, { key: "a-gift", memberId, points: 500, reason: "Welcome" });
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  /** What the local Shopify has, newest first. */
  async function discounts(): Promise<
    { code: string; title: string; customerIds: number[]; endsAt: number }[]
  > {
    const answer = await fetch(`${app.shopifyUrl}/_control/api/shops/${SHOP}/discounts`);
    return (await answer.json()) as { code: string; title: string; customerIds: number[]; endsAt: number }[];
  }

  test("are made, allowed at Shopify, redeemed for a member, and taken back", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const figure = async (name: string) =>
      Number(await frame.locator(`[data-figure="${name}"]`).first().getAttribute("data-value"));

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/rewards"));
    await expectGoodPage(page);
    await frame.getByRole("link", { name: /^Begin with .*5.* off$/ }).click();
    await frame.getByRole("heading", { name: "What a member sees" }).waitFor();
    expect(await figure("missingPoints")).toBe(50);
    await frame.getByLabel("Name").fill("");
    await frame.getByText("A name of up to 60 letters").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("Some fields need another look");
    await frame.getByLabel("Name").fill("Five off");
    await frame.getByLabel("Cost").fill("200");
    expect(await figure("missingPoints")).toBe(100);
    await expectGoodPage(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByRole("heading", { name: "Five off", level: 1 }).waitFor();
    await frame.getByText("This kind of reward cannot be redeemed yet").waitFor();
    await frame.getByRole("button", { name: "Allow in Shopify" }).click();
    await frame.getByText("This kind of reward cannot be redeemed yet").waitFor({ state: "detached" });
    await frame.getByRole("button", { name: "No longer offer it" }).click();
    await frame.getByRole("button", { name: "Offer it again" }).click();
    await toast("Members can redeem it");
    await expectGoodPage(page);

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, `/app/customers/${customerId}/points`));
    expect(await figure("pointsAvailable")).toBe(500);
    await frame.getByRole("button", { name: "Redeem" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Redeem it" }).click();
    await toast("The points are spent, and Shopify is asked for the reward");
    await frame.getByText("Can be used").waitFor({ timeout: 30_000 });
    expect(await figure("pointsAvailable")).toBe(300);
    await frame.getByText("Spent on a reward: Five off").waitFor();
    const [made] = await discounts();
    expect(made).toMatchObject({ title: "Five off", customerIds: [customerId] });
    const end = made?.code.slice(-4) ?? "";
    await frame.getByText(`•••• ${end}`).waitFor();
    expect(await frame.locator("body").innerText()).not.toContain(made?.code);
    await expectGoodPage(page);

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/rewards"));
    await frame.getByRole("link", { name: "Five off" }).click();
    await frame.getByRole("button", { name: "No longer offer it" }).click();
    await frame.getByText("Nobody can redeem it any more.", { exact: false }).waitFor();
    await frame.getByRole("dialog").getByRole("button", { name: "Cancel", exact: true }).click();

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, `/app/customers/${customerId}/points`));
    await frame.getByRole("button", { name: /^Cancel Five off/ }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Cancel the reward" }).click();
    await toast("It is cancelled: 200 points are back");
    await expect.poll(() => figure("pointsAvailable")).toBe(500);
    await frame.getByText("Given back for a reward: Five off").waitFor();
    expect((await discounts())[0]?.endsAt).toBeLessThanOrEqual(Date.now());
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("some products earn more: in promotions, by multipliers and with a bonus, as an example shows", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const points = async () =>
      Number(await frame.locator('[data-figure="previewPoints"]').getAttribute("data-value"));
    const pickFirst = async () => {
      await page.locator("#picker label").first().click();
      await page.locator('#picker button[value="select"]').click();
    };

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty"));
    expect(await points()).toBe(75);
    await frame.getByRole("button", { name: "Add a multiplier" }).click();
    await frame.getByLabel("Shipped to").fill("Austria");
    await frame.getByText("Codes of two letters, such as DE, AT").waitFor();
    await frame.getByLabel("Shipped to").fill("at");
    await expect.poll(points).toBe(75);
    await frame.getByLabel("Goes to").fill("AT");
    await frame.getByText("A multiplier counts for the products: ×2.").waitFor();
    await expect.poll(points).toBe(150);
    await frame.getByRole("button", { name: "Add a promotion" }).click();
    await frame.getByLabel("Its name").fill("Spring weekend");
    await frame.getByText("The promotion “Spring weekend” counts on that day: ×2.").waitFor();
    await expect.poll(points).toBe(300);
    await frame.getByLabel("On", { exact: true }).fill("2020-01-01");
    await expect.poll(points).toBe(150);
    await frame.getByRole("button", { name: "Choose bonus products" }).click();
    await pickFirst();
    await frame.getByText("+50 points").waitFor();
    await frame.getByRole("button", { name: "Choose the example’s product" }).click();
    await pickFirst();
    await expect.poll(points).toBe(200);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The rules are saved");
    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty"));
    await frame.getByText("Runs today").waitFor();
    expect(await frame.getByLabel("Shipped to").first().inputValue()).toBe("AT");
    await frame.getByLabel(/^Points for [A-Z]/).waitFor();
    await expectGoodPage(page);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);
});
