/**
 * A shopper uses points in checkout, pays, sees on the thank-you page what the order brings, says what they think of it, and sees after a
 * refund what is left; then reads every line of it in the account, redeems and gives back there, and sends something back. Another takes
 * their data, deletes it and joins again. In the end the app is down, and pages go on with what they know.
 */
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { changeShop, findShop } from "../../app/db/stores/shops.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import type { Database } from "../../app/db/types.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { changeSurvey } from "../../app/services/loyalty/change-survey.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { switchStorefront } from "../../app/services/storefront/switch-storefront.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import { buildExtensions } from "../../scripts/build-extensions.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { launchBrowser, missingBrowser, NARROW, openWindow, WIDE } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { value } from "../support/open-shop.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";

const SHOP = "extensions.myshopify.com";
const SCOPES = ["write_customers", "write_products", "write_discounts"];
const REDEEM = "purchase.checkout.reductions.render-after";
const EARN = "purchase.checkout.block.render";
const THANKS = "purchase.thank-you.block.render";
const STATUS = "customer-account.order-status.block.render";

const missing = missingBrowser();

describe.skipIf(missing !== null)(`extensions${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let variantId = 0;
  let customerId = 0;
  let otherId = 0;
  let orderId = 0;

  beforeAll(async () => {
    const world = createWorld({ seed: 41 });
    const shop = value(createShop(world, { domain: SHOP, plan: "plus", currency: "EUR" }));
    const tea = { title: "Green tea", variants: [{ priceMinor: 4_000 }] };
    variantId = value(actions.createProduct(world, shop, tea)).variantIds[0] ?? 0;
    const ana = { firstName: "Ana", email: "ana@shop.example", state: "ENABLED" } as const;
    customerId = value(actions.createCustomer(world, shop, ana)).id;
    const ben = { firstName: "Ben", email: "ben@shop.example", state: "ENABLED" } as const;
    otherId = value(actions.createCustomer(world, shop, ben)).id;
    app = await startRunningApp(world, { roles: "web" });
    await buildExtensions(".");
    app.startWorker();
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    const stored = await findShop(db, SHOP);
    if (!stored) throw new Error("the app is not installed");
    await untilSynced(db, stored.id, 90_000);
    await post(`/admin/shell/scopes?shop=${SHOP}&app=perennial`, { action: "request", scopes: SCOPES });
    const scopes = [stored.scopes, ...SCOPES].join(",");
    await db.write((tx) => changeShop(tx, stored.id, { scopes }));
    await changeProgramme(db, stored.id, { intent: "start", template: "steady", membership: "joining" });
    await db.write((tx) =>
      saveReward(
        tx,
        stored.id,
        {
          id: "five-off",
          name: "5 € off",
          costPoints: 200,
          gives: { kind: "amount-off", valueMinor: 500 },
          minimumMinor: null,
          combinesWith: { order: false, product: false, shipping: true },
          validDays: 60,
          returnsUnused: true,
          isActive: true,
        },
        0,
      ),
    );
    const joined = await joinProgramme(db, stored.id, customerId);
    if (!joined.ok) throw new Error(joined.reason);
    const { memberId } = joined;
    await adjustPoints(db, stored, { key: "a-gift", memberId, points: 500, reason: "Welcome" });
    await changeSurvey(db, stored.id, { intent: "survey", points: "20" });
    const shown = await switchStorefront(db, stored.id, true);
    if (!shown.ok) throw new Error(shown.reason);
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
  });

  async function post(address: string, body: unknown): Promise<unknown> {
    const answer = await fetch(app.shopifyUrl + address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${address}: ${await answer.text()}`);
    return answer.json();
  }

  const part = (page: Page, target: string) => page.locator(`[data-extension-target="${target}"]`);
  const rendered = (page: Page, target: string) =>
    page.waitForSelector(`[data-extension-target="${target}"][data-extension-state=rendered]`, {
      state: "attached",
    });

  async function logIn(page: Page, id: number): Promise<void> {
    await page.goto(`${app.shopifyUrl}/account/login?shop=${SHOP}`);
    await page.request.post(`${app.shopifyUrl}/account/login`, { form: { customer_id: String(id) } });
  }

  /** Where somebody wants to look at them. */
  async function shoot(page: Page, name: string): Promise<void> {
    const folder = process.env["SHOTS"];
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }

  /** Metafields follow the ledger by a job. */
  async function openCheckout(page: Page, points: string): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      await page.goto(`${app.shopifyUrl}/checkout`);
      await rendered(page, REDEEM);
      if ((await part(page, REDEEM).innerText()).includes(points)) return;
      await page.waitForTimeout(500);
    }
    throw new Error(`${points} was never shown: ${await part(page, REDEEM).innerText()}`);
  }

  /** What it shows follows by a job. */
  async function openAccountUntil(page: Page, shows: Locator): Promise<void> {
    const look = async () => {
      await page.goto(`${app.shopifyUrl}/account/pages/account-page`);
      await page.locator("main").getByText("Your orders").waitFor();
      return shows.isVisible();
    };
    await expect.poll(look, { timeout: 60_000 }).toBe(true);
  }

  /** Once the order has come to us by its webhook. */
  async function broughtOn(page: Page, target: string): Promise<string> {
    const brought = part(page, target).getByText(/^This order brings .* points\.$/);
    for (let tries = 0; tries < 10; tries++) {
      await page.reload();
      await rendered(page, target);
      await brought.waitFor({ timeout: 2_000 }).catch(() => undefined);
      if (await brought.isVisible()) return brought.innerText();
    }
    throw new Error(`never said what the order brings: ${await part(page, target).innerText()}`);
  }

  test("points are used in checkout, earned by the order, and taken back with a refund", async () => {
    const { context, page } = await openWindow(browser);
    await logIn(page, customerId);
    await page.request.post(`${app.shopifyUrl}/cart/add.js`, { data: { id: variantId, quantity: 2 } });
    await openCheckout(page, "You have 500 points.");
    await rendered(page, EARN);
    // Shopify says which collections the cart's products are in, so the figure is no estimate.
    await part(page, EARN).getByText("This order earns 80 points.").waitFor();

    await page.getByLabel("5 € off").check();
    await page.getByRole("button", { name: "Use points" }).click();
    await part(page, REDEEM).getByText("5 € off is applied to this order.").waitFor({ timeout: 30_000 });
    expect(await page.locator("#order-summary").innerText()).toContain("-€5,00 EUR");
    expect(await part(page, REDEEM).innerText()).toContain("You have 300 points.");
    await shoot(page, "checkout");

    await page.getByRole("button", { name: "Pay now" }).click();
    await rendered(page, THANKS);
    const before = await broughtOn(page, THANKS);
    expect(await part(page, THANKS).innerText()).toMatch(/points: ready to use on /);
    await page.getByLabel("How good are the products?").selectOption("4");
    await page.getByLabel("How good was the delivery?").selectOption("1");
    await page.getByLabel("How likely are you to recommend us?").selectOption("3");
    await shoot(page, "thank-you");
    await page.getByRole("button", { name: "Send" }).click();
    await part(page, THANKS)
      .getByText("Thank you for your answers. They bring you 20 points.")
      .waitFor({ timeout: 30_000 });
    await shoot(page, "thank-you-answered");

    orderId = Number(await page.locator("[data-order-id]").getAttribute("data-order-id"));
    await post(`/_control/api/shops/${SHOP}/actions/refundOrder`, {
      orderId,
      lines: [{ lineId: await firstLineOf(orderId), quantity: 1 }],
    });
    await page.getByRole("link", { name: "Follow your order" }).click();
    await rendered(page, STATUS);
    await expect.poll(() => broughtOn(page, STATUS), { timeout: 30_000 }).not.toBe(before);
    // What was answered is not asked again.
    await part(page, STATUS).getByText("Thank you for your answers.").waitFor();
    await shoot(page, "order-status");
    await context.close();
  });

  test("the account explains every line, takes points and gives them back, and asks for a return", async () => {
    await post(`/_control/api/shops/${SHOP}/actions/fulfillOrder`, {
      orderId,
      tracking: { company: "Post", number: "1Z999", url: "https://post.example/1Z999" },
    });
    const { context, page, faults } = await openWindow(browser);
    await logIn(page, customerId);
    await page.goto(`${app.shopifyUrl}/account/pages/account-page`);
    const main = page.locator("main");
    await main.getByText("How your balance came about").waitFor();
    await expect.poll(() => main.innerText(), { timeout: 30_000 }).toContain("Taken back: #");
    for (const words of [
      ...[
        "Earned: #",
        "Earned for an answer: #",
        "Spent on a reward: 5 € off",
        "Changed by the shop",
        "Welcome",
      ],
      "Track the parcel Post 1Z999",
    ])
      expect(await main.innerText()).toContain(words);

    await page.getByRole("button", { name: "Redeem: 5 € off" }).click();
    await page.getByText("Ready to use").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Give back: 5 € off" }).click({ timeout: 30_000 });
    await page.getByText("The points are back in your account.").waitFor({ timeout: 30_000 });
    await page.getByText("Given back for a reward: 5 € off").waitFor();
    expect(await main.innerText()).not.toMatch(/Your code:|Your reward is being made/);

    await page.getByRole("button", { name: "Send something back" }).click();
    await page.getByLabel("Green tea: how many of 1").fill("1");
    await page.getByRole("button", { name: "Ask for the return" }).click();
    await page.getByText(/Return #\d+-R1: asked for/).waitFor();

    // An extension that went wrong says so in its place.
    expect(await page.locator("[data-extension-state=failed], [data-extension-target] > pre").count()).toBe(
      0,
    );
    await page.evaluate(axe.source);
    for (const width of [WIDE, NARROW]) {
      await page.setViewportSize({ width, height: 900 });
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(sideways, `at ${width} px`).toBeLessThanOrEqual(0);
      expect(await page.evaluate(runAxe), `axe at ${width} px`).toEqual([]);
      await shoot(page, `account-${width}`);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  test("a customer joins, takes their data as a file, deletes it, and begins anew", async () => {
    const { context, page } = await openWindow(browser);
    await logIn(page, otherId);
    const join = page.getByRole("button", { name: "Join now" });
    await openAccountUntil(page, join);
    await join.click();
    await page.getByText("How your balance came about").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Get a copy of my data" }).click();
    const link = page.getByRole("link", { name: /^Download perennial-.*\.json$/ });
    const file = await fetch((await link.getAttribute("href")) ?? "");
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="perennial-.*\.json"$/);
    expect(await file.json()).toMatchObject({ customerId: otherId });

    await page.getByRole("button", { name: "Delete my data" }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("Your data is being deleted.").waitFor();
    await openAccountUntil(page, join);
    await join.click();
    await page.getByText("Your next order earns the first points.").waitFor({ timeout: 30_000 });
    await context.close();
  });

  test("while the app is down pages show what they know, lose nothing and say so", async () => {
    const { context, page } = await openWindow(browser);
    await logIn(page, customerId);
    await page.request.post(`${app.shopifyUrl}/cart/add.js`, { data: { id: variantId, quantity: 1 } });
    // Half of what was spent on the order has come back with half of its goods.
    await openCheckout(page, "You have 400 points.");
    await app.stopPages();
    await page.reload();
    await part(page, EARN).getByText("This order earns 40 points.").waitFor();
    await page.getByRole("button", { name: "Use points" }).click();
    await part(page, REDEEM).getByText("Nothing is lost").waitFor({ timeout: 30_000 });
    await shoot(page, "checkout-down");
    await page.getByRole("button", { name: "Go on without a reward" }).click();
    await part(page, REDEEM).getByText("they come back by themselves").waitFor();
    await page.getByRole("button", { name: "Pay now" }).click();
    await part(page, THANKS).getByText("your points are counted all the same").waitFor({ timeout: 30_000 });
    await shoot(page, "thank-you-down");
    await page.goto(`${app.shopifyUrl}/account/pages/account-page`);
    await page.getByText("Some of your points page is missing").waitFor({ timeout: 30_000 });
    await page.getByText("400 points").first().waitFor();
    await shoot(page, "account-down");
    await context.close();
  });

  async function firstLineOf(orderId: number): Promise<number> {
    const answer = await fetch(`${app.shopifyUrl}/_control/api/shops/${SHOP}/orders/${orderId}`);
    const { lines } = (await answer.json()) as { lines: { id: number }[] };
    return lines[0]?.id ?? 0;
  }
});

/** Runs in the page. */
async function runAxe(): Promise<string[]> {
  const { axe: ours } = globalThis as unknown as { axe: typeof axe };
  const { violations } = await ours.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
}
