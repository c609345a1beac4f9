/**
 * How long each page's loader takes, from request to the last byte of its data, streamed parts included: really signed requests at
 * the built server, as the browser makes them when a merchant goes from page to page. The floor, in the same rounds, is a request that
 * only authenticates (the loader of the frame around all pages).
 *
 * Warm: one merchant, one request at a time, after a first round that is not counted. Cold: the first request to a new process, so that
 * nothing is cached but what the operating system keeps of the database; few samples, and p99 is the slowest of them.
 * Customers' names come from the local Shopify, which is nearer than Shopify.
 *
 * `npm run bench -- pages [--orders 20000,1000000] [--samples 200] [--cold 5] [--database sqlite,postgresql] [--kept FOLDER]`; in
 * the folder filled SQLite databases are kept for later runs of the same day.
 *
 * With `--while sync,recompute` it measures the pages of a resting shop, and the delay of the server's event loop, at rest and while the
 * same process (web and worker, as by default) syncs another shop of `--busy` orders or counts all of that shop's days and
 * figures anew; the floor is the same figure at rest, before and after, in the same run. The local Shopify, which then works for the sync
 * and stands for machines elsewhere, shares the cores with the app: meanwhile it runs at the niceness of the app's own background work.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { jobCounts } from "../app/db/queries/dead-jobs.server.ts";
import { enqueue } from "../app/db/stores/jobs.server.ts";
import { changeShop, findShop } from "../app/db/stores/shops.server.ts";
import { loadSyncState } from "../app/db/stores/sync-state.server.ts";
import type { Database } from "../app/db/types.ts";
import { mintSessionToken } from "../devstore/auth/session-token.ts";
import { buildApp } from "../scripts/build-app.ts";
import { startLocalPostgres, type LocalPostgres } from "../scripts/local-postgres.ts";
import { appPages } from "../tests/support/app-pages.ts";
import { USER_AGENT } from "../tests/support/browser.ts";
import { customerId, customersOf } from "./pages/bench-orders.ts";
import type { EventLoopDelay, FilledShop, ServedShops } from "./pages/messages.ts";
import { startProgram, startServer, type Program, type Server } from "./pages/programs.ts";
import type { Result } from "./result.ts";
import { freePort } from "../scripts/free-port.ts";

const { values: options } = parseArgs({
  options: {
    orders: { type: "string" },
    samples: { type: "string", default: "200" },
    cold: { type: "string", default: "5" },
    database: { type: "string", default: "sqlite" },
    while: { type: "string", default: "" },
    busy: { type: "string", default: "1000000" },
    kept: { type: "string" },
  },
});
const busyWith = options.while.split(",").filter(Boolean);
const sizes = (options.orders ?? (busyWith.length > 0 ? "20000" : "20000,1000000")).split(",").map(Number);
const samples = Number(options.samples);
const coldSamples = Number(options.cold);
const busyOrders = Number(options.busy);

const RESTING = "bench.myshopify.com";
const BUSY = "busy.myshopify.com";
const CLIENT = { clientId: "bench-client", clientSecret: "bench-secret" };
const TOKEN = "shpat_bench";
/** That of the app's own background work. */
const WORKERS_NICENESS = 10;

const results: Result[] = [];

function record(name: string, value: number, floor: number | null, unit = "ms"): void {
  const rounded = (number: number) => Number(number.toFixed(2));
  const result: Result = {
    case: name,
    value: rounded(value),
    unit,
    floor: floor === null ? null : rounded(floor),
    ratio: floor === null ? null : rounded(value / floor),
  };
  results.push(result);
  const beside = floor === null ? "" : `, floor ${result.floor}, ratio ${result.ratio}`;
  console.log(`${name}: ${result.value} ${unit}${beside}`);
}

/** By nearest rank. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** A request for one loader's data; `address` may differ from one time to the next. */
interface Question {
  name: string;
  shop: string;
  address(turn: number): string;
}

const EMPTY: Question = {
  name: "empty loader",
  shop: RESTING,
  address: () => "/app.data?_routes=routes%2Fapp",
};

