/**
 * How fast a whole history arrives: a local Shopify with generated orders, the app's own sync from install to complete,
 * its peak memory, and the floor of the same run: the same results read and mapped the same way, the same rows, written
 * by the driver's fastest idempotent write. A first sync is not counted: during it the local Shopify works out its bulk results on
 * the app's own cores, which Shopify does elsewhere; afterwards they are only handed out, by a small process of their own.
 * `npm run bench -- sync [--orders 100000,1000000] [--database sqlite|postgresql]`.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { startLocalPostgres, type LocalPostgres } from "../scripts/local-postgres.ts";
import { PRODUCTION_FLAGS } from "../scripts/production-flags.ts";
import type { FloorResult, ServedShop, SyncResult } from "./sync/messages.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    orders: { type: "string", default: "100000,1000000" },
    database: { type: "string", default: "sqlite,postgresql" },
  },
});
const sizes = options.orders.split(",").map(Number);
const databases = options.database.split(",");

const results: Result[] = [];

function record(result: Result): void {
  results.push(result);
  const floor = result.floor === null ? "" : `, floor ${result.floor}, ratio ${result.ratio}`;
  console.log(`${result.case}: ${result.value} ${result.unit}${floor}`);
}

function startChild(
  program: string,
  env: Record<string, string>,
  execArgv: readonly string[] = [],
): ChildProcess {
  return fork(path.join(import.meta.dirname, "sync", program), {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** The child's first message; a child that ends without one has failed. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the benchmark's ${child.spawnfile} ended with ${String(code)}`);
  });
  const [answer] = (await Promise.race([once(child, "message"), ended])) as [T];
  return answer;
}

async function run<T>(program: string, env: Record<string, string>): Promise<T> {
  const child = startChild(program, env, PRODUCTION_FLAGS);
  const answer = await answerOf<T>(child);
  if (child.exitCode === null) await once(child, "exit");
  return answer;
}

const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

const environment = (url: string, { env, domain, token }: ServedShop) => ({
  ...env,
  DATABASE_URL: url,
  SHOP_DOMAIN: domain,
  SHOP_TOKEN: token,
});

async function sync(orders: number, url: string, shop: ServedShop): Promise<SyncResult> {
  await migrateDatabase(url);
  const result = await run<SyncResult>("sync-shop.ts", environment(url, shop));
  if (result.orders !== orders) throw new Error(`${result.orders} of ${orders} orders arrived`);
  return result;
}

async function measure(orders: number, database: string, url: string, shop: ServedShop): Promise<void> {
  const synced = await sync(orders, url, shop);
  const floor = await run<FloorResult>("write-floor.ts", {
    ...environment(url, shop),
    FLOOR_URL: `${url}${database === "sqlite" ? ".floor" : "_floor"}`,
  });
  if (floor.rows !== synced.rows)
    throw new Error(`the floor wrote ${floor.rows} rows and the sync ${synced.rows}`);
  const name = `${orders} orders, ${database}`;
  record({
    case: `${name}: sync`,
    value: rounded(synced.seconds),
    unit: "s",
    floor: rounded(floor.seconds),
    ratio: rounded(synced.seconds / floor.seconds),
  });
  record({
    case: `${name}: rate`,
    value: Math.round(orders / synced.seconds),
    unit: "orders/s",
    floor: null,
    ratio: null,
  });
  record({
    case: `${name}: peak memory`,
    value: Math.round(synced.peakBytes / 2 ** 20),
    unit: "MiB",
    floor: null,
    ratio: null,
  });
  if (synced.longTransactions === null) return;
  record({
    case: `${name}: transactions over 50 ms`,
    value: rounded(100 * synced.longTransactions),
    unit: "%",
    floor: null,
    ratio: null,
  });
}

/** What of it the disk has not taken yet would be written beside what is measured next. */
function removeDatabase(file: string): void {
  for (const part of ["", "-wal", "-shm"]) rmSync(`${file}${part}`, { force: true });
}

const folder = mkdtempSync(path.join(tmpdir(), "perennial-bench-sync-"));
let postgres: LocalPostgres | undefined;
try {
  for (const orders of sizes) {
    const shopify = startChild("serve-shop.ts", { ORDERS: String(orders) }, ["--max-old-space-size=16000"]);
    try {
      const shop = await answerOf<ServedShop>(shopify);
      const firstFile = path.join(folder, `${orders}-first.db`);
      const first = await sync(orders, `file:${firstFile}`, shop);
      removeDatabase(firstFile);
      record({
        case: `${orders} orders: first sync, the local Shopify's own work beside it`,
        value: rounded(first.seconds),
        unit: "s",
        floor: null,
        ratio: null,
      });
      for (const database of databases) {
        if (database === "sqlite") {
          const file = path.join(folder, `${orders}.db`);
          await measure(orders, database, `file:${file}`, shop);
          removeDatabase(file);
          removeDatabase(`${file}.floor`);
        } else {
          postgres ??= await startLocalPostgres({ durable: true });
          const url = await postgres.create(`sync_${orders}`);
          await postgres.create(`sync_${orders}_floor`);
          await measure(orders, database, url, shop);
        }
      }
    } finally {
      shopify.kill();
    }
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ name: "sync", results }));
