/** The local storefront over HTTP, with an extension of an app that is written for this test alone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readAppSettings } from "../../devstore/auth/app-settings.ts";
import { createDiscount } from "../../devstore/state/discounts.ts";
import { setMetafields } from "../../devstore/state/shop-actions.ts";
import { setSoldOut, updateProduct } from "../../devstore/state/actions.ts";
import { addAppBlock } from "../../devstore/storefront/editor.ts";
import { extensionsOf } from "../../devstore/storefront/extension.ts";
import { openStorefront, type OpenStorefront, type Shopper } from "../support/open-storefront.ts";
import { value } from "../support/open-shop.ts";

const FILES: Readonly<Record<string, string>> = {
  "shopify.app.toml": `name = "Fixture"
handle = "fixture"
client_id = "storefront-client"
[customer.metafields.app]
points = { type = "number_integer", name = "Points", access = { storefront = "public_read" } }
for_you = { type = "list.product_reference", name = "For you", access = { storefront = "public_read" } }
hidden = { type = "number_integer", name = "Hidden" }
[webhooks]
api_version = "2026-07"
[[webhooks.subscriptions]]
topics = ["orders/create"]
uri = "/webhooks"
`,
  "extensions/blocks/shopify.extension.toml": `api_version = "2026-07"
[[extensions]]
type = "theme"
name = "Blocks"
handle = "blocks"
`,
  "extensions/blocks/blocks/greeting.liquid": `
{%- assign points = customer.metafields['$app'].points.value | default: 0 -%}
<p class="greeting" {{ block.shopify_attributes }}>{{ block.settings.heading }}, {{ 'points' | t: count: points }}</p>
<p class="sums">{{ customer.metafields['$app'].hidden.value }}{{ 7 | divided_by: 2 }} {{ 7 | times: 1.5 }} {{ app.metafields.fixture.rules.value.rate | times: 2 }}</p>
<ul>{% for product in customer.metafields['$app'].for_you.value %}<li>{{ product.title }} {{ product.price | money }}</li>{% endfor %}</ul>
{% render 'note', text: 'kept' %}
{% schema %}
{ "name": "Greeting", "target": "section", "stylesheet": "greeting.css",
  "settings": [{ "type": "text", "id": "heading", "label": "Heading", "default": "Hello" }] }
{% endschema %}`,
  "extensions/blocks/blocks/launcher.liquid": `<aside>{{ shop.name }}</aside>
{% schema %}{ "name": "Launcher", "target": "body", "javascript": "launcher.js", "settings": [] }{% endschema %}`,
  "extensions/blocks/snippets/note.liquid": `<em>{{ text }}{{ product.title }}</em>`,
  "extensions/blocks/assets/greeting.css": ".greeting { color: inherit; }\n",
  "extensions/blocks/assets/launcher.js": "export {};\n",
  "extensions/blocks/locales/en.default.json": `{ "points": { "one": "{{ count }} point", "other": "{{ count }} points" } }`,
  "extensions/blocks/locales/pl.json": `{ "points": { "one": "{{ count }} punkt", "few": "{{ count }} punkty", "many": "{{ count }} punktów", "other": "{{ count }} punktu" } }`,
};

let folder: string;
let open: OpenStorefront;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "perennial-extension-"));
  for (const [file, content] of Object.entries(FILES)) write(file, content);
  open = await openStorefront({ tomlPath: path.join(folder, "shopify.app.toml") });
});

afterAll(async () => {
  await open.stop();
  rmSync(folder, { recursive: true });
});

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

const textOf = async (answer: Promise<Response>) => (await answer).text();
const variantOf = (index: number) => open.products[index]?.variantIds[0] ?? 0;
const cartOf = async (shopper: Shopper) =>
  (await (await shopper.get("/cart.js")).json()) as {
    item_count: number;
    total_price: number;
    currency: string;
    discount_codes: { code: string; applicable: boolean }[];
    items: { key: string }[];
  };

describe("a shopper", () => {
  it("browses as a guest, buys with a code, and the app hears of the order", async () => {
    value(
      createDiscount(open.world, open.shop, {
        code: "TEN",
        title: "Ten off",
        gives: { kind: "percentage", percentage: 0.1 },
        startsAt: 0,
        endsAt: null,
        usageLimit: null,
        appliesOncePerCustomer: false,
        customerIds: null,
        minimum: null,
        items: null,
        combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
      }),
    );
    const guest = open.visit();
    for (const address of ["/", "/collections/all", "/search?q=tea", "/pages/about", "/collections", "/cart"])
      expect((await guest.get(address)).status, address).toBe(200);
    expect((await guest.get("/products/none")).status).toBe(404);
    expect(await textOf(guest.get("/products/green-tea"))).toContain("£19.99");
    const added = await guest.post("/cart/add", { id: String(variantOf(0)), quantity: "2" });
    expect(await added.text()).toContain("£39.98");
    await guest.get("/discount/TEN");
    expect(await cartOf(guest)).toMatchObject({
      item_count: 2,
      total_price: 3_598,
      discount_codes: [{ code: "TEN", applicable: true }],
    });
    expect(await textOf(guest.get("/checkout"))).toContain("£40.98 GBP");
    const paid = await guest.post("/checkout", { email: "new@shop.example", country: "GB" });
    expect(await paid.text()).toContain("Thank you for your order #1001");
    const [order] = [...open.shop.orders.values()];
    expect(order).toMatchObject({
      discountCodes: ["TEN"],
      shippingCountry: "GB",
      presentmentCurrency: "GBP",
    });
    expect(open.shop.customers.get(order?.customerId ?? 0)?.email).toBe("new@shop.example");
    expect([...open.world.deliveries.values()].map(({ topic }) => topic)).toEqual(["orders/create"]);
    expect(await cartOf(guest)).toMatchObject({ item_count: 0 });
  });

  it("pays in the currency of the country they chose", async () => {
    const guest = open.visit();
    await guest.post("/localization", { country_code: "PL", locale_code: "pl", return_to: "/products/mug" });
    expect(await textOf(guest.get("/pl/products/mug"))).toMatch(/62,50 zł[\s\S]*Dodaj do koszyka/);
    await guest.send("/cart/add.js", { items: [{ id: variantOf(3), quantity: 1 }] });
    expect(await cartOf(guest)).toMatchObject({ total_price: 6_250, currency: "PLN" });
    await guest.post("/pl/checkout", { email: "pl@shop.example", country: "PL" });
    expect([...open.shop.orders.values()].at(-1)).toMatchObject({
      presentmentCurrency: "PLN",
      presentmentRate: 5,
      shippingCountry: "PL",
    });
    await guest.post("/localization", { country_code: "JP", locale_code: "ja" });
    expect(await textOf(guest.get("/ja/products/mug"))).toContain("¥2,375");
  });

  it("changes the cart by the Ajax API, and has sections rendered with it", async () => {
    const guest = open.visit();
    const refused = await guest.send("/cart/add.js", { id: 1, quantity: 1 });
    expect(refused.status).toBe(404);
    const added = await guest.send("/cart/add.js", {
      id: variantOf(1),
      quantity: 1,
      sections: "header,main-cart",
      sections_url: "/cart",
    });
    const { sections } = (await added.json()) as { sections: Record<string, string> };
    expect(sections["header"]).toContain("(1)");
    expect(sections["main-cart"]).toContain("Black tea");
    const [item] = (await cartOf(guest)).items;
    await guest.send("/cart/change.js", { id: item?.key, quantity: 3 });
    expect(await cartOf(guest)).toMatchObject({ item_count: 3, total_price: 2_550 });
    await guest.send("/cart/update.js", { discount: "TEN,NONE" });
    expect(await cartOf(guest)).toMatchObject({
      total_price: 2_295,
      discount_codes: [
        { code: "TEN", applicable: true },
        { code: "NONE", applicable: false },
      ],
    });
    expect((await guest.send("/cart/update.js", { discount: "A,B,C,D,E,F" })).status).toBe(422);
    const rendered = (await (await guest.get("/cart?sections=template--1__main")).json()) as Record<
      string,
      string
    >;
    expect(rendered["template--1__main"]).toContain('id="shopify-section-template--1__main"');
    expect(await textOf(guest.post("/cart", { "updates[]": "2", update: "" }))).toContain("£15.30 GBP");
    expect(await textOf(guest.post("/pl/cart", { "updates[]": "1", checkout: "" }))).toContain("£12.65 GBP");
    await guest.get(`/cart/change?id=${item?.key}&quantity=0`);
    expect(await cartOf(guest)).toMatchObject({ item_count: 0 });
    await guest.send("/cart/clear.js", {});
    expect(await cartOf(guest)).toMatchObject({ item_count: 0 });
  });

  it("sees a title as it is written, whatever is in it", async () => {
    const productId = open.products[3]?.id ?? 0;
    value(updateProduct(open.world, open.shop, { productId, title: "<b>Mug</b> & saucer" }));
    const page = await textOf(open.visit().get("/products/mug"));
    expect(page).toContain("<h1>&lt;b&gt;Mug&lt;/b&gt; &amp; saucer</h1>");
    expect(page).not.toContain("<b>");
    value(updateProduct(open.world, open.shop, { productId, title: "Mug" }));
  });

  it("cannot buy what is sold out", async () => {
    value(setSoldOut(open.world, open.shop, { variantId: variantOf(2), soldOut: true }));
    const answer = await open.visit().send("/cart/add.js", { id: variantOf(2), quantity: 1 });
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { message: expect.stringMatching("sold out") as string },
    ]);
    expect(await textOf(open.visit().get("/products/teapot"))).toContain("Sold out");
    value(setSoldOut(open.world, open.shop, { variantId: variantOf(2), soldOut: false }));
  });
});

describe("blocks of an app", () => {
  it("are rendered from metafields in the shopper's language, with their assets once", async () => {
    const own = "app--1000001";
    const ownerId = `gid://shopify/Customer/${open.customer.id}`;
    const listed = [0, 1, 2].map((index) => `gid://shopify/Product/${open.products[index]?.id}`);
    value(
      setMetafields(open.world, open.shop, [
        { ownerId, namespace: own, key: "hidden", type: "number_integer", value: "99" },
        { ownerId, namespace: own, key: "points", type: "number_integer", value: "3" },
        {
          ownerId,
          namespace: own,
          key: "for_you",
          type: "list.product_reference",
          value: JSON.stringify(listed),
        },
      ]),
    );
    const installation = `gid://shopify/AppInstallation/${open.shop.id}`;
    const rules = {
      ownerId: installation,
      namespace: "fixture",
      key: "rules",
      type: "json",
      value: '{"rate":1.0}',
    };
    value(setMetafields(open.world, open.shop, [rules]));
    value(updateProduct(open.world, open.shop, { productId: open.products[1]?.id ?? 0, status: "DRAFT" }));
    open.addBlock("product", "greeting", { heading: "Hi" });
    open.addBlock("product", "greeting");
    open.addEmbed("launcher");
    const page = await textOf(open.visit(open.customer.id).get("/products/mug"));
    expect(page).toMatch(/<p class="greeting" >Hi, 3 points<\/p>\s*<p class="sums">3 10\.5 2\.0<\/p>/);
    expect(page).toContain("Hello, 3 points");
    expect(page).toContain("<ul><li>Green tea £19.99</li><li>Teapot £45.00</li></ul>");
    expect(page).toContain("<em>keptMug</em>");
    expect(page).toContain("<aside>Leaf and Kettle</aside>");
    expect(page.match(/greeting\.css/g)).toHaveLength(1);
    const script = /<script src="(\/extensions\/[^"]+launcher\.js)" type="text\/javascript" defer/.exec(
      page,
    )?.[1];
    const asset = await open.visit().get(script ?? "");
    expect([asset.status, asset.headers.get("cache-control")]).toEqual([
      200,
      expect.stringMatching("immutable"),
    ]);
    expect(await textOf(open.visit(open.customer.id).get("/pl/products/mug"))).toContain("Hi, 3 punkty");
    expect(await textOf(open.visit().get("/products/mug"))).toContain(">Hi, 0 points<");
    value(updateProduct(open.world, open.shop, { productId: open.products[1]?.id ?? 0, status: "ACTIVE" }));
  });

  it("are gone from the page while the app is not installed", async () => {
    const { installation } = open.shop;
    open.shop.installation = null;
    const page = await open.visit().get("/products/mug");
    expect([page.status, (await page.text()).includes("greeting")]).toEqual([200, false]);
    open.shop.installation = installation;
  });

  it("are shown in the dark theme as well, which has settings of its own", async () => {
    open.useTheme("dark");
    expect(await textOf(open.visit().get("/"))).toMatch(/#12141a[\s\S]*Made to last/);
    expect(await textOf(open.visit().get("/products/mug"))).not.toContain("greeting");
    open.useTheme("light");
  });

  it("are added by a deep link into the theme editor", async () => {
    const { url } = open.devstore;
    const ask = (query: string, init: RequestInit = {}) =>
      textOf(fetch(`${url}/admin/themes/current/editor?shop=${open.shop.domain}&${query}`, init));
    const link = "template=cart&addAppBlockId=storefront-client/greeting&target=mainSection";
    expect(await ask(link)).toMatch(/<strong>Greeting<\/strong> would be added \(mainSection\)/);
    expect(await ask("addAppBlockId=storefront-client/none")).toContain("The app has no block none.");
    expect(await textOf(open.visit().get("/cart"))).not.toContain("greeting");
    expect(await ask(link, { method: "POST" })).toContain(
      "Done: templates/cart.json of the theme light has it.",
    );
    expect(await textOf(open.visit().get("/cart"))).toContain('class="greeting"');
    const embed = "context=apps&activateAppId=storefront-client/launcher";
    expect(await ask(embed)).toContain("<strong>Launcher</strong> would be turned on");
    const wrong = "template=cart&addAppBlockId=storefront-client/launcher&target=mainSection";
    expect(await ask(wrong, { method: "POST" })).toContain("launcher is an app embed");
  });

  it.each([
    ["an object that Shopify lacks", "{{ visitor.name }}", "there is no object visitor"],
    ["a property that Shopify lacks", "{{ product.points }}", "product has no property points"],
    ["a filter that Shopify lacks", "{{ 1 | double }}", "undefined filter: double"],
    ["a tag that Shopify lacks", "{% include 'note' %}", 'tag "include" not found'],
    ["a tag that apps may not use", "{% section 'header' %}", 'tag "section" not found'],
    ["what only themes see", "{{ content_for_header }}", "there is no object content_for_header"],
    [
      "a metafield that is not declared",
      "{{ customer.metafields['$app'].tier }}",
      "declares no metafield tier",
    ],
    ["a setting that is not declared", "{{ block.settings.size }}", "has no property size"],
    ["a text that is not there", "{{ 'nothing' | t }}", "has no text nothing"],
    ["a snippet that is not there", "{% render 'nothing' %}", "has no snippet nothing"],
    ["text compared with a number", "{% if 'a' > 1 %}{% endif %}", "comparison of string with number failed"],
    ["a whole object", "{{ product }}", "a whole product is printed"],
    ["the theme's part of the section", "{{ section.blocks }}", "section has no property blocks"],
    ["an asset that is not there", "{{ 'x.css' | asset_url }}", "has no asset x.css"],
  ])("fail loudly for %s", async (_name, code, message) => {
    write(
      "extensions/blocks/blocks/wrong.liquid",
      `${code}{% schema %}{ "name": "Wrong", "target": "section", "settings": [] }{% endschema %}`,
    );
    const app = { clientId: "storefront-client", clientSecret: "s", appUrl: "http://localhost:1" };
    const [extension] = extensionsOf(
      readAppSettings({ ...app, tomlPath: path.join(folder, "shopify.app.toml") }, 0),
    );
    if (!extension) throw new Error("the extension is gone");
    const { files } = open.shop.onlineStore;
    const before = files["light/templates/product.json"];
    value(
      addAppBlock(open.world, open.shop, extension, "wrong", {
        template: "product",
        target: "newAppsSection",
      }),
    );
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const answer = await open.visit(open.customer.id).get("/products/mug");
    expect(await answer.text()).toContain(message.replaceAll('"', "&quot;"));
    expect(answer.status).toBe(500);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(message));
    warn.mockRestore();
    files["light/templates/product.json"] = before;
  });
});
