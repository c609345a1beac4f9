/** Holds what this storefront offers to templates against what Shopify itself lists, which comes with its theme checker. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createWorld } from "../state/world.ts";
import { placeOrder } from "../state/place-order.ts";
import { createDiscount } from "../state/discounts.ts";
import { createCollection } from "../state/collections.ts";
import { seedShop } from "../../tests/support/open-storefront.ts";
import { newCart } from "./carts.ts";
import { FILTERS } from "./liquid/filters.ts";
import { GLOBAL_OBJECTS } from "./liquid/globals.ts";
import { SETTING_TYPES, settingAttributes } from "./liquid/schema.ts";
import { TAGS } from "./liquid/tags.ts";
import { Thing } from "./liquid/thing.ts";
import { sharedObjects } from "./page.ts";
import { newView } from "./view.ts";

interface Named {
  name: string;
  aliases?: string[];
  properties?: Named[];
}

const checker = createRequire(import.meta.url).resolve("@shopify/theme-check-node");
const folder = path.dirname(createRequire(checker).resolve("@shopify/theme-check-docs-updater/package.json"));
const listed = (file: string) => JSON.parse(readFileSync(path.join(folder, "data", file), "utf8")) as Named[];

/** Aliases that the list leaves out. */
const ALIASES = ["handle", "t"];

describe("the names that templates may use", () => {
  it("are Shopify's filters and tags", () => {
    const filters = new Set(listed("filters.json").map(({ name }) => name));
    expect([...FILTERS].filter((name) => !filters.has(name) && !ALIASES.includes(name))).toEqual([]);
    const tags = new Set(listed("tags.json").map(({ name }) => name));
    // Neither the inline comment nor the schema stands there.
    expect([...TAGS].filter((name) => !tags.has(name))).toEqual(["#", "schema"]);
  });

  it("are Shopify's objects", () => {
    const objects = new Set(listed("objects.json").map(({ name }) => name));
    expect([...GLOBAL_OBJECTS].filter((name) => !objects.has(name))).toEqual([]);
  });

  it("are properties that Shopify's objects have", () => {
    const properties = new Map(
      listed("objects.json").map(({ name, properties: own = [] }) => [name, own.map((each) => each.name)]),
    );
    const seen = new Map<string, Thing>();
    for (const thing of shownThings()) collect(thing, seen);
    const unknown = [...seen].flatMap(([kind, thing]) =>
      thing
        .propertyNames_()
        .flatMap((name) => (properties.get(kind)?.includes(name) ? [] : [`${kind}.${name}`])),
    );
    expect(unknown).toEqual([]);
    for (const kind of [
      "cart",
      "line_item",
      "customer",
      "order",
      "product",
      "variant",
      "discount_application",
    ])
      expect(seen.has(kind), kind).toBe(true);
  });

  it("are Shopify's types of settings with what each may say", () => {
    const { definitions, properties } = JSON.parse(
      readFileSync(path.join(folder, "data", "setting.json"), "utf8"),
    ) as {
      definitions: Record<string, { properties?: object }>;
      properties: { type: { enum: string[] } };
    };
    for (const type of SETTING_TYPES) {
      expect(properties.type.enum, type).toContain(type);
      const own = Object.keys(definitions[type]?.properties ?? {});
      expect([...settingAttributes(type)].sort(), type).toEqual(own.sort());
    }
  });
});

/** Every object that hangs on these. */
function collect(value: unknown, seen: Map<string, Thing>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, seen);
  if (!(value instanceof Thing) || seen.has(value.kind_)) return;
  seen.set(value.kind_, value);
  for (const name of value.propertyNames_()) collect(value.liquidMethodMissing(name), seen);
}

function shownThings(): unknown[] {
  const world = createWorld({ seed: 1 });
  const { shop, products, customer } = seedShop(world);
  const [tea] = products;
  const [variantId = 0] = tea?.variantIds ?? [];
  const common = {
    startsAt: 0,
    endsAt: null,
    usageLimit: null,
    appliesOncePerCustomer: false,
    customerIds: null,
    minimum: null,
    combinesWith: { orderDiscounts: true, productDiscounts: true, shippingDiscounts: false },
  };
  createDiscount(world, shop, {
    ...common,
    code: "TEA",
    title: "Tea",
    gives: { kind: "percentage", percentage: 0.1 },
    items: { productIds: [tea?.id ?? 0], variantIds: [] },
  });
  createDiscount(world, shop, {
    ...common,
    code: "ALL",
    title: "All",
    gives: { kind: "amount", amountMinor: 100, onEachItem: false },
    items: null,
  });
  createCollection(world, shop, { title: "Loose leaf", productIds: products.map(({ id }) => id) });
  placeOrder(world, shop, { lines: [{ variantId, quantity: 1 }], codes: [], customerId: customer.id });
  const cart = { ...newCart(), codes: ["TEA", "ALL"] };
  cart.lines.push({ key: "1:1", variantId, quantity: 2, properties: {} });
  const asked = {
    locale: "en",
    rootUrl: "/",
    path: "/",
    query: new URLSearchParams(),
    origin: "http://leaf.localhost",
  };
  const view = newView({ ...asked, world, shop, customer, cart }, null);
  view.subject = {
    product: { product: tea ?? panic(), variantId },
    collection: "all",
    page: PAGE,
    search: { terms: "tea" },
  };
  return Object.values(sharedObjects(view)).map((read) => read());
}

const PAGE = { handle: "about", title: "About", content: "" };

function panic(): never {
  throw new Error("the shop has no products");
}
