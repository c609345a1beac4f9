/**
 * `npm run demo`: the main job from end to end. A local Shopify with a shop in it, the app beside it, installed as a
 * merchant installs it (the admin shell opens it), synced through the Admin API, and the report from the app's database.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { openDatabase, type Database } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { syncStatus } from "../app/db/queries/sync-status.server.ts";
import { findShop } from "../app/db/stores/shops.server.ts";
import { reportShop } from "../app/services/metrics/report-shop.server.ts";
import { buildApp } from "./build-app.ts";
import { buildExtensions } from "./build-extensions.ts";
import { demandFreePort, lastLines, startChild, type Child } from "./demo/children.ts";
import { meter, reportText, say, step } from "./demo/display.ts";
import {
  clearDemo,
  DEFAULT_SOURCE,
  demoDatabaseUrl,
  demoFiles,
  describeSource,
  isSameSource,
  newDemoState,
  readDemoState,
  sourceAskedFor,
  takeFolder,
  writeDemoState,
  type DemoState,
} from "./demo/folder.ts";
import { openAppInAdmin } from "./demo/merchant.ts";
import { CannotRun, parseOptions, USAGE, type DemoOptions } from "./demo/options.ts";
import { makeShop, pastOf } from "./demo/shop.ts";

const TOML = "shopify.app.toml";

/** Rejects when the demo is asked to end, so that whatever it waits for ends too. */
class Asked extends Error {}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) return say(USAGE);
  const stopping = new AbortController();
  const asked = whenAsked(stopping);
  const freeFolder = takeFolder();
  const children: Child[] = [];
  try {
    await Promise.race([asked, run(options, children, stopping.signal)]);
    if (!options.once) await Promise.race([asked, ...children.map(reportDeath)]);
  } catch (error) {
    if (!(error instanceof Asked)) throw error;
    say("\nStopping ...");
  } finally {
    // The app first: it talks to the local Shopify until its last job has ended.
    for (const child of children.reverse()) await child.stop();
    freeFolder();
  }
}

function whenAsked(stopping: AbortController): Promise<never> {
  const asked = new Promise<never>((_, reject) => {
    let times = 0;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        times += 1;
        reject(new Asked());
        stopping.abort();
        if (times === 2) say("Waiting for the servers to end; once more ends at once.");
        if (times > 2) process.exit(1);
      });
    }
  });
  // Nobody may be waiting yet when the signal comes.
  asked.catch(() => undefined);
  return asked;
}

async function reportDeath(child: Child): Promise<never> {
  await child.ended;
  throw new CannotRun(`${child.name} has ended unexpectedly; its log is in ${demoFiles.folder}.`);
}

async function run(options: DemoOptions, children: Child[], signal: AbortSignal): Promise<void> {
  await demandFreePort(options.port, "--port");
  await demandFreePort(options.appPort, "--app-port");
  const state = await prepareShop(options);
  await step("Building the app", buildApp, (built) => (built ? "Built the app" : "The app is built"));
  await step(
    "Building the extensions",
    () => buildExtensions(demoFiles.root),
    () => "Built the extensions",
  );
  await migrateDatabase(demoDatabaseUrl);

  const app = declaredApp();
  const shopifyUrl = `http://localhost:${options.port}`;
  const appUrl = `http://localhost:${options.appPort}`;
  await step(
    "Starting the local Shopify",
    async () => void children.push(await startShopify(options, state, appUrl)),
    () => `The local Shopify listens on ${shopifyUrl}`,
  );
  await step(
    "Starting the app",
    async () => void children.push(await startApp(options, state, shopifyUrl, appUrl)),
    () => `The app listens on ${appUrl}`,
  );
  const admin = await step(
    "Opening the app in the shop's admin",
    () => openAppInAdmin(shopifyUrl, app.handle, state.shopDomain),
    () => `Installed the app in ${state.shopDomain}`,
  );

  const db = await openDatabase(demoDatabaseUrl);
  try {
    const shopId = await awaitSync(db, state.shopDomain, signal);
    say(`\n${reportText(await reportShop(demoDatabaseUrl, shopId))}\n`);
  } finally {
    await db.close();
  }
  say(`  The app in the shop's admin  ${admin}`);
  say(`  The shop's online store      ${storeAddress(shopifyUrl, state.shopDomain)}`);
  say(`  Control of the local Shopify ${shopifyUrl}/_control`);
  say(`  Logs and database            ${path.relative(process.cwd(), demoFiles.folder)}`);
  if (!options.once)
    say("\n  npm run report -- --json prints the figures again. Ctrl-C stops and keeps everything.");
}