/** Every page; one customer is another one each time. */
function questionsOf(shop: string, orders: number): Question[] {
  const buyers = customersOf(orders);
  return appPages().map(({ name, routeId, address }) => ({
    name,
    shop,
    address: (turn) => {
      const customer = customerId(Math.floor(((turn * 0.618) % 1) * buyers));
      return `${address({ customerId: customer })}.data?_routes=${encodeURIComponent(routeId)}`;
    },
  }));
}

/** Milliseconds to the last byte. */
async function ask(server: Server, question: Question, turn: number): Promise<number> {
  const token = mintSessionToken(CLIENT, question.shop, 1);
  const address = server.address + question.address(turn);
  const startedAt = performance.now();
  const answer = await fetch(address, {
    headers: { Authorization: `Bearer ${token}`, "User-Agent": USER_AGENT },
    redirect: "manual",
  });
  const text = await answer.text();
  const ms = performance.now() - startedAt;
  // 202: the page sends whoever asks on to another one.
  if (answer.status !== 200 && answer.status !== 202)
    throw new Error(`${question.name} answered ${answer.status}: ${text.slice(0, 500)}`);
  return ms;
}

type Times = Map<string, number[]>;

function note(times: Times, { name }: Question, ms: number): void {
  const known = times.get(name);
  if (known) known.push(ms);
  else times.set(name, [ms]);
}

/** Asks all in turn, so that whatever slows the machine slows all of them; until `enough` says so. */
async function askInRounds(
  server: Server,
  questions: readonly Question[],
  times: Times,
  enough: (rounds: number) => boolean,
): Promise<void> {
  for (let round = 0; !enough(round); round++) {
    for (const question of questions) note(times, question, await ask(server, question, round));
  }
}

function recordTimes(label: string, times: Times, floors: Times, floorOf: (name: string) => string): void {
  for (const [name, values] of times) {
    for (const [stat, share] of [
      ["p50", 0.5],
      ["p99", 0.99],
    ] as const) {
      const floor = floors.get(floorOf(name));
      const isFloor = floor === values;
      record(
        `${label}, ${name}: ${stat}`,
        percentile(values, share),
        floor && !isFloor ? percentile(floor, share) : null,
      );
    }
  }
}

/**
 * Times of all pages together, each over its page's own median at rest: of one page alone the slowest of a hundred would be chance. Without the
 * busy shop's own, which has none.
 */
function inMedians(times: Times, rest: Times): number[] {
  return [...times].flatMap(([name, values]) => {
    const atRest = rest.get(name);
    if (!atRest) return [];
    const median = percentile(atRest, 0.5);
    return values.map((ms) => ms / median);
  });
}

