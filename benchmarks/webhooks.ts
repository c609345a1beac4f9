/**
 * How fast webhooks are accepted and worked. Accepted: signed requests at the real server's route, each stored before its 200,
 * against an endpoint that only checks the signature, under the same load in the same run. Drained: from the worker's start until
 * no event waits, against fetching the same orders and saving nothing.
 * `npm run bench -- webhooks [--events 12000] [--orders 2000] [--connections 50] [--database sqlite,postgresql]`.
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import type { Database } from "../app/db/types.ts";
import { buildApp } from "../scripts/build-app.ts";
import type { ServedShop } from "./sync/messages.ts";
import { withServedShop } from "./with-served-shop.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    events: { type: "string", default: "12000" },
    orders: { type: "string", default: "2000" },
    connections: { type: "string", default: "50" },
    database: { type: "string", default: "sqlite,postgresql" },
  },
});
const eventCount = Number(options.events);
const orderCount = Number(options.orders);
const connections = Number(options.connections);
const ROOT = path.resolve(import.meta.dirname, "..");

const results: Result[] = [];

function record(name: string, value: number, unit: string, floor: number | null): void {
  const digits = unit === "ms" ? 1 : 0;
  const rounded = (number: number) => Number(number.toFixed(digits));
  // How many times slower than the floor, of rates and of times alike.
  const ratio = floor === null ? null : Number((unit === "ms" ? value / floor : floor / value).toFixed(2));
  results.push({
    case: name,
    value: rounded(value),
    unit,
    floor: floor === null ? null : rounded(floor),
    ratio,
  });
  console.log(
    `${name}: ${rounded(value)} ${unit}${floor === null ? "" : `, floor ${rounded(floor)}, ratio ${ratio}`}`,
  );
}

interface Started<Line> {
  child: ChildProcess;
  line: Line;
  stop(): Promise<void>;
}

/** Starts a program and waits for the line of JSON by which it says that it is ready. */
async function start<Line>(program: string, env: Record<string, string>): Promise<Started<Line>> {
  const child = spawn(process.execPath, [path.join(ROOT, program)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise<string>((resolve) => {
      lines.on("line", (line) => {
        if (line.startsWith('{"ready":')) resolve(line);
      });
    }),
    ended.then(([code]) => Promise.reject(new Error(`${program} ended with ${String(code)}`))),
  ]);
  return {
    child,
    line: JSON.parse(first) as Line,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

/** About what Shopify sends for an order of three lines. */
function payloadOf(orderId: number): string {
  const line = { name: "x".repeat(60), price: "10.00", quantity: 1, properties: [], tax_lines: [] };
  const lines = Array.from({ length: 3 }, (_, index) => ({
    id: orderId + index,
    ...line,
    note: "y".repeat(900),
  }));
  return JSON.stringify({
    id: orderId,
    admin_graphql_api_id: `gid://shopify/Order/${orderId}`,
    line_items: lines,
  });
}

interface Load {
  perSecond: number;
  p99Ms: number;
}

/** Sends every event once; the events of one order follow one another, as those of a checkout do. */
async function send(address: string, shop: ServedShop, orderIds: readonly number[]): Promise<Load> {
  const secret = shop.env["SHOPIFY_API_SECRET"] ?? "";
  const signed = orderIds.map((id) => {
    const body = payloadOf(id);
    return { body, signature: createHmac("sha256", secret).update(body).digest("base64") };
  });
  const triggeredAt = new Date().toISOString();
  let sent = 0;
  const instance = await autocannon({
    url: `${address}/webhooks/orders`,
    connections,
    amount: eventCount,
    timeout: 60,
    requests: [
      {
        method: "POST",
        setupRequest(request) {
          const index = Math.floor((sent * signed.length) / eventCount) % signed.length;
          const chosen = signed[index];
          sent += 1;
          request.body = chosen?.body ?? "";
          request.headers = {
            "content-type": "application/json",
            "x-shopify-topic": "orders/updated",
            "x-shopify-shop-domain": shop.domain,
            "x-shopify-hmac-sha256": chosen?.signature ?? "",
            "x-shopify-event-id": randomUUID(),
            "x-shopify-webhook-id": randomUUID(),
            "x-shopify-triggered-at": triggeredAt,
            "x-shopify-api-version": "2026-07",
          };
          return request;
        },
      },
    ],
  });
  const refused = instance.non2xx + instance.errors + instance.timeouts;
  if (refused > 0) throw new Error(`${refused} webhooks were not answered with 200`);
  return { perSecond: instance["2xx"] / instance.duration, p99Ms: instance.latency.p99 };
}

async function pendingEvents(db: Database): Promise<number> {
  return db.prisma.inboxEvent.count({ where: { processedAt: null } });
}

async function measure(database: string, url: string, shop: ServedShop): Promise<void> {
  await migrateDatabase(url);
  const env = { ...shop.env, DATABASE_URL: url, SHOP_DOMAIN: shop.domain, SHOP_TOKEN: shop.token };
  const sync = fork(path.join(ROOT, "benchmarks/sync/sync-shop.ts"), { env: { ...process.env, ...env } });
  await once(sync, "exit");
  const db = await openDatabase(url, { subjectKeys: [] });
  try {
    const rows = await db.prisma.order.findMany({ select: { id: true } });
    const orderIds = rows.map(({ id }) => Number(id));
    if (orderIds.length !== orderCount) throw new Error(`${orderIds.length} of ${orderCount} orders arrived`);
    const left = await pendingEvents(db);

    const floorServer = await start<{ address: string }>("benchmarks/webhooks/signature-only.ts", env);
    const floor = await send(floorServer.line.address, shop, orderIds);
    await floorServer.stop();

    const web = await start<{ address: string }>("server.ts", { ...env, PERENNIAL_ROLES: "web", PORT: "0" });
    const accepted = await send(web.line.address, shop, orderIds);
    await web.stop();
    const stored = (await pendingEvents(db)) - left;
    if (stored !== eventCount) throw new Error(`${stored} of ${eventCount} events were stored`);
    record(`${database}: accepted`, accepted.perSecond, "events/s", floor.perSecond);
    record(`${database}: p99`, accepted.p99Ms, "ms", floor.p99Ms);

    const fetching = await start<{ orders: number; seconds: number }>(
      "benchmarks/webhooks/fetch-floor.ts",
      env,
    );
    if (fetching.line.orders !== orderCount) throw new Error("the floor fetched other orders");
    const worker = await start("server.ts", { ...env, PERENNIAL_ROLES: "worker", PERENNIAL_NO_CRON: "1" });
    const startedAt = performance.now();
    while ((await pendingEvents(db)) > 0) await sleep(50);
    const seconds = (performance.now() - startedAt) / 1_000;
    await worker.stop();
    record(`${database}: drained`, eventCount / seconds, "events/s", eventCount / fetching.line.seconds);
  } finally {
    await db.close();
  }
}

await buildApp();
await withServedShop(
  { name: "webhooks", databases: options.database.split(","), env: { ORDERS: String(orderCount) } },
  measure,
);
console.log(JSON.stringify({ name: "webhooks", results }));
