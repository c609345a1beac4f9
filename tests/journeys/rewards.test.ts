/**
 * A merchant makes a reward, allows it at Shopify, redeems it for a member, finds the code there, and takes it back; then shows it in the
 * shop, where a shopper redeems and uses it.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { buildExtensions } from "../../scripts/build-extensions.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { CLIENT, startRunningApp, type RunningApp } from "../support/running-app.ts";
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
    await buildExtensions(".");
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

  test("of a partner and at an event are made, filled, handed out and taken back, and what the programme brings is measured", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const free = () => frame.locator('[data-figure="free"]').getAttribute("data-value");
    const begin = async (kind: string, name: string) => {
      await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/rewards/new"));
      await frame.getByLabel("Kind").selectOption({ label: kind });
      await frame.getByLabel("Name").fill(name);
      await frame.getByLabel("Cost", { exact: true }).fill("20");
    };
    const save = async (name: string) => {
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await frame.getByRole("heading", { name, level: 1 }).waitFor();
    };

    await begin("Code of a partner", "A film");
    await frame.getByLabel("Partner").fill("The cinema next door");
    await frame.getByText("A code to use at The cinema next door.", { exact: false }).waitFor();
    await save("A film");
    await frame.getByText("Members are not offered it until there are codes again.").waitFor();
    await frame.getByLabel("Add codes").fill("FILM-1\nFILM-2\nFILM-1");
    await frame.getByRole("button", { name: "Add them" }).click();
    await toast("2 codes are added");
    await expect.poll(free).toBe("2");
    await expectGoodPage(page);

    await begin("Place at an event", "An evening of tea");
    await frame.getByLabel("Where").fill("In our shop");
    await frame.getByLabel("Day of the event").fill("2099-05-31");
    await frame.getByLabel("Last day").fill("2099-06-24");
    await frame.getByLabel("Places").fill("1");
    await frame.getByText("that is not after the event", { exact: false }).waitFor();
    await frame.getByLabel("Last day").fill("2099-05-24");
    await save("An evening of tea");
    await expect.poll(free).toBe("1");
    const stored = await db.prisma.reward.findFirstOrThrow({ where: { kind: "event" } });
    const { memberId } = await db.prisma.memberLink.findFirstOrThrow({ where: { customerId } });
    const wish = { memberId, rewardId: stored.id, requestKey: "a-place" };
    expect(await redeemReward(db, stored.shopId, wish)).toMatchObject({ ok: true });
    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, `/app/loyalty/rewards/${stored.id}`));
    await frame
      .getByRole("link", { name: new RegExp(shop.customers.get(customerId)?.firstName ?? "?") })
      .waitFor();
    await frame.getByText("0 left, 1 taken.").waitFor();
    await expectGoodPage(page);
    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/rewards"));
    await frame.getByText(": none is left, and members are not offered it.").waitFor();
    await expectGoodPage(page);
    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, `/app/loyalty/rewards/${stored.id}`));
    await frame.getByRole("button", { name: /^Take back/ }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
    await toast("It is cancelled: 20 points are back");
    await expect.poll(free).toBe("1");

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/return"));
    await frame.getByText("A comparison, and no proof").waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: "Begin" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Begin" }).click();
    await toast("From now on the drawn share is kept out");
    await frame.getByText("5% of customers have been kept out since", { exact: false }).waitFor();
    await frame
      .getByRole("rowheader", { name: "Members among them" })
      .or(frame.getByText("Members among them"))
      .first()
      .waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: "Let everybody in" }).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Let everybody in" }).click();
    await toast("Everybody can join again");
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

  /** Puts the block where the page of the storefront leads to. */
  async function addBlock(page: Page, name: string): Promise<void> {
    const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/storefront"));
    await frame.getByRole("button", { name: `Add ${name} in the theme editor` }).click();
    await page.getByRole("button", { name: "Add block" }).click();
    await page.getByText("Done:").waitFor();
  }

  test("the merchant shows them in the shop, in words of their own, and is told what is too large for it", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const open = (address: string) => openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, address));

    await open("/app/storefront");
    await frame.getByText("Not shown", { exact: true }).waitFor();
    expect(await frame.getByRole("button", { name: "Show it" }).isDisabled()).toBe(true);
    await frame.getByRole("button", { name: "Allow in Shopify" }).click();
    await frame.getByRole("button", { name: "Allow in Shopify" }).waitFor({ state: "detached" });
    await frame.getByRole("button", { name: "Show it" }).click();
    await toast("Shoppers will see it in a moment");
    await frame.getByRole("button", { name: "No longer show it" }).click();
    await toast("Nothing is shown any more");
    await frame.getByRole("button", { name: "Show it" }).click();
    await frame.getByText("Shown", { exact: true }).waitFor();
    await expectGoodPage(page);
    for (const name of ["Points", "Points in the cart"]) await addBlock(page, name);
    const link = new URL(`/admin/themes/current/editor?shop=${SHOP}`, app.shopifyUrl);
    const query = `template=cart&target=newAppsSection&addAppBlockId=${CLIENT.clientId}/rewards`;
    await page.goto(`${link.href}&${query}`);
    await page.getByRole("button", { name: "Add block" }).click();
    await page.getByText("Done:").waitFor();

    await open("/app/storefront/texts");
    await frame.getByLabel("Look for a text").fill("points.title");
    await frame.getByRole("button", { name: "Change: Your points" }).click();
    await frame.getByLabel("Text", { exact: true }).fill("Your leaves");
    await frame.getByText("A shopper sees: Your leaves").waitFor();
    await frame.getByRole("button", { name: "Save" }).click();
    await toast("The text is saved");
    const back = frame.getByRole("button", { name: "Back to the usual text" });
    await back.waitFor();
    await expectGoodPage(page);
    await back.click();
    await toast("The usual text is back");
    await back.waitFor({ state: "detached" });

    const { rules } = await db.prisma.programmeVersion.findFirstOrThrow({ orderBy: { version: "desc" } });
    const many = Array.from({ length: 6_000 }, (_, index) => ({ productId: 9_000_000 + index, points: 10 }));
    const { id: shopId } = await db.prisma.shop.findFirstOrThrow();
    const before = JSON.parse(rules) as EarningRules;
    await db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), { ...before, bonusProducts: many }));
    await open("/app/storefront");
    await frame.getByText("Your earning rules are too large to be shown").waitFor();
    await frame.getByText("product pages and the cart promise no points", { exact: false }).waitFor();
    await expectGoodPage(page);
    await frame.getByRole("link", { name: "Change the rules" }).waitFor();
    await db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), before));
    await open("/app/storefront");
    expect(await frame.getByText("too large to be shown").count()).toBe(0);

    await open("/app/recommendations");
    const pictures = frame.locator('main img[src*="/cdn/shop/products/"]');
    await pictures.first().waitFor();
    const width = () => pictures.first().evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBeGreaterThan(0);
    await expectGoodPage(page);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test("a shopper buys, sees what is on its way, redeems in the cart and pays less, and the merchant sees it", async () => {
    const { context, page } = await openWindow(browser);
    const shopUrl = app.shopifyUrl;
    const reads = async (address: string, text: RegExp | string) => {
      for (let tries = 0; tries < 20; tries++) {
        await page.goto(shopUrl + address);
        const found = page.locator(".perennial").getByText(text).first();
        if (
          await found.waitFor({ timeout: 1_000 }).then(
            () => true,
            () => false,
          )
        )
          return found.innerText();
      }
      throw new Error(`${address} never said ${String(text)}`);
    };
    const pay = async () => {
      await page.getByRole("button", { name: "Check out" }).click();
      await page.getByRole("button", { name: "Pay now" }).click();
      await page.waitForURL(/\/thank-you\//);
    };
    const [variant] = [...shop.variants.values()].filter(({ priceMinor, productId }) => {
      const product = shop.products.get(productId);
      return priceMinor >= 1_000 && product?.status === "ACTIVE" && !product.isGiftCard;
    });
    const put = () =>
      page.request.post(`${shopUrl}/cart/add.js`, { data: { id: variant?.id ?? 0, quantity: 1 } });

    await page.goto(`${shopUrl}/account/login?shop=${SHOP}`);
    await page.request.post(`${shopUrl}/account/login`, { form: { customer_id: String(customerId) } });
    expect(await reads("/", "500")).toBe("500");
    await put();
    expect(await reads("/cart", /^You earn /)).toMatch(/\d/);
    await pay();
    expect(await reads("/", /can be spent from/)).toMatch(/^\d+ points? can be spent from/);

    await put();
    await page.goto(`${shopUrl}/cart`);
    await page.getByRole("button", { name: /^Redeem: Five off/ }).click();
    const code = page.locator("[data-perennial-code] code").first();
    await code.waitFor({ timeout: 30_000 });
    const [made] = await discounts();
    expect(await code.innerText()).toBe(made?.code);
    expect(await page.locator("[data-perennial-points]").allTextContents()).not.toContain("500");
    await page.getByRole("link", { name: "Use in cart" }).first().click();
    await page.waitForURL("**/cart");
    await page.getByText("Five off").first().waitFor();
    await pay();

    const frame = page.frameLocator("iframe");
    await expect
      .poll(
        async () => {
          await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, `/app/customers/${customerId}/points`));
          return frame.getByText("Used", { exact: true }).count();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    const figure = (name: string) =>
      frame.locator(`[data-figure="${name}"]`).first().getAttribute("data-value");
    expect(await figure("pointsAvailable")).toBe("300");
    expect(Number(await figure("pointsPending"))).toBeGreaterThan(0);
    await context.close();
  }, 120_000);
});