/** What the app's processes are told; the local Shopify is told the same. */
async function environment(databaseUrl: string) {
  const port = await freePort();
  return {
    NODE_ENV: "production",
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: CLIENT.clientId,
    SHOPIFY_API_SECRET: CLIENT.clientSecret,
    SHOPIFY_APP_URL: `http://localhost:${port}`,
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 3).toString("base64")}`,
    PERENNIAL_NO_CRON: "1",
    LOG_LEVEL: "warn",
  };
}

type Environment = Awaited<ReturnType<typeof environment>>;

async function fill(env: Environment, shop: string, orders: number): Promise<void> {
  const filling = await startProgram<FilledShop>("benchmarks/pages/fill-shop.ts", {
    ...env,
    SHOP_DOMAIN: shop,
    SHOP_TOKEN: TOKEN,
    ORDERS: String(orders),
  });
  console.log(`filled ${shop} with ${orders} orders in ${filling.line.seconds.toFixed(1)} s`);
  await filling.stop();
}

function startShopify(
  env: Environment,
  orders: number,
  busy = 0,
  niceness = 0,
): Promise<Program<ServedShops>> {
  const told = {
    APP_URL: env.SHOPIFY_APP_URL,
    CLIENT_ID: CLIENT.clientId,
    CLIENT_SECRET: CLIENT.clientSecret,
    SHOP_DOMAIN: RESTING,
    SHOP_TOKEN: TOKEN,
    ORDERS: String(orders),
    BUSY_DOMAIN: BUSY,
    BUSY_ORDERS: String(busy),
  };
  return startProgram("benchmarks/pages/serve-shops.ts", told, {
    nodeFlags: ["--max-old-space-size=16000"],
    niceness,
  });
}

type Filling = readonly [shop: string, orders: number][];

/** A database of its own for each measurement. */
async function filledDatabase(database: string, shops: Filling): Promise<Environment> {
  made += 1;
  if (database !== "sqlite") {
    postgres ??= await startLocalPostgres({ durable: true });
    return filled(await postgres.create(`pages_${made}`), shops);
  }
  const file = path.join(folder, `${made}.db`);
  if (!options.kept) return filled(`file:${file}`, shops);
  const day = new Date().toISOString().slice(0, 10);
  const kept = path.resolve(options.kept, `${shops.map((shop) => shop.join("-")).join("-")}-${day}.db`);
  if (!existsSync(kept)) await filled(`file:${kept}`, shops);
  copyFileSync(kept, file);
  return environment(`file:${file}`);
}

async function filled(databaseUrl: string, shops: Filling): Promise<Environment> {
  const env = await environment(databaseUrl);
  await migrateDatabase(databaseUrl);
  for (const [shop, orders] of shops) await fill(env, shop, orders);
  return env;
}

async function measureLoaders(database: string, orders: number): Promise<void> {
  const env = await filledDatabase(database, [[RESTING, orders]]);
  const shopify = await startShopify(env, orders);
  const appEnv = { ...env, DEMO_SHOPIFY_ORIGIN: shopify.line.url };
  const questions = [EMPTY, ...questionsOf(RESTING, orders)];
  try {
    const warm: Times = new Map();
    const server = await startServer(appEnv);
    await askInRounds(server, questions, new Map(), (rounds) => rounds === 1);
    await askInRounds(server, questions, warm, (rounds) => rounds === samples);
    await server.stop();
    recordTimes(`${database}, ${orders} orders, warm`, warm, warm, () => EMPTY.name);

    const cold: Times = new Map();
    for (let sample = 0; sample < coldSamples; sample++) {
      for (const question of questions) {
        const fresh = await startServer(appEnv);
        note(cold, question, await ask(fresh, question, sample));
        await fresh.stop();
      }
    }
    recordTimes(`${database}, ${orders} orders, cold`, cold, cold, () => EMPTY.name);
  } finally {
    await shopify.stop();
  }
}

/** What keeps the server busy beside its pages, until it is done. */
interface Work {
  begin(server: Server): Promise<void>;
  isDone(): Promise<boolean>;
}

const WORKS: Record<string, (db: Database) => Work> = { sync: syncing, recompute: recomputing };

/** A first sync, begun as a merchant begins it: by opening the app. */
function syncing(db: Database): Work {
  return {
    async begin(server) {
      await ask(server, { ...EMPTY, shop: BUSY }, 0);
    },
    async isDone() {
      const shop = await findShop(db, BUSY);
      const state = shop && (await loadSyncState(db, shop.id));
      if (state?.phase === "failed") throw new Error(`the sync failed: ${state.error ?? "unknown"}`);
      return state?.phase === "complete";
    },
  };
}

/** The shop moves to another zone: each of its orders is counted to its day anew, and then all of its figures. */
function recomputing(db: Database): Work {
  const kind = "rebuild-days";
  const timeZone = "Pacific/Auckland";
  const demandShop = async () => {
    const shop = await findShop(db, BUSY);
    if (!shop) throw new Error("the busy shop is missing");
    return shop;
  };
  return {
    async begin() {
      const { id: shopId } = await demandShop();
      await db.write(async (tx) => {
        await changeShop(tx, shopId, { timeZone });
        await enqueue(tx, { shopId, kind, payload: { timeZone }, key: kind });
      });
    },
    async isDone() {
      const { id: shopId } = await demandShop();
      const { ready, delayed, running } = await jobCounts(db, shopId);
      return ready + delayed + running === 0;
    },
  };
}

/** How often an open page looks for news while its shop syncs. */
const LOOK_MS = 2_000;

/** Pages of the resting shop while the other one is worked, whose own Overview somebody watches meanwhile. */
async function askWhile(
  work: Work,
  server: Server,
  questions: readonly Question[],
): Promise<{ times: Times; delay: EventLoopDelay }> {
  const times: Times = new Map();
  const [overview] = questionsOf(BUSY, busyOrders);
  const watched = overview && { ...overview, name: `${overview.name} of the busy shop itself` };
  await work.begin(server);
  server.forgetDelay();
  const state = { done: false };
  const untilDone = async () => {
    while (!(await work.isDone())) await sleep(200);
    state.done = true;
  };
  const watch = async () => {
    for (let look = 0; watched && !state.done; look++) {
      note(times, watched, await ask(server, watched, look));
      await sleep(LOOK_MS);
    }
  };
  await Promise.all([untilDone(), watch(), askInRounds(server, questions, times, () => state.done)]);
  return { times, delay: await server.delay() };
}

async function askAtRest(server: Server, questions: readonly Question[], times: Times) {
  server.forgetDelay();
  await askInRounds(server, questions, times, (rounds) => rounds === samples);
  return server.delay();
}

/**
 * A first sync of the busy shop into a database of its own, not counted: during it the local Shopify works out its bulk results on the
 * app's own cores, which Shopify does elsewhere; afterwards it only hands them out.
 */
async function syncElsewhere(env: Record<string, string>): Promise<void> {
  const url = `file:${path.join(folder, "elsewhere.db")}`;
  await migrateDatabase(url);
  const child = fork(path.join(import.meta.dirname, "sync/sync-shop.ts"), {
    env: { ...process.env, ...env, DATABASE_URL: url, SHOP_DOMAIN: BUSY, SHOP_TOKEN: TOKEN },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the sync elsewhere ended with ${String(code)}`);
}