/** Browsers take *.localhost for this machine. */
function storeAddress(shopifyUrl: string, shopDomain: string): string {
  const { port } = new URL(shopifyUrl);
  return `http://${shopDomain.replace(/\.myshopify\.com$/, "")}.localhost:${port}`;
}

/** The shop of the last run, or a new one. */
async function prepareShop(options: DemoOptions): Promise<DemoState> {
  const asked = await sourceAskedFor(options);
  const kept = options.reset ? null : readDemoState();
  if (kept) {
    if (asked && !isSameSource(asked, kept.source)) {
      throw new CannotRun(
        `The demo's shop is another one (${describeSource(kept.source)}): pass --reset to replace it with ${describeSource(asked)}.`,
      );
    }
    say(`  Keeping the shop of the last run (${describeSource(kept.source)})`);
    return kept;
  }
  const state = newDemoState(asked ?? DEFAULT_SOURCE);
  const past = await pastOf(state.source, options.data);
  clearDemo();
  await makeShop(state.shopDomain, past);
  writeDemoState(state);
  return state;
}

function startShopify(options: DemoOptions, state: DemoState, appUrl: string): Promise<Child> {
  return startChild({
    name: "The local Shopify",
    program: "devstore/main.ts",
    args: [
      "--port",
      String(options.port),
      "--world",
      demoFiles.world,
      "--shop",
      state.shopDomain,
      "--app",
      TOML,
      "--app-url",
      appUrl,
      "--client-id",
      state.clientId,
    ],
    env: { SHOPIFY_API_SECRET: state.clientSecret },
    log: demoFiles.shopifyLog,
    readyUrl: `http://localhost:${options.port}/_control`,
  });
}

function startApp(
  options: DemoOptions,
  state: DemoState,
  shopifyUrl: string,
  appUrl: string,
): Promise<Child> {
  return startChild({
    name: "The app",
    program: "server.ts",
    args: [],
    env: {
      NODE_ENV: "production",
      PORT: String(options.appPort),
      DATABASE_URL: demoDatabaseUrl,
      SHOPIFY_API_KEY: state.clientId,
      SHOPIFY_API_SECRET: state.clientSecret,
      SHOPIFY_APP_URL: appUrl,
      SCOPES: declaredApp().scopes,
      ENCRYPTION_KEYS: state.encryptionKeys,
      DEMO_SHOPIFY_ORIGIN: shopifyUrl,
      PERENNIAL_ROLES: "web,worker",
    },
    log: demoFiles.appLog,
    readyUrl: `${appUrl}/readyz`,
  });
}

const toml = z.object({ handle: z.string(), access_scopes: z.object({ scopes: z.string() }) });

/** What the app declares to Shopify. */
function declaredApp(): { handle: string; scopes: string } {
  const file = readFileSync(path.join(demoFiles.root, TOML), "utf8");
  const { handle, access_scopes } = toml.parse(parseToml(file));
  return { handle, scopes: access_scopes.scopes };
}

const POLL_MS = 200;

/** Follows the sync in the app's database until it is complete. */
async function awaitSync(db: Database, domain: string, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const line = meter();
  for (; ; await delay(POLL_MS, undefined, { signal })) {
    const shop = await findShop(db, domain);
    const status = shop && (await syncStatus(db, shop.id));
    if (!status) continue;
    const { phase, ordersApplied, ordersExpected, error } = status;
    if (phase === "failed") {
      line.end();
      throw new CannotRun(
        `The sync failed: ${error ?? "unknown"}. The app's log ends with:\n${lastLines(demoFiles.appLog)}`,
      );
    }
    if (phase === "complete") {
      line.end();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      say(`  Synced ${ordersApplied.toLocaleString("en")} orders (${seconds} s)`);
      return shop.id;
    }
    if (ordersExpected === 0) continue;
    const [applied, expected] = [ordersApplied, ordersExpected].map((count) => count.toLocaleString("en"));
    line.show(`${applied} of ${expected} orders synced`, ordersApplied / ordersExpected);
  }
}

// Whoever reads along may leave (a pipe to head): the servers are still to be stopped in order.
process.stdout.on("error", () => undefined);

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof CannotRun ? error.message : error);
    process.exit(1);
  },
);
