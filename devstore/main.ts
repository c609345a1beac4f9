/**
 * The local Shopify from the command line, for an app under development:
 * `node devstore/main.ts --app shopify.app.toml --app-url http://localhost:3000 [--port 4000] [--world FILE] [--shop DOMAIN]`.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";
import { z } from "zod";
import { startDevstore } from "./server.ts";
import type { World } from "./state/model.ts";
import { loadWorld } from "./state/persistence.ts";
import { createShop, createWorld } from "./state/world.ts";

const USAGE = `usage: node devstore/main.ts [options]
  --port NUMBER    where to listen (4000)
  --world FILE     where the state is kept; read at the start, written at the end
  --shop DOMAIN    makes this shop where it is missing (demo.myshopify.com)
  --app TOML       the app's shopify.app.toml
  --app-url URL    where the app runs (http://localhost:3000)
  --client-id ID   the app's credentials (the toml's client_id,
  --client-secret SECRET   and SHOPIFY_API_SECRET)`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4000" },
    world: { type: "string" },
    shop: { type: "string", default: "demo.myshopify.com" },
    app: { type: "string", default: "shopify.app.toml" },
    "app-url": { type: "string", default: "http://localhost:3000" },
    "client-id": { type: "string" },
    "client-secret": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  if (!existsSync(values.app)) return stopWith(`There is no file ${values.app} (--app).`);
  const toml = z.object({ client_id: z.string() }).parse(parse(readFileSync(values.app, "utf8")));
  const clientSecret = values["client-secret"] ?? process.env["SHOPIFY_API_SECRET"];
  if (!clientSecret) return stopWith("The app's secret is missing (--client-secret or SHOPIFY_API_SECRET).");
  const world = await openWorld();
  const devstore = await startDevstore({
    port: Number(values.port),
    world,
    apps: [
      {
        clientId: values["client-id"] ?? toml.client_id,
        clientSecret,
        appUrl: values["app-url"],
        tomlPath: values.app,
      },
    ],
    ...(values.world !== undefined && { saveTo: values.world }),
  });
  console.log(`The local Shopify: ${devstore.url}/admin?shop=${values.shop}`);
  const stop = () => void devstore.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

async function openWorld(): Promise<World> {
  const world = values.world && existsSync(values.world) ? await loadWorld(values.world) : createWorld();
  if (!world.shops.has(values.shop)) {
    const made = createShop(world, { domain: values.shop });
    if (!made.ok) throw new Error(made.message);
  }
  return world;
}

function stopWith(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
