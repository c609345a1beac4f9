/**
 * Makes what is derived and not committed: both Prisma clients, the types of every Admin API operation from Shopify's own
 * schema, and which of Shopify's APIs each module of a UI extension sees. Leaves alone what is already made from the same sources.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generate, type CodegenConfig } from "@graphql-codegen/cli";
import { ApiType, pluckConfig, preset } from "@shopify/api-codegen-preset";
import { writeExtensionTypes } from "./extension-types.ts";
import { introspection } from "./shopify-schema.ts";

type ConfiguredOutput = Exclude<CodegenConfig["generates"][string], readonly unknown[]>;
type CodegenPreset = NonNullable<ConfiguredOutput["preset"]>;

process.chdir(path.resolve(import.meta.dirname, ".."));
mkdirSync(".cache", { recursive: true });

/** Shopify's own scalars arrive as strings: amounts and 64-bit counts too, because JSON numbers would lose digits. */
const SCALARS = Object.fromEntries(
  ["Date", "DateTime", "Decimal", "Money", "URL", "UnsignedInt64"].map((name) => [name, "string"]),
);

/** Typed against its own copy of graphql, of the same major version. */
const adminPreset = preset as unknown as CodegenPreset;

async function make(name: string, sources: string[], output: string, work: () => void | Promise<void>) {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(file).update(readFileSync(file));
  const digest = hash.digest("hex");
  const stamp = path.join(".cache", `${name}.sha256`);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  await work();
  writeFileSync(stamp, digest);
}

for (const [provider, url] of [
  ["sqlite", "file:unused.db"],
  ["postgresql", "postgresql://unused"],
] as const) {
  const sources = [
    "prisma/models.prisma",
    "prisma.config.ts",
    "package.json",
    `prisma/${provider}/schema.prisma`,
  ];
  await make(`prisma-${provider}`, sources, `app/db/generated/${provider}/client.ts`, () => {
    const env = { ...process.env, DATABASE_URL: url };
    execFileSync("node_modules/.bin/prisma", ["generate"], { env, stdio: ["ignore", "ignore", "inherit"] });
  });
}

const operations = globSync("app/shopify/**/*.ts")
  .filter((file) => !file.includes("generated") && !file.endsWith(".test.ts"))
  .sort();
const sources = [...operations, "scripts/shopify-schema.ts", "scripts/generate.ts"];
await make("operations", sources, "app/shopify/generated/admin.generated.d.ts", async () => {
  const schema = ".cache/admin-introspection.json";
  writeFileSync(schema, JSON.stringify(introspection("2026-07")));
  await generate(
    {
      silent: true,
      schema,
      documents: operations,
      pluckConfig: pluckConfig as object,
      generates: {
        "app/shopify/generated/admin.types.d.ts": {
          plugins: ["typescript"],
          config: { scalars: SCALARS, enumsAsTypes: true },
        },
        "app/shopify/generated/admin.generated.d.ts": {
          preset: adminPreset,
          presetConfig: { apiType: ApiType.Admin },
        },
      },
    },
    true,
  );
});

writeExtensionTypes(".");
