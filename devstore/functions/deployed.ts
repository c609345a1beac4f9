/** The Shopify Functions that come with an app: found by their tomls beside its own, and run from source instead of as Wasm. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "smol-toml";
import { z } from "zod";
import type { World } from "../state/model.ts";

export interface DeployedFunction {
  handle: string;
  title: string;
  description: string | null;
  apiVersion: string;
  target: string;
  inputQuery: string;
  run: (input: unknown) => unknown;
}

const file = z.object({
  api_version: z.string(),
  extensions: z.array(
    z.object({
      type: z.string(),
      handle: z.string(),
      name: z.string().optional(),
      description: z.string().optional(),
      targeting: z
        .array(
          z.object({ target: z.string(), input_query: z.string().optional(), export: z.string().optional() }),
        )
        .default([]),
    }),
  ),
});

/** Each function of the app whose toml this is. */
export async function readFunctions(tomlPath: string): Promise<DeployedFunction[]> {
  const found: DeployedFunction[] = [];
  for (const toml of globSync("extensions/*/shopify.extension.toml", { cwd: path.dirname(tomlPath) })) {
    const folder = path.dirname(path.resolve(path.dirname(tomlPath), toml));
    const parsed = file.safeParse(parse(readFileSync(path.join(folder, "shopify.extension.toml"), "utf8")));
    // Themes are written in the older way, without a list.
    if (!parsed.success) continue;
    for (const { type, handle, name, description, targeting } of parsed.data.extensions) {
      const [only] = targeting;
      if (type !== "function" || !only) continue;
      const inputQuery = readFileSync(path.join(folder, only.input_query ?? ""), "utf8");
      const run = await exported(path.join(folder, "src/index.ts"), only.export ?? "");
      const apiVersion = parsed.data.api_version;
      const title = name ?? handle;
      found.push({
        ...{ handle, title, apiVersion, inputQuery, run, target: only.target },
        description: description ?? null,
      });
    }
  }
  return found;
}

/** `cart-lines-discounts-generate-run` is exported as `cartLinesDiscountsGenerateRun`, as Shopify's CLI has it. */
async function exported(source: string, name: string): Promise<DeployedFunction["run"]> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(source).href)) as Record<string, unknown>;
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const run = module[camel];
  if (typeof run !== "function") throw new Error(`${source} exports no ${camel}`);
  return run as DeployedFunction["run"];
}

/** Functions belong to the running apps and not to what is saved of a world. */
const deployed = new WeakMap<World, readonly DeployedFunction[]>();

export function deployFunctions(world: World, functions: readonly DeployedFunction[]): void {
  deployed.set(world, functions);
}

export function functionsOf(world: World): readonly DeployedFunction[] {
  return deployed.get(world) ?? [];
}
