/** A started local Shopify with one small shop, for the tests of this folder and its neighbours. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startDevstore, type Devstore } from "../server.ts";
import { createCustomer, createOrder, createProduct, type OrderInput } from "../state/actions.ts";
import type { Result } from "../state/result.ts";
import type { CustomerState, OrderState, ProductState, ShopState, World } from "../state/model.ts";
import { createShop, createWorld } from "../state/world.ts";

export const SHOP = "demo.myshopify.com";
export const CLIENT = { clientId: "client-id", clientSecret: "client-secret" };
const ALL_SCOPES =
  "read_orders,read_all_orders,read_customers,write_customers,read_products,read_inventory,write_orders";

/** The value of an action that must succeed. */
export function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

export interface TestShop {
  devstore: Devstore;
  world: World;
  shop: ShopState;
  product: ProductState;
  customer: CustomerState;
  order: (input?: Partial<OrderInput>) => OrderState;
  token: () => Promise<string>;
  ask: (query: string, variables?: Record<string, unknown>, version?: string) => Promise<Answered>;
}

export interface Answered {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions?: Record<string, unknown> }[];
  extensions?: {
    cost: {
      requestedQueryCost: number;
      actualQueryCost: number | null;
      throttleStatus: { currentlyAvailable: number };
    };
  };
}

function writeToml(scopes: string, more = ""): string {
  const folder = mkdtempSync(path.join(tmpdir(), "devstore-toml-"));
  const file = path.join(folder, "shopify.app.toml");
  writeFileSync(
    file,
    `name = "Test App"\nclient_id = "client-id"\napplication_url = "https://example.com"\nembedded = true\n` +
      `[access_scopes]\nscopes = "${scopes}"\n${more}\n`,
  );
  return file;
}

/** Starts a shop in dollars with a product of two variants and one customer, the app installed with these scopes. */
export async function startTestShop(
  scopes = ALL_SCOPES,
  more: { plan?: ShopState["plan"]; toml?: string; appUrl?: string } = {},
): Promise<TestShop> {
  const world = createWorld();
  const shop = done(createShop(world, { domain: SHOP, currency: "USD", plan: more.plan ?? "plus" }));
  const product = done(
    createProduct(world, shop, {
      title: "Tea",
      productType: "Drinks",
      vendor: "Leaf",
      variants: [
        { title: "Small", priceMinor: 1000, unitCostMinor: 400 },
        { title: "Large", priceMinor: 2550 },
      ],
    }),
  );
  const customer = done(createCustomer(world, shop, { firstName: "Ada", email: "ada@example.com" }));
  const devstore = await startDevstore({
    port: 0,
    world,
    apps: [
      { ...CLIENT, appUrl: more.appUrl ?? "http://localhost:1", tomlPath: writeToml(scopes, more.toml) },
    ],
  });
  devstore.install(SHOP);
  let token: Promise<string> | undefined;
  const getToken = () => (token ??= exchange(devstore));
  return {
    devstore,
    world,
    shop,
    product,
    customer,
    order: (input = {}) => {
      const [variantId = 0] = product.variantIds;
      return done(
        createOrder(world, shop, { lines: [{ variantId, quantity: 2 }], payment: "paid", ...input }),
      );
    },
    token: getToken,
    ask: async (query, variables = {}, version = "2026-07") => {
      const response = await fetch(`${devstore.url}/admin/api/${version}/graphql.json`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Shopify-Shop": SHOP,
          "X-Shopify-Access-Token": await getToken(),
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
  };
}

/** A token request as the app sends it. */
export async function requestToken(devstore: Devstore, fields: Record<string, string>): Promise<Response> {
  return fetch(`${devstore.url}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Shopify-Shop": SHOP },
    body: JSON.stringify({
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
      ...fields,
    }),
  });
}

export const EXCHANGE = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
};

async function exchange(devstore: Devstore): Promise<string> {
  const response = await requestToken(devstore, {
    ...EXCHANGE,
    subject_token: devstore.sessionToken(SHOP),
    expiring: "1",
  });
  const body = (await response.json()) as { access_token: string };
  if (!response.ok) throw new Error(JSON.stringify(body));
  return body.access_token;
}
