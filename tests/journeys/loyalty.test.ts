/** A merchant starts a programme, changes a rule with its preview before them, sees an order earn, and sets a balance right by hand. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import type { EarningRules } from "../../app/core/loyalty/programme.ts";
import { codeOfMember } from "../../app/core/referrals/referral-code.ts";
import { REFERRAL_ATTRIBUTE } from "../../app/core/referrals/referral-rules.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "points.myshopify.com";

const missing = missingBrowser();

describe.skipIf(missing !== null)(`loyalty${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let shop: ShopState;

  beforeAll(async () => {
    const world = createWorld({ seed: 31 });
    ({ shop } = generatedShop(world, SHOP, { seed: 31, orders: 60 }));
    app = await startRunningApp(world, { roles: "web" });
    app.startWorker();
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    await untilSynced(db, (await findShop(db, SHOP))?.id ?? 0, 90_000);
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  async function placeOrder(facts: object = {}): Promise<number> {
    const customerId =
      [...shop.orders.values()].find(({ customerId }) => customerId !== null)?.customerId ?? 0;
    const variant = [...shop.variants.values()].find(({ priceMinor }) => priceMinor >= 1_000);
    const lines = [{ variantId: variant?.id ?? 0, quantity: 1 }];
    const asked = await fetch(`${app.shopifyUrl}/_control/api/shops/${SHOP}/actions/createOrder`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ customerId, lines, ...facts }),
    });
    expect(asked.status).toBeLessThan(300);
    return customerId;
  }

  test("begins, earns by the rule that was saved, and is set right by hand", async () => {
    const { context, page, faults } = await openWindow(browser);
    const open = (address: string) => openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, address));
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const figure = async (name: string) =>
      Number(await frame.locator(`[data-figure="${name}"]`).first().getAttribute("data-value"));
    const inDialog = (name: string) => frame.getByRole("dialog").getByRole("button", { name }).click();

    await open("/app/loyalty");
    await expectGoodPage(page);
    await frame.getByRole("button", { name: "Start with Steady" }).click();
    await frame.getByText("Orders placed before now earn nothing by themselves", { exact: false }).waitFor();
    await inDialog("Start the programme");
    await frame.getByRole("heading", { name: "What orders earn" }).waitFor();
    await expectGoodPage(page);
    expect(await figure("pointsPending")).toBe(0);
    await frame.getByRole("button", { name: "Allow in Shopify" }).click();
    await frame.getByText("Shopify tells Perennial of disputes as they happen.").waitFor();

    expect(await figure("previewPoints")).toBe(75);
    await frame.getByLabel("Points", { exact: true }).fill("0");
    await frame.getByText("A whole number from 1 to 100000").waitFor();
    await frame.getByLabel("Points", { exact: true }).fill("3");
    await expect.poll(() => figure("previewPoints")).toBe(225);
    await frame.getByLabel("Shipping earns, too").check();
    await expect.poll(() => figure("previewPoints")).toBe(243);
    await frame.getByLabel("Return window").fill("0");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The rules are saved");
    const [, changed] = await db.prisma.programmeVersion.findMany({ orderBy: { version: "asc" } });
    // Shopify tells times in seconds: within the one of the change an order is still placed under the old rule.
    const isNextSecond = () => Math.floor(Date.now() / 1_000) * 1_000 > Number(changed?.validFrom);
    await expect.poll(isNextSecond, { timeout: 5_000 }).toBe(true);

    const customerId = await placeOrder();
    await expect.poll(() => db.prisma.memberLink.count(), { timeout: 20_000 }).toBe(1);
    await open(`/app/customers/${customerId}/points`);
    const available = await figure("pointsAvailable");
    expect(available).toBeGreaterThanOrEqual(30);
    await frame.getByText("Earned", { exact: false }).first().waitFor();
    await expectGoodPage(page);

    await frame.getByRole("button", { name: "Adjust" }).click();
    await frame.getByText("Say why").waitFor();
    await frame.getByLabel("Points", { exact: true }).fill("-20");
    await frame.getByLabel("Reason").fill("Credited twice");
    await frame.getByRole("button", { name: "Adjust" }).click();
    await inDialog("Take them");
    await toast("The points are adjusted");
    await expect.poll(() => figure("pointsAvailable")).toBe(available - 20);
    await frame.getByRole("button", { name: /^Undo the adjustment of −20/ }).click();
    await inDialog("Undo it");
    await toast("The adjustment is undone");
    await expect.poll(() => figure("pointsAvailable")).toBe(available);

    await open("/app/loyalty/activity?kind=adjust");
    await frame.getByText("Credited twice").waitFor();
    await expectGoodPage(page);
    await frame.getByLabel("What happened").selectOption("undo");
    await frame.getByText("Adjustment undone").last().waitFor();

    // The points are added up while the page waits for them.
    await open("/app/loyalty/liability");
    await expect.poll(() => figure("pointsOutstanding"), { timeout: 20_000 }).toBe(available);
    await frame.getByText("What you enter").click();
    await frame.getByLabel("1,000 points are worth").fill("20");
    await frame.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The value of a point is saved");
    await expect.poll(() => figure("pointValue")).toBe(2_000);
    expect(await figure("pointsLiability")).toBe(available * 2);
    await expectGoodPage(page);

    await open("/app/loyalty");
    await frame.getByRole("button", { name: "Pause the programme" }).click();
    await inDialog("Pause it");
    await frame.getByText("The programme is paused. Orders placed meanwhile earn points as usual.").waitFor();
    await frame.getByRole("button", { name: "Go on" }).click();
    await toast("The programme goes on");

    const points = async () => {
      const { _sum } = await db.prisma.memberBalance.aggregate({ _sum: { available: true, pending: true } });
      return Number(_sum.available ?? 0) + Number(_sum.pending ?? 0);
    };
    const before = await points();
    await open("/app/loyalty/dry-run");
    await expectGoodPage(page);
    await frame.getByRole("button", { name: "Count", exact: true }).click();
    await frame.getByRole("heading", { name: "What it would come to" }).waitFor();
    await expectGoodPage(page);
    const shown = await figure("dryRunPoints");
    expect(shown).toBeGreaterThan(1_000);
    expect(await points()).toBe(before);
    await frame.getByRole("button", { name: "Post these points" }).click();
    await inDialog("Post them");
    await frame.getByRole("heading", { name: "Posted", exact: true }).waitFor();
    expect(await points()).toBe(before + shown);

    // What entering a tier brings comes by itself only to whom an order moves.
    await open("/app/loyalty/tiers");
    await frame.getByText("There are no tiers yet.").waitFor();
    await frame.getByRole("button", { name: "Add a tier" }).click();
    await frame.getByLabel("Counted").selectOption("orders");
    await frame.getByLabel("Its name").fill("Gold");
    await frame.getByLabel("Reached with").fill("0x");
    await frame.getByText("A whole number from 0 to 1000000000").waitFor();
    await frame.getByLabel("Reached with").fill("1");
    await frame.getByLabel("Points are multiplied").fill("1.5");
    await frame.getByLabel("Perks").fill("First to see what is new");
    await frame.getByText("From 1 order", { exact: true }).waitFor();
    await frame.getByRole("button", { name: "Count", exact: true }).click();
    const said = await frame.getByText(/^This would move [1-9]/).textContent();
    const [members = 0, down] = (said ?? "").match(/\d+/g)?.map(Number) ?? [];
    expect(down).toBe(0);
    await expectGoodPage(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The tiers are saved");
    const [gold] = (await db.prisma.programmeVersion.findMany({ orderBy: { version: "desc" }, take: 1 })).map(
      ({ rules }) => (JSON.parse(rules) as EarningRules).tiers?.ladder[0],
    );
    await expect.poll(() => figure(`tier-${gold?.id}`), { timeout: 30_000 }).toBe(members);

    // Whom a product is for, and whether Shopify checks carts for it.
    await frame.getByText("Everybody may buy everything.").waitFor();
    await frame.getByRole("button", { name: "Choose products for tiers" }).click();
    await page.locator("#picker label").first().click();
    await page.locator('#picker button[value="select"]').click();
    await frame.getByLabel("Everybody from").fill("2020-01-01");
    await frame.getByLabel("From", { exact: true }).fill("2020-01-02");
    await frame.getByText("Everybody’s day comes after those of the tiers").waitFor();
    await expectGoodPage(page);
    await frame.getByLabel("Everybody from").fill("2099-01-01");
    await frame.getByRole("button", { name: "Save who may buy" }).click();
    await toast("It is saved, and will hold in a moment");
    await frame.getByText(/^Gold from .*2020, everybody from .*2099$/).waitFor();
    await frame
      .getByText("Shopify does not know in which tiers your members are.", { exact: false })
      .waitFor();
    await open(`/app/customers/${customerId}/points`);
    await frame.getByText("held by what counts now", { exact: false }).waitFor();
    await frame.getByLabel("Reason for the tier").fill("A friend of the house");
    await frame.getByRole("button", { name: "Give", exact: true }).click();
    await inDialog("Give it");
    await toast("The tier is given");
    await frame.getByText("A friend of the house", { exact: false }).first().waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: /^Take Gold back/ }).click();
    await toast("The tier is taken back");

    await open("/app/loyalty/earning");
    await frame.getByText("Nothing: only orders earn.").waitFor();
    await frame.getByRole("checkbox", { name: "Joining the programme" }).check();
    await frame.getByRole("button", { name: "Add a link" }).click();
    await frame.getByLabel("Name of link 1").fill("Our photographs");
    await frame.getByLabel("Key of link 1").fill("photos");
    await frame.getByLabel("Address of link 1").fill("photos.example");
    await frame.getByText("An address that begins with https://").waitFor();
    await frame.getByLabel("Address of link 1").fill("https://photos.example/shop");
    await frame.getByText("Our photographs: 50 points").waitFor();
    await expectGoodPage(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The ways to earn are saved");

    await open("/app/loyalty/referrals");
    await frame.getByText("Members cannot bring friends yet").waitFor();
    await expectGoodPage(page);
    await frame.getByRole("link", { name: "Set up referrals" }).click();
    await frame.getByText("Nothing: referrals are switched off.").waitFor();
    await frame.getByLabel("Members can bring friends").check();
    await frame.getByLabel("Points for the member").fill("0");
    await frame.getByText("A whole number from 1 to 100000").waitFor();
    await frame.getByLabel("Points for the member").fill("300");
    await frame.getByText("You get 300 points for each friend.").waitFor();
    await expectGoodPage(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await toast("The referral rules are saved");

    // A member who orders by their own code.
    const { referralSeed } = await db.prisma.loyaltyProgramme.findFirstOrThrow();
    const { memberId } = await db.prisma.memberLink.findFirstOrThrow({ where: { customerId } });
    const code = codeOfMember(memberId, referralSeed ?? "");
    await placeOrder({ customAttributes: [{ key: REFERRAL_ATTRIBUTE, value: code }] });
    await expect.poll(() => db.prisma.referral.count(), { timeout: 20_000 }).toBe(1);
    await open("/app/loyalty/referrals?show=blocked");
    await frame.getByText("The friend is the member").waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: /^Let it count/ }).click();
    await inDialog("Let it count");
    await toast("The referral counts, whatever the checks said");
    await open("/app/loyalty/referrals");
    await frame.getByText("It counts", { exact: true }).waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: /^Take back your word/ }).click();
    await toast("What the checks said holds again");
    await open(`/app/customers/${customerId}/points`);
    await frame.getByText(`Referral code ${code}`).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 240_000);
});
