/** The local Shopify hosts built extensions: what a target has works as at Shopify, and what it lacks is refused by name. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDevstore, type Devstore } from "../../devstore/server.ts";
import { createCustomer, createProduct } from "../../devstore/state/actions.ts";
import { createDiscount, type NewDiscount } from "../../devstore/state/discounts.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import type { Result } from "../../devstore/state/result.ts";
import { setMetafields } from "../../devstore/state/shop-actions.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import { buildExtensions } from "../../scripts/build-extensions.ts";
import { launchBrowser, missingBrowser, openWindow, type AppWindow } from "../support/browser.ts";
import type { Browser } from "playwright-core";

const ROOT = path.resolve(import.meta.dirname, "../..");
const APP = { clientId: "host-test", clientSecret: "host-secret" };
const REDUCTIONS = "purchase.checkout.reductions.render-after";
const NOTHING = { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false };
const THANKS = "purchase.thank-you.block.render";

/** One module a target, without JSX: each is one way of using the API. */
const CHECKOUT = `
import "@shopify/ui-extensions/preact";
import { h, render } from "preact";
import { useState } from "preact/hooks";
function Codes() {
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const change = (type) => async () => {
    const { type: answer, message } = await shopify.applyDiscountCodeChange({ type, code: typed });
    setNote(answer === "success" ? "done" : message);
  };
  const ask = async () => {
    const answer = await fetch(typed, { headers: { Authorization: "Bearer " + (await shopify.sessionToken.get()) } });
    setNote((await answer.json()).origin);
  };
  const { count } = { count: shopify.lines.value.reduce((sum, { quantity }) => sum + quantity, 0) };
  return h("s-section", { heading: shopify.i18n.translate("heading", { count }) },
    h("s-text", {}, "codes: " + shopify.discountCodes.value.map(({ code }) => code).join(" ")),
    h("s-paragraph", {}, "total: " + shopify.i18n.formatCurrency(shopify.cost.totalAmount.value.amount)),
    h("s-paragraph", {}, "points: " + shopify.appMetafields.value.map(({ metafield }) => metafield.value).join()),
    h("s-text-field", { label: "Code", value: typed, onInput: (event) => setTyped(event.currentTarget.value) }),
    h("s-choice-list", { label: "Size", onChange: (event) => setChosen(event.currentTarget.values.join()) },
      h("s-choice", { value: "small" }, "Small"), h("s-choice", { value: "large" }, "Large")),
    h("s-button", { onClick: change("addDiscountCode") }, "Apply"),
    h("s-button", { onClick: change("removeDiscountCode") }, "Remove"),
    h("s-button", { onClick: ask }, "Ask"),
    h("s-link", { href: "https://shop.example/there", target: "_blank" }, "Go there"),
    h("s-banner", { heading: note }, "chosen: " + chosen));
}
export default () => render(h(Codes), document.body);
`;
const THANK_YOU = `
import "@shopify/ui-extensions/preact";
import { h, render } from "preact";
const tries = {
  order: () => shopify.orderConfirmation.value.order.id,
  has: () => String("applyDiscountCodeChange" in shopify),
  api: () => shopify.applyDiscountCodeChange,
  unsimulated: () => shopify.availablePaymentOptions,
  element: () => document.createElement("s-page"),
  attribute: () => document.createElement("s-text").setAttribute("onclick", "alert(1)"),
};
export default () => {
  const said = Object.entries(tries).map(([name, run]) => {
    try { return name + ": " + run(); } catch (error) { return name + ": " + error.message; }
  });
  render(said.map((line) => h("s-paragraph", {}, line)), document.body);
};
`;
const TOML = `
api_version = "2026-07"
[[extensions]]
type = "ui_extension"
name = "Host test"
handle = "host-test"
[[extensions.targeting]]
target = "${REDUCTIONS}"
module = "./checkout.js"
[[extensions.targeting]]
target = "${THANKS}"
module = "./thank-you.js"
[[extensions.metafields]]
namespace = "$app"
key = "points"
[extensions.capabilities]
network_access = true
`;

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

