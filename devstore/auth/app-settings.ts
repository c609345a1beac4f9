/** What the local Shopify knows of an app: its credentials as given, and what its shopify.app.toml declares. */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";
import { isMetafieldType } from "../admin-api/mutations/metafield-values.ts";

export interface AppOptions {
  clientId: string;
  clientSecret: string;
  /** Where the app runs now; it takes the place of the toml's application_url and of its origin in other addresses. */
  appUrl: string;
  tomlPath: string;
}

/** An app-owned metafield definition, as the toml declares it under `[customer.metafields.app.points]`. */
export interface MetafieldDefinition {
  /** As in global ids: Customer, Product. */
  ownerType: string;
  key: string;
  type: string;
  name: string;
  admin: "merchant_read" | "merchant_read_write";
  storefront: "none" | "public_read";
  /** What the Customer Account API lets be seen. */
  customerAccount: "none" | "read" | "read_write";
}

export interface AppSettings extends AppOptions {
  numericId: number;
  title: string;
  handle: string;
  scopes: readonly string[];
  optionalScopes: readonly string[];
  proxy: { url: string; prefix: string; subpath: string } | null;
  metafieldDefinitions: readonly MetafieldDefinition[];
}

/** Dotted keys of the toml are objects; what Shopify does not know is refused. */
const definition = z.strictObject({
  type: z.string(),
  name: z.string(),
  description: z.string().optional(),
  access: z
    .strictObject({
      admin: z.enum(["merchant_read", "merchant_read_write"]).default("merchant_read"),
      storefront: z.enum(["none", "public_read"]).default("none"),
      customer_account: z.enum(["none", "read", "read_write"]).default("none"),
    })
    .prefault({}),
});
const definitions = z
  .object({
    metafields: z.strictObject({ app: z.record(z.string().regex(/^[\w-]{2,64}$/), definition) }).optional(),
  })
  .optional();

/** Owners that are modelled here, as the toml and as global ids call them. */
const OWNERS = {
  customer: "Customer",
  order: "Order",
  product: "Product",
  variant: "ProductVariant",
  shop: "Shop",
} as const;

const file = z.object({
  name: z.string().default("App"),
  handle: z.string().optional(),
  application_url: z.string().optional(),
  access_scopes: z
    .object({ scopes: z.string().default(""), optional_scopes: z.array(z.string()).default([]) })
    .default({ scopes: "", optional_scopes: [] }),
  app_proxy: z.object({ url: z.string(), prefix: z.string(), subpath: z.string() }).optional(),
  customer: definitions,
  order: definitions,
  product: definitions,
  variant: definitions,
  shop: definitions,
});

const list = (scopes: string) =>
  scopes
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean);

const kebab = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

function definitionsOf(toml: z.infer<typeof file>): MetafieldDefinition[] {
  return (Object.keys(OWNERS) as (keyof typeof OWNERS)[]).flatMap((owner) =>
    Object.entries(toml[owner]?.metafields?.app ?? {}).map(([key, { type, name, access }]) => {
      if (!isMetafieldType(type)) throw new Error(`${owner}.metafields.app.${key}: ${type} is no type`);
      const { admin, storefront, customer_account: customerAccount } = access;
      return { ownerType: OWNERS[owner], key, type, name, admin, storefront, customerAccount };
    }),
  );
}

/** Reads an app's toml; `index` tells several apps apart. */
export function readAppSettings(options: AppOptions, index: number): AppSettings {
  const toml = file.parse(parse(readFileSync(options.tomlPath, "utf8")));
  return {
    ...options,
    numericId: 1_000_001 + index,
    title: toml.name,
    handle: toml.handle ?? kebab(toml.name),
    scopes: list(toml.access_scopes.scopes),
    optionalScopes: toml.access_scopes.optional_scopes,
    proxy: toml.app_proxy ? { ...toml.app_proxy, url: atApp(toml.app_proxy.url, options.appUrl) } : null,
    metafieldDefinitions: definitionsOf(toml),
  };
}

/** The same path at the address where the app runs now. */
function atApp(url: string, appUrl: string): string {
  const { pathname } = new URL(url, "https://app.invalid");
  return new URL(pathname, appUrl).href;
}