async function measureWhile(kind: string, database: string, orders: number): Promise<void> {
  const workOf = WORKS[kind];
  if (!workOf) throw new Error(`--while is ${Object.keys(WORKS).join(" or ")}, not ${kind}`);
  const busy: Filling = kind === "recompute" ? [[BUSY, busyOrders]] : [];
  const env = await filledDatabase(database, [[RESTING, orders], ...busy]);
  const shopify = await startShopify(env, orders, kind === "sync" ? busyOrders : 0, WORKERS_NICENESS);
  const appEnv = { ...env, DEMO_SHOPIFY_ORIGIN: shopify.line.url };
  if (kind === "sync") await syncElsewhere(appEnv);
  const db = await openDatabase(env.DATABASE_URL);
  const server = await startServer(appEnv);
  try {
    const questions = [EMPTY, ...questionsOf(RESTING, orders)];
    await askInRounds(server, questions, new Map(), (rounds) => rounds === 3);
    const rest: Times = new Map();
    const before = await askAtRest(server, questions, rest);
    const { times, delay } = await askWhile(workOf(db), server, questions);
    const after = await askAtRest(server, questions, rest);

    const label = `${database}, ${orders} orders, while ${busyOrders} ${kind}`;
    console.log(`${times.get(EMPTY.name)?.length ?? 0} rounds while busy, ${2 * samples} at rest`);
    recordTimes(label, times, rest, (name) => name);
    const [busyShares, restShares] = [inMedians(times, rest), inMedians(rest, rest)];
    for (const share of [0.5, 0.9, 0.99])
      record(
        `${label}, all pages, in medians at rest: p${100 * share}`,
        percentile(busyShares, share),
        percentile(restShares, share),
        "x",
      );
    record(`${label}, event-loop delay: p99`, delay.p99, (before.p99 + after.p99) / 2);
    record(`${label}, event-loop delay: longest`, delay.max, Math.max(before.max, after.max));
    const waitingAtRest = (before.waitingShare + after.waitingShare) / 2;
    record(`${label}, time without a core`, 100 * delay.waitingShare, 100 * waitingAtRest, "%");
    record(`${label}, peak memory of the process`, server.peakMemory(), null, "MiB");
  } finally {
    await server.stop();
    await db.close();
    await shopify.stop();
  }
}

await buildApp();
const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-pages-"));
let postgres: LocalPostgres | undefined;
let made = 0;

try {
  for (const database of options.database.split(",")) {
    for (const orders of sizes) {
      if (busyWith.length === 0) await measureLoaders(database, orders);
      for (const kind of busyWith) await measureWhile(kind, database, orders);
    }
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ name: "pages", results }));
