/** A storefront of the local Shopify for tests: a seeded shop with a theme, and shoppers with cookies of their own. */
import path from "node:path";
import { readAppSettings } from "../../devstore/auth/app-settings.ts";
import { startDevstore, type Devstore } from "../../devstore/server.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState, ProductState, ShopState, World } from "../../devstore/state/model.ts";
import { publishTheme } from "../../devstore/state/online-store.ts";
import { changeShop } from "../../devstore/state/shop-actions.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import { activateEmbed, addAppBlock, type BlockPlace } from "../../devstore/storefront/editor.ts";
import { extensionsOf } from "../../devstore/storefront/extension.ts";
import { value } from "./open-shop.ts";

const TOML = path.resolve(import.meta.dirname, "../../shopify.app.toml");
export const LANGUAGES = ["en", "pl", "ru", "th", "ja", "lv"];

export interface StorefrontOptions {
  theme?: "dark" | "light";
  /** Whose `extensions/` are shown; the project's own unless told. */
  tomlPath?: string;
  world?: World;
}

export interface OpenStorefront extends StorefrontHelpers {
  devstore: Devstore;
  world: World;
  shop: ShopState;
  products: ProductState[];
  customer: CustomerState;
  stop(): Promise<void>;
}

/** Starts a local Shopify of its own, with a shop of six products that sells in three currencies and six languages. */
export async function openStorefront(options: StorefrontOptions = {}): Promise<OpenStorefront> {
  const world = options.world ?? createWorld({ seed: 1 });
  const { shop, products, customer } = seedShop(world);
  const app = {
    clientId: "storefront-client",
    clientSecret: "storefront-secret",
    appUrl: "http://localhost:1",
    tomlPath: options.tomlPath ?? TOML,
  };
  const devstore = await startDevstore({ port: 0, world, apps: [app] });
  devstore.install(shop.domain);
  const helpers = storefrontOf(devstore, shop, app);
  if (options.theme) helpers.useTheme(options.theme);
  return { ...helpers, devstore, world, shop, products, customer, stop: () => devstore.stop() };
}

/** Six products, of which the last but one has two variants and the last is a gift card, and a customer. */
export function seedShop(world: World): Pick<OpenStorefront, "customer" | "products" | "shop"> {
  const shop = value(
    createShop(world, { domain: "leaf", name: "Leaf and Kettle", currency: "GBP", countryCode: "GB" }),
  );
  value(
    changeShop(world, shop, {
      markets: [
        { country: "GB", currency: "GBP", rate: 1, languages: LANGUAGES },
        { country: "PL", currency: "PLN", rate: 5, languages: LANGUAGES },
        { country: "JP", currency: "JPY", rate: 190, languages: LANGUAGES },
      ],
    }),
  );
  const one = (title: string, productType: string, priceMinor: number) =>
    value(actions.createProduct(world, shop, { title, productType, variants: [{ priceMinor }] }));
  const products = [
    one("Green tea", "Tea", 1_999),
    one("Black tea", "Tea", 850),
    one("Teapot", "Pots", 4_500),
    one("Mug", "Pots", 1_250),
    value(
      actions.createProduct(world, shop, {
        title: "Sencha",
        productType: "Tea",
        variants: [
          { title: "50 g", priceMinor: 900 },
          { title: "100 g", priceMinor: 1_600 },
        ],
      }),
    ),
    value(
      actions.createProduct(world, shop, {
        title: "Gift card",
        productType: "Gift cards",
        isGiftCard: true,
        variants: [{ priceMinor: 2_500 }],
      }),
    ),
  ];
  const customer = value(
    actions.createCustomer(world, shop, { firstName: "Ana", email: "ana@shop.example", state: "ENABLED" }),
  );
  return { shop, products, customer };
}

export interface StorefrontHelpers {
  /** For browsers, which know that *.localhost is this machine. */
  url: string;
  useTheme(name: "dark" | "light"): void;
  /** As a deep link into the theme editor does it; the main section unless told. */
  addBlock(
    template: string,
    handle: string,
    settings?: Record<string, unknown>,
    target?: BlockPlace["target"],
  ): void;
  addEmbed(handle: string, settings?: Record<string, unknown>): void;
  /** A shopper with cookies of their own, as a guest or logged in. */
  visit(customerId?: number): Shopper;
}

/** The same for a shop of a local Shopify that runs already. */
export function storefrontOf(
  devstore: Devstore,
  shop: ShopState,
  app: { clientId: string; clientSecret: string; tomlPath: string },
): StorefrontHelpers {
  const { port } = new URL(devstore.url);
  const [extension] = extensionsOf(readAppSettings({ appUrl: devstore.url, ...app }, 0));
  const demanded = () => {
    if (!extension) throw new Error(`There is no theme extension beside ${app.tomlPath}.`);
    return extension;
  };
  return {
    url: `http://${shop.domain.replace(/\.myshopify\.com$/, "")}.localhost:${port}`,
    useTheme: (theme) => void value(publishTheme(devstore.world, shop, { theme })),
    addBlock(template, handle, settings = {}, target = "mainSection") {
      value(addAppBlock(devstore.world, shop, demanded(), handle, { template, target }, settings));
    },
    addEmbed: (handle, settings = {}) =>
      void value(activateEmbed(devstore.world, shop, demanded(), handle, settings)),
    visit: (customerId) => shopper(devstore.url, shop, customerId),
  };
}

export interface Shopper {
  cookies: Map<string, string>;
  /** Redirects are followed within the shop. */
  get(address: string): Promise<Response>;
  /** A form as browsers send it. */
  post(address: string, fields: Record<string, string>): Promise<Response>;
  /** The Ajax API. */
  send(address: string, body: unknown): Promise<Response>;
}

const MOST_REDIRECTS = 5;

function shopper(origin: string, shop: ShopState, customerId: number | undefined): Shopper {
  const cookies = new Map<string, string>();
  if (customerId !== undefined) cookies.set("devstore_customer", String(customerId));
  async function ask(address: string, init: RequestInit = {}, left = MOST_REDIRECTS): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("X-Shopify-Shop", shop.domain);
    headers.set(
      "Cookie",
      [...cookies].map(([name, each]) => `${name}=${encodeURIComponent(each)}`).join("; "),
    );
    const answer = await fetch(new URL(address, origin), { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    const location = answer.headers.get("location");
    if (location === null || left === 0) return answer;
    await answer.arrayBuffer();
    return ask(location, {}, left - 1);
  }
  return {
    cookies,
    get: (address) => ask(address),
    post: (address, fields) => ask(address, { method: "POST", body: new URLSearchParams(fields) }),
    send: (address, body) =>
      ask(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ""] = line.split(";");
  const at = pair.indexOf("=");
  const [name, content] = [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
  if (content === "" || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
  else cookies.set(name, content);
}
