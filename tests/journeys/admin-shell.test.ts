/** The local admin and its App Bridge in a real browser, with a small app in the frame that uses each part of them. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { CLIENT, SHOP, startTestShop, type TestShop } from "../../devstore/admin-api/test-shop.ts";
import { readSessionToken } from "../../devstore/auth/session-token.ts";
import { launchBrowser, missingBrowser, openWindow } from "../support/browser.ts";

const missing = missingBrowser();

describe.skipIf(missing !== null)(`the admin shell${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let local: TestShop;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  /** Requests for data, in the order in which they came. */
  let asked: { path: string; authorization: string | undefined }[] = [];

  const app = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://app");
    if (!pathname.startsWith("/data"))
      return void response.setHeader("Content-Type", "text/html").end(pageOf(pathname));
    asked.push({ path: pathname, authorization: request.headers.authorization });
    const isFirst = asked.length === 1;
    if (pathname === "/data/retried" && isFirst) {
      response.writeHead(401, { "X-Shopify-Retry-Invalid-Session-Request": "1" }).end();
    } else response.setHeader("Content-Type", "application/json").end('{"answered":true}');
  });

  function pageOf(pathname: string): string {
    return `<!doctype html><html lang="en"><head><title>Small app</title><link rel="icon" href="data:,">
      <script src="${local.devstore.url}/app-bridge.js" data-api-key="${CLIENT.clientId}"></script></head>
      <body><h1>${pathname}</h1>
      <ui-nav-menu><a href="/" rel="home">Home</a><a href="/cohorts?by=week">Cohorts</a></ui-nav-menu>
      <ui-title-bar title="Overview"><button variant="primary" onclick="document.body.dataset.title='pressed'">Sync</button></ui-title-bar>
      <ui-save-bar id="bar"><button variant="primary" onclick="document.body.dataset.bar='saved'">S</button>
        <button onclick="document.body.dataset.bar='discarded'">D</button></ui-save-bar>
      <ui-modal id="modal"><p>Really?</p><ui-title-bar title="Sure?">
        <button variant="primary" onclick="document.body.dataset.modal='yes'">Yes</button></ui-title-bar></ui-modal>
      <form data-save-bar onsubmit="event.preventDefault(); document.body.dataset.form = this.name.value">
        <input name="name" aria-label="Name"></form></body></html>`;
  }

  beforeAll(async () => {
    app.listen(0);
    await once(app, "listening");
    // Another site than the admin's (localhost), as at Shopify: the frame's storage is a third party's.
    const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    local = await startTestShop("read_orders", { appUrl, toml: 'optional_scopes = ["write_orders"]' });
    browser = await launchBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    app.closeAllConnections();
    app.close();
    await local?.devstore.stop();
  });

  beforeEach(async () => {
    asked = [];
    ({ page, faults } = await openWindow(browser));
    await page.goto(`${local.devstore.url}/admin/apps/test-app/?shop=${SHOP}`);
    await page.frameLocator("iframe").locator("h1").waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  const frame = (): Frame => {
    const found = page.frame({ name: "app-iframe" });
    if (!found) throw new Error("no frame");
    return found;
  };
  /** Runs an expression inside of the app. */
  const inApp = <T = unknown>(expression: string): Promise<T> => frame().evaluate<T>(expression);
  const inside = () => page.frameLocator("iframe");
  const dataOf = (name: string) => inApp<string | null>(`document.body.dataset.${name} ?? null`);
  const visible = (selector: string) => page.locator(selector).waitFor({ state: "visible" });
  const hidden = (selector: string) => page.locator(selector).waitFor({ state: "hidden" });
  const isOurs = (token: string) => readSessionToken(token, CLIENT, SHOP).ok;

  test("gives session tokens, and sends them with the app's own requests only", async () => {
    expect(isOurs(await inApp<string>("shopify.idToken()"))).toBe(true);
    expect(await inApp("shopify.config")).toMatchObject({
      apiKey: CLIENT.clientId,
      shop: SHOP,
      locale: "en",
    });
    expect(await inApp("fetch('/data/plain').then((answer) => answer.json())")).toEqual({ answered: true });
    const [{ authorization = "" } = {}] = asked;
    expect(authorization).toMatch(/^Bearer /);
    expect(isOurs(authorization.slice(7))).toBe(true);
    await inApp("fetch('/data/own', { headers: { Authorization: 'Mine' } }).then(() => null)");
    expect(asked[1]).toEqual({ path: "/data/own", authorization: "Mine" });
    const elsewhere = await inApp<string[]>(
      `(async () => { const seen = []; const request = new Request("${local.devstore.url}/app-bridge.js", { mode: "no-cors" });
        await fetch(request); seen.push(...request.headers.keys()); return seen; })()`,
    );
    expect(elsewhere).toEqual([]);
  });

  test("asks again with a fresh token where the app wants one", async () => {
    expect(await inApp("fetch('/data/retried').then((answer) => answer.status)")).toBe(200);
    expect(asked).toHaveLength(2);
    expect(asked.every(({ authorization = "" }) => isOurs(authorization.slice(7)))).toBe(true);
    // The browser itself reports the refusal.
    expect(faults.splice(0).every((fault) => fault.includes("401"))).toBe(true);
  });

  test("loads a page anew that comes with nothing but the script", async () => {
    const bounce = `/bounce?embedded=1&shop=${SHOP}&shopify-reload=${encodeURIComponent("/after?tab=2")}`;
    await frame().goto(new URL(bounce, frame().url()).href);
    await inside().getByRole("heading", { name: "/after" }).waitFor();
    const { searchParams } = new URL(frame().url());
    expect(searchParams.get("tab")).toBe("2");
    expect(isOurs(searchParams.get("id_token") ?? "")).toBe(true);
  });

  test("shows toasts until they are dismissed, and tells what was pressed", async () => {
    await inApp(`void shopify.toast.show("Saved it", { action: "Undo",
      onAction: () => (document.body.dataset.toast = "undone"), onDismiss: () => (document.body.dataset.gone = "yes") })`);
    const toast = page.locator(".toast");
    expect(await toast.textContent()).toContain("Saved it");
    await toast.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => dataOf("toast")).toBe("undone");
    await toast.getByRole("button", { name: "Dismiss" }).click();
    await hidden(".toast");
    await expect.poll(() => dataOf("gone")).toBe("yes");
    await inApp(`void shopify.toast.show("Failed", { isError: true, duration: 100 })`);
    await visible(".toast.error");
    await hidden(".toast");
  });

  test("opens a modal in the app, whose buttons are the app's", async () => {
    await inApp("shopify.modal.show('modal')");
    const dialog = inside().getByRole("dialog", { name: "Sure?" });
    await dialog.getByRole("button", { name: "Yes" }).click();
    expect(await dataOf("modal")).toBe("yes");
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
    await expect(inApp("shopify.modal.show('none')")).rejects.toThrow("there is no <ui-modal");
  });

  test("shows the save bar of an element and of a form, and keeps from leaving while it stands", async () => {
    await inApp("shopify.saveBar.show('bar')");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => dataOf("bar")).toBe("saved");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => dataOf("bar")).toBe("discarded");

    await inApp("document.body.dataset.bar = 'edited'");
    await inApp("document.getElementById('bar').setAttribute('discardConfirmation', '')");
    await inApp("shopify.saveBar.show('bar')");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Continue editing" }).click();
    expect(await dataOf("bar")).toBe("edited");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Discard changes" }).click();
    await expect.poll(() => dataOf("bar")).toBe("discarded");

    const stays = inApp("shopify.saveBar.leaveConfirmation().then(() => 'left', () => 'stayed')");
    await page.getByRole("button", { name: "Stay" }).click();
    expect(await stays).toBe("stayed");
    const leaves = inApp("shopify.saveBar.leaveConfirmation().then(() => 'left', () => 'stayed')");
    await page.getByRole("button", { name: "Leave page" }).click();
    expect(await leaves).toBe("left");
    await inApp("shopify.saveBar.hide('bar')");
    await hidden("#save-bar");
    expect(await inApp("shopify.saveBar.leaveConfirmation().then(() => 'left')")).toBe("left");

    const name = inside().getByLabel("Name");
    await name.fill("oolong");
    await page.getByRole("button", { name: "Discard" }).click();
    await hidden("#save-bar");
    expect(await name.inputValue()).toBe("");
    await name.fill("sencha");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => dataOf("form")).toBe("sencha");
    await hidden("#save-bar");
  });

  test("shows the app's menu and title, follows it to other pages, and finds them again", async () => {
    expect(await page.getByRole("heading", { level: 1, name: "Overview" }).count()).toBe(1);
    await page.getByRole("button", { name: "Sync" }).click();
    await expect.poll(() => dataOf("title")).toBe("pressed");
    // The home link is the app's name.
    expect(await page.locator("#menu").textContent()).toBe("Cohorts");
    await inApp("history.pushState(null, '', '/deep?tab=2#part')");
    await page.waitForURL((url) => url.pathname === "/admin/apps/test-app/deep" && url.hash === "#part");
    await page.getByRole("link", { name: "Cohorts" }).click();
    await inside().getByRole("heading", { name: "/cohorts" }).waitFor();
    await page.waitForURL((url) => url.pathname === "/admin/apps/test-app/cohorts");
    await page.locator('#menu a[aria-current="page"]').waitFor();
    await page.reload();
    await inside().getByRole("heading", { name: "/cohorts" }).waitFor();
    expect(new URL(frame().url()).searchParams.get("by")).toBe("week");
    // An app that routes by itself is asked to, and its page stays.
    await inApp(`(() => { document.body.dataset.kept = "yes";
      window.addEventListener("shopify:navigate", (event) => {
        document.body.dataset.to = event.target.getAttribute("href"); }); })()`);
    await page.getByRole("link", { name: "Cohorts" }).click();
    await expect.poll(() => dataOf("to")).toBe("/cohorts?by=week");
    expect(await dataOf("kept")).toBe("yes");
    await inApp("void window.open('shopify://admin/products', '_top')");
    await page.waitForURL((url) => url.pathname === "/admin");
  });

  test("lets the merchant pick products and variants, or nothing", async () => {
    const picked = inApp<{ title: string }[]>("shopify.resourcePicker({ type: 'product' })");
    await page.getByRole("searchbox").fill("te");
    await page.getByLabel("Tea").check();
    await page.getByRole("button", { name: "Select" }).click();
    expect(await picked).toMatchObject([{ title: "Tea", totalVariants: 2 }]);

    const several = inApp<{ id: string }[]>(
      "shopify.resourcePicker({ type: 'variant', multiple: true }).then(({ selection }) => selection)",
    );
    await page.getByLabel("Tea - Small").check();
    await page.getByLabel("Tea - Large").check();
    await page.getByRole("button", { name: "Select" }).click();
    expect((await several).map(({ id }) => id)).toEqual(
      local.product.variantIds.map((id) => `gid://shopify/ProductVariant/${id}`),
    );

    const none = inApp("shopify.resourcePicker({ type: 'product' }).then((chosen) => chosen === undefined)");
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await none).toBe(true);
  });

  test("grants and takes back the optional scopes of the toml, and no others", async () => {
    const granted = () => local.shop.installation?.scopes;
    expect(await inApp("shopify.scopes.query()")).toEqual({
      granted: ["read_orders"],
      required: ["read_orders"],
      optional: ["write_orders"],
    });
    expect(await inApp("shopify.scopes.request(['write_orders'])")).toMatchObject({ result: "granted-all" });
    expect(granted()).toEqual(["read_orders", "write_orders"]);
    await page.reload();
    await inside().locator("h1").waitFor();
    expect(granted()).toEqual(["read_orders", "write_orders"]);
    await inApp("shopify.scopes.revoke(['write_orders'])");
    expect(granted()).toEqual(["read_orders"]);
    await expect(inApp("shopify.scopes.request(['read_products'])")).rejects.toThrow("optional scopes");
    faults.length = 0;
  });

  test("throws at what it does not model", async () => {
    await expect(inApp("shopify.intents")).rejects.toThrow("shopify.intents is not simulated");
  });
});
