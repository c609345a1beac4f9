/**
 * Shopify's own GraphQL schemas, of the Admin API and of discount functions, from a pinned npm tarball: fetched once, checked against its integrity hash, and
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
  offline_scopes?: { items: ScopeRequirement[] };
}

/** What the discount function is asked and answers, at the version that its toml names. */
const DISCOUNT_FUNCTION = "functions_discount_2026-07";

const FILES = [...ADMIN_API_VERSIONS.map((version) => `admin_${version}`), DISCOUNT_FUNCTION];

function fileOf(name: string): string {
  return path.join(cache, `${name}.json.gz`);
}

/** Makes sure that the schema files are in the cache. Throws a sentence that says what to do where the registry is out of reach. */
export function ensureSchemas(): void {
  if (FILES.every((name) => existsSync(fileOf(name)))) return;
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
    const members = FILES.map((name) => `package/dist/data/${name}.json.gz`);
    execFileSync("tar", ["-xzf", tarball, "-C", folder, ...members]);
    for (const name of FILES) {
      const part = `${fileOf(name)}.${process.pid}`;
      execFileSync("cp", [path.join(folder, `package/dist/data/${name}.json.gz`), part]);
      renameSync(part, fileOf(name));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(name: string): SchemaFile {
  ensureSchemas();
  return JSON.parse(gunzipSync(readFileSync(fileOf(name))).toString("utf8")) as SchemaFile;
}

/** The executable schema of a version (about 0.3 s), with the access each type and field needs. */
export function loadSchema(version: AdminApiVersion): { schema: GraphQLSchema; scopes: ScopeRequirement[] } {
  const file = read(`admin_${version}`);
  const scopes = file.offline_scopes?.items ?? [];
  return { schema: buildClientSchema(file.data, { assumeValid: true }), scopes };
}

/** The introspection result of a version, for the code generator. */
export function introspection(version: AdminApiVersion): IntrospectionQuery {
  return read(`admin_${version}`).data;
}

export function discountFunctionSchema(): GraphQLSchema {
  return buildClientSchema(read(DISCOUNT_FUNCTION).data, { assumeValid: true });
}
