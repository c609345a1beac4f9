/**
 * Shopify's own GraphQL schemas (admin, shoppers' two, discount and validation functions), from a pinned npm tarball: fetched once, checked against its integrity hash, and
 * kept in a folder that git ignores. Only the tarball is taken; installing the package would bring 300 others.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

const PACKAGE = "@shopify/dev-mcp@1.16.0";
const INTEGRITY =
  "sha512-tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==";

/** The version that Perennial speaks, and the next one, against which every operation is checked as well. */
export const ADMIN_API_VERSIONS = ["2026-07", "2026-10"] as const;
export type AdminApiVersion = (typeof ADMIN_API_VERSIONS)[number];

/** What shoppers' own pages ask: the Customer Account API and the Storefront API, in the version of the extensions. */
export const SHOPPER_SCHEMAS = ["customer_2026-07", "storefront-graphql_2026-07"] as const;
export type ShopperSchema = (typeof SHOPPER_SCHEMAS)[number];

/** What the discount function is asked and answers, at the version that its toml names. */
const DISCOUNT_FUNCTION = "functions_discount_2026-07";
/** The same of the function that says who may buy. */
const VALIDATION_FUNCTION = "functions_cart_checkout_validation_2026-07";

type SchemaName =
  `admin_${AdminApiVersion}` | ShopperSchema | typeof DISCOUNT_FUNCTION | typeof VALIDATION_FUNCTION;

const NAMES: readonly SchemaName[] = [
  ...ADMIN_API_VERSIONS.map((version) => `admin_${version}` as const),
  ...SHOPPER_SCHEMAS,
  DISCOUNT_FUNCTION,
  VALIDATION_FUNCTION,
];

const root = path.resolve(import.meta.dirname, "..");
const cache = path.join(root, ".cache", "shopify-schema");

/** What access a type or field needs, in Shopify's own words. */
export interface ScopeRequirement {
  type: string;
  typeName: string;
  fieldName?: string;
  requiredAccess: string;
  /** The simple scopes of an offline token, any one of which is enough. */
  offlineScopes?: string[];
}

interface SchemaFile {
  data: IntrospectionQuery;
  /** In the Admin API's only. */
  offline_scopes?: { items: ScopeRequirement[] };
}

function fileOf(name: SchemaName): string {
  return path.join(cache, `${name}.json.gz`);
}

/** Makes sure that the schema files are in the cache. Throws a sentence that says what to do where the registry is out of reach. */
export function ensureSchemas(): void {
  if (NAMES.every((name) => existsSync(fileOf(name)))) return;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), "shopify-schema-"));
  try {
    try {
      execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder], {
        stdio: ["ignore", "pipe", "pipe"],
      });
    } catch (error) {
      throw new Error(`Could not fetch ${PACKAGE} from the npm registry; it is needed once.`, {
        cause: error,
      });
    }
    const tarball = path.join(folder, `${PACKAGE.slice(1).replace("/", "-").replace("@", "-")}.tgz`);
    const digest = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    if (digest !== INTEGRITY) throw new Error(`${PACKAGE} does not match its integrity hash.`);
    const members = NAMES.map((name) => `package/dist/data/${name}.json.gz`);
    execFileSync("tar", ["-xzf", tarball, "-C", folder, ...members]);
    for (const name of NAMES) {
      const part = `${fileOf(name)}.${process.pid}`;
      execFileSync("cp", [path.join(folder, `package/dist/data/${name}.json.gz`), part]);
      renameSync(part, fileOf(name));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(name: SchemaName): SchemaFile {
  ensureSchemas();
  return JSON.parse(gunzipSync(readFileSync(fileOf(name))).toString("utf8")) as SchemaFile;
}

/** The executable schema of a version (about 0.3 s), with the access each type and field needs. */
export function loadSchema(version: AdminApiVersion): { schema: GraphQLSchema; scopes: ScopeRequirement[] } {
  const file = read(`admin_${version}`);
  const scopes = file.offline_scopes?.items ?? [];
  return { schema: buildClientSchema(file.data, { assumeValid: true }), scopes };
}

export function loadShopperSchema(name: ShopperSchema): GraphQLSchema {
  return buildClientSchema(read(name).data, { assumeValid: true });
}

/** The introspection result of a version, for the code generator. */
export function introspection(version: AdminApiVersion): IntrospectionQuery {
  return read(`admin_${version}`).data;
}

export function validationFunctionSchema(): GraphQLSchema {
  return buildClientSchema(read(VALIDATION_FUNCTION).data, { assumeValid: true });
}

export function discountFunctionSchema(): GraphQLSchema {
  return buildClientSchema(read(DISCOUNT_FUNCTION).data, { assumeValid: true });
}