function writeApp(folder: string): void {
  const extension = path.join(folder, "extensions/host-test");
  mkdirSync(path.join(extension, "locales"), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "shopify.app.toml"), 'name = "Host test"\nhandle = "host-test"\n');
  writeFileSync(path.join(extension, "shopify.extension.toml"), TOML);
  writeFileSync(path.join(extension, "checkout.js"), CHECKOUT);
  writeFileSync(path.join(extension, "thank-you.js"), THANK_YOU);
  writeFileSync(
    path.join(extension, "locales/en.default.json"),
    '{"heading": {"one": "One thing", "other": "{{count}} things"}}',
  );
  // Reading Shopify's types takes seconds; those of the app's own targets are there.
  const surfaces = path.join(ROOT, "build/extensions/surfaces");
  if (existsSync(surfaces))
    cpSync(surfaces, path.join(folder, "build/extensions/surfaces"), { recursive: true });
}

describe.skipIf(missingBrowser() !== null)("extensions in the local Shopify", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-host-"));
  const world = createWorld({ seed: 1 });
  const shop: ShopState = must(createShop(world, { domain: "host.myshopify.com", currency: "EUR" }));
  const backend = createServer((request, response) => {
    const { origin = "none", authorization = "" } = request.headers;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Authorization");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    tokens.push(authorization.replace("Bearer ", ""));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ origin }));
  });
  const tokens: string[] = [];
  let devstore: Devstore;
  let browser: Browser;
  let open: AppWindow;
  let customerId: number;

  beforeAll(async () => {
    writeApp(folder);
    await buildExtensions(folder);
    const tomlPath = path.join(folder, "shopify.app.toml");
    devstore = await startDevstore({
      port: 0,
      world,
      apps: [{ ...APP, appUrl: "http://localhost:9", tomlPath }],
    });
    devstore.install(shop.domain);
    const product = must(createProduct(world, shop, { title: "Tea", variants: [{ priceMinor: 2000 }] }));
    customerId = must(createCustomer(world, shop, { email: "ana@shop.example" })).id;
    for (const code of ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"]) addDiscount(code, {});
    addDiscount("ALONE", { combinesWith: NOTHING });
    addDiscount("LARGE", { minimum: { kind: "subtotal", subtotalMinor: 100_000 } });
    const owner = { ownerId: `gid://shopify/Customer/${customerId}`, namespace: "app--1000001" };
    must(setMetafields(world, shop, [{ ...owner, key: "points", type: "number_integer", value: "75" }]));
    must(setMetafields(world, shop, [{ ...owner, key: "pending", type: "number_integer", value: "9" }]));
    backend.listen(0);
    await once(backend, "listening");
    browser = await launchBrowser();
    open = await openWindow(browser);
    const { page } = open;
    await page.goto(`${devstore.url}/?shop=${shop.domain}`);
    const variantId = product.variantIds[0];
    await page.request.post(`${devstore.url}/account/login`, { form: { customer_id: String(customerId) } });
    await page.request.post(`${devstore.url}/cart/add.js`, { data: { id: variantId, quantity: 2 } });
    await page.goto(`${devstore.url}/checkout`);
    await page.waitForSelector("[data-extension-state=rendered]");
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await devstore?.stop();
    backend.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function addDiscount(code: string, more: Partial<NewDiscount>): void {
    const discount: NewDiscount = {
      title: code,
      code,
      gives: { kind: "amount", amountMinor: 100, onEachItem: false },
      items: null,
      minimum: null,
      customerIds: null,
      usageLimit: null,
      appliesOncePerCustomer: false,
      combinesWith: { orderDiscounts: true, productDiscounts: true, shippingDiscounts: true },
      startsAt: 0,
      endsAt: null,
    };
    must(createDiscount(world, shop, { ...discount, ...more }));
  }

  const apply = async (code: string, button = "Apply") => {
    const { page } = open;
    await page.getByLabel("Code", { exact: true }).fill(code);
    await page.getByRole("button", { name: button, exact: true }).last().click();
  };
  const note = (text: string) => open.page.locator("s-banner").getByText(text).waitFor({ timeout: 5000 });
  const shown = () => open.page.locator(`[data-extension-target="${REDUCTIONS}"]`).innerText();

  it("shows cart, money and the customer's metafields, and follows codes", async () => {
    expect(await shown()).toContain("points: 75");
    expect(await shown()).toContain("total: €45.00");
    expect(await open.page.getByRole("heading", { name: "2 things" }).count()).toBe(1);
    await apply("ONE");
    await note("done");
    expect(await shown()).toContain("codes: ONE");
    expect(await shown()).toContain("total: €44.00");
    expect(await open.page.locator("#order-summary").innerText()).toContain("€44,00");
  });

  it("refuses codes as the cart does, says why, and leaves the cart as it was", async () => {
    await apply("MISSING");
    await note("There is no discount MISSING.");
    await apply("ALONE");
    await note("ONE and ALONE do not combine.");
    await apply("LARGE");
    await note("The order does not reach the minimum of LARGE.");
    for (const code of ["TWO", "THREE", "FOUR", "FIVE"]) await applyUntilDone(code);
    await apply("SIX");
    await note("A cart takes at most 5 codes.");
    expect(await shown()).toContain("codes: ONE TWO THREE FOUR FIVE");
    await apply("two", "Remove");
    await open.page.getByText("codes: ONE THREE FOUR FIVE").waitFor();
    await apply("TWO", "Remove");
    await note("TWO is not in this cart.");
  });

  const applyUntilDone = async (code: string) => {
    await apply(code);
    await open.page.getByText(new RegExp(`codes: .*${code}$`)).waitFor();
  };

  it("tells the app who speaks, from a worker without an origin", async () => {
    const { port } = backend.address() as AddressInfo;
    await apply(`http://localhost:${port}/`, "Ask");
    await note("null");
    const { payload, protectedHeader } = await jwtVerify(
      tokens.at(-1) ?? "",
      new TextEncoder().encode(APP.clientSecret),
      { audience: APP.clientId },
    );
    expect(protectedHeader.alg).toBe("HS256");
    expect(payload).toMatchObject({ dest: shop.domain, sub: `gid://shopify/Customer/${customerId}` });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(payload.jti).toMatch(/./);
  });

  it("hands over what a shopper chooses", async () => {
    await open.page.getByLabel("Large").check();
    await open.page.getByText("chosen: large").waitFor();
  });

  it("draws a link as one, which Preact gives its address as an attribute", async () => {
    const link = open.page.getByRole("link", { name: "Go there" });
    expect(await link.getAttribute("href")).toBe("https://shop.example/there");
    expect(await link.getAttribute("target")).toBe("_blank");
  });

  it("has on the thank-you page what Shopify has there, and names what it lacks", async () => {
    const { page } = open;
    await page.getByRole("button", { name: "Pay now" }).click();
    await page.waitForSelector(`[data-extension-target="${THANKS}"][data-extension-state=rendered]`);
    const text = await page.locator(`[data-extension-target="${THANKS}"]`).innerText();
    const [order] = shop.orders.keys();
    expect(text).toContain(`order: gid://shopify/Order/${order}`);
    expect(text).toContain("has: false");
    expect(text).toContain(`api: shopify.applyDiscountCodeChange is not in the API of ${THANKS} (2026-07)`);
    expect(text).toContain("unsimulated: shopify.availablePaymentOptions is not simulated");
    expect(text).toContain(`element: <s-page> is not among the elements of ${THANKS}`);
    expect(text).toContain(`attribute: <s-text> has no onclick on ${THANKS}`);
    expect(open.faults).toEqual([]);
  });
});
