/** A merchant connects programs of their own: with the mouse, on a laptop and on a phone. */
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { askApi } from "../support/api-requests.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { listenAtAddress, type ListeningAddress } from "../support/listening-address.ts";
import { until } from "../support/local-shopify.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";

const SHOP = "connected.myshopify.com";
const missing = missingBrowser();

describe.skipIf(missing !== null)(`developers${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let own: ListeningAddress;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let frame: FrameLocator;
  let faults: string[];

  beforeAll(async () => {
    process.env["PERENNIAL_LOCAL_WEBHOOKS"] = "1";
    own = await listenAtAddress();
    const world = createWorld({ seed: 14 });
    generatedShop(world, SHOP, { seed: 14, orders: 20 });
    app = await startRunningApp(world, { roles: "web" });
    app.startWorker();
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    browser = await launchBrowser();
    ({ context, page, faults } = await openWindow(browser));
    frame = page.frameLocator("iframe");
  }, 240_000);

  afterAll(async () => {
    await context?.close();
    await browser?.close();
    await app?.stop();
    await own?.stop();
  });

  const open = () => openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/developers"));
  const inApp = (name: string | RegExp) => frame.getByRole("button", { name });
  const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();

  test("an address is added, hears of a test, is paused and removed", async () => {
    await open();
    await frame.getByText("No addresses yet").waitFor();
    await expectGoodPage(page);
    await inApp("Add an address").click();
    const address = frame.getByLabel("Address");
    await address.fill("https://10.0.0.1/points");
    await inApp("Add the address").click();
    await frame.getByText("The address has to be one of the public internet").waitFor();
    await address.fill(own.url);
    await page.keyboard.press("Enter");
    const secret = await frame.locator("[data-secret]").textContent();
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    await inApp(`Send a test: ${own.url}`).click();
    await toast("A test event is on its way");
    await until("the test to arrive", () => own.heard.length > 0);
    await frame.locator('[data-delivery="delivered"]').waitFor();
    await expectGoodPage(page);
    // It is told once.
    await open();
    await frame.locator(`[data-endpoint="${own.url}"]`).waitFor();
    expect(await frame.locator("[data-secret]").count()).toBe(0);

    own.answers(410);
    await inApp(`Send a test: ${own.url}`).click();
    await frame.getByText("Given up", { exact: true }).waitFor();
    own.answers(200);
    const before = own.heard.length;
    await inApp(/^Send given up again/).click();
    await toast("It is sent again");
    await until("the test to arrive again", () => own.heard.length > before);

    await inApp(`Pause: ${own.url}`).click();
    await toast("Nothing more is sent there");
    await inApp(`Go on: ${own.url}`).waitFor();
    await inApp(`Remove: ${own.url}`).click();
    await frame.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await frame.getByText("No addresses yet").waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  test("a key is made, lets its program in to what it may, and is ended", async () => {
    await open();
    await inApp("Make a key").click();
    await inApp("Make the key").click();
    await frame.getByText("Name the program that is to use it").waitFor();
    await frame.getByLabel("Program", { exact: true }).fill("Till");
    await inApp("Make the key").click();
    const key = (await frame.locator("[data-secret]").textContent()) ?? "";
    await expectGoodPage(page);
    const asked = async (path: string, wish = {}) => (await askApi(app.appUrl, path, key, wish)).status;
    expect(await asked("/ping")).toBe(204);
    expect(await asked("/rewards")).toBe(200);
    expect(await asked("/customers/1/earn", { body: { points: 1, reason: "A visit" } })).toBe(403);
    await open();
    await frame.getByText(/last used/).waitFor();
    expect(await frame.locator("[data-secret]").count()).toBe(0);
    await inApp("End: Till").click();
    await frame.getByRole("dialog").getByRole("button", { name: "End the key" }).click();
    await frame.getByText("No keys yet").waitFor();
    expect(await asked("/ping")).toBe(401);
    expect(faults).toEqual([]);
  }, 120_000);
});
