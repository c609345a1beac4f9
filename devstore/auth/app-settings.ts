/** What the local Shopify knows of an app: its credentials as given, and what its shopify.app.toml declares. */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";

export interface AppOptions {
  clientId: string;
  clientSecret: string;
  /** Where the app runs now; it takes the place of the toml's application_url and of its origin in other addresses. */
  appUrl: string;
  tomlPath: string;
}

export interface AppSettings extends AppOptions {
  numericId: number;
  title: string;
  handle: string;
  scopes: readonly string[];
  optionalScopes: readonly string[];
  proxy: { url: string; prefix: string; subpath: string } | null;
}

const file = z.object({
  name: z.string().default("App"),
  handle: z.string().optional(),
  application_url: z.string().optional(),
  access_scopes: z
    .object({ scopes: z.string().default(""), optional_scopes: z.array(z.string()).default([]) })
    .default({ scopes: "", optional_scopes: [] }),
  app_proxy: z.object({ url: z.string(), prefix: z.string(), subpath: z.string() }).optional(),
});

const list = (scopes: string) =>
  scopes
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean);

const kebab = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

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
  };
}

/** The same path at the address where the app runs now. */
function atApp(url: string, appUrl: string): string {
  const { pathname } = new URL(url, "https://app.invalid");
  return new URL(pathname, appUrl).href;
}
