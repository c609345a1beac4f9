/**
 * What a merchant's browser feels of each page, opened in the admin with an empty cache: first and largest contentful paint, layout shift, the
 * answer to a click, blocking time, and bytes by kind. Medians of rounds, each page in a fresh window.
 *
 * Measured by PerformanceObserver inside the app's frame, from the frame's own navigation on; only what the app itself serves is
 * weighed (App Bridge is Shopify's). Nothing is throttled: the ratio to the floor counts, not the milliseconds of this machine.
 *
 * The floor is an empty Polaris page of the same app in the same run: the Overview of a shop that has no orders, which shows a heading
 * and one card in the same frame, from the same server, with the same styles, scripts and authentication, and without figures,
 * charts or tables. It is opened as often as every other page, once in a round: a server answers what it was not asked for a minute in
 * twice the time, and a floor that is opened beside each page would be alone in not being slow. Every round goes through the pages in
 * another order, so that none always follows the same one.
 *
 * `npm run bench -- vitals [--orders 20000] [--runs 9] [--width 1280] [--pages overview,customers]`; after each page's figures stands
 * what was its largest paint.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Browser, Frame, Page, Request } from "playwright-core";
import { seededRandom, type Random } from "../app/core/clv/numerics/random.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { syncStatus } from "../app/db/queries/sync-status.server.ts";
import { findShop } from "../app/db/stores/shops.server.ts";
import { generateHistory, lastWholeDay } from "../devstore/history/generate.ts";
import { fillShop } from "../devstore/state/fill.ts";
import type { ShopState } from "../devstore/state/model.ts";
import { createShop, createWorld } from "../devstore/state/world.ts";
import { openAppInAdmin } from "../scripts/demo/merchant.ts";
import { appPages } from "../tests/support/app-pages.ts";
import {
  adminAddress,
  launchBrowser,
  openInAdmin,
  openWindow,
  USER_AGENT,
} from "../tests/support/browser.ts";
import { startRunningApp, type RunningApp } from "../tests/support/running-app.ts";
import type { Result } from "./result.ts";
import { kindOf, KINDS, median, readVitals, watchVitals, type Kind } from "./vitals/seen-vitals.ts";

const { values: options } = parseArgs({
  options: {
    orders: { type: "string", default: "20000" },
    runs: { type: "string", default: "9" },
    width: { type: "string", default: "1280" },
    pages: { type: "string" },
  },
});
const orders = Number(options.orders);
const runs = Number(options.runs);

const SHOP = "bench.myshopify.com";
const EMPTY_SHOP = "empty.myshopify.com";
/** Shorter ones the browser does not tell. */
const SHORTEST_EVENT_MS = 16;
const WARMING_REQUESTS = 40;
/** Between two windows: the browser takes the closed one down meanwhile, and not while the next is measured. */
const REST_MS = 500;

interface Vitals {
  fcpMs: number;
  lcpMs: number;
  lcpOf: string;
  cls: number;
  inpMs: number;
  blockingMs: number;
  bytes: Record<Kind, number>;
}

/** Opens the page in a new window, lets it come to rest, and clicks its first button. */
async function measure(browser: Browser, app: RunningApp, address: string): Promise<Vitals> {
  const { context, page, faults } = await openWindow(browser, Number(options.width));
  const requests: Request[] = [];
  page.on("requestfinished", (request) => requests.push(request));
  await page.addInitScript(watchVitals);
  const frame = await openInAdmin(page, address);
  const { fcpMs, lcpMs, lcpOf, cls, blockingMs } = await readVitals(frame);
  // Only now: to ask the browser about each request while it loads the page would be part of what is measured.
  const bytes = await weigh(requests.filter((request) => request.url().startsWith(app.appUrl)));
  await clickSomething(page, frame);
  const { inpMs } = await readVitals(frame);
  if (faults.length > 0) throw new Error(`${address}: ${faults.join("; ")}`);
  await context.close();
  await sleep(REST_MS);
  return { fcpMs, lcpMs, lcpOf, cls, blockingMs, inpMs: Math.max(inpMs, SHORTEST_EVENT_MS), bytes };
}

async function weigh(requests: readonly Request[]): Promise<Record<Kind, number>> {
  const bytes = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const request of requests) {
    const kind = kindOf(request);
    if (!kind) continue;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes[kind] += responseBodySize + responseHeadersSize;
  }
  return bytes;
}

/** Asks the server for the page as often as makes its code compiled code, as it is in a server that has run for an hour. */
async function warmUp(browser: Browser, address: string): Promise<void> {
  const { context, page } = await openWindow(browser, Number(options.width));
  const frame = await openInAdmin(page, address);
  const headers = { "User-Agent": USER_AGENT };
  for (let request = 0; request < WARMING_REQUESTS; request++) {
    const answer = await fetch(frame.url(), { headers });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    await answer.text();
  }
  await context.close();
}

/** A page without a button that can be pressed has a heading. */
async function clickSomething(page: Page, frame: Frame): Promise<void> {
  const button = frame.locator('main button:visible:not([disabled], [aria-disabled="true"])').first();
  await ((await button.count()) > 0 ? button : frame.locator("h1").first()).click();
  // Until the answer is painted and told.
  await page.waitForTimeout(500);
}

function inAnyOrder<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function untilSynced(app: RunningApp, domain: string): Promise<void> {
  const db = await openDatabase(app.databaseUrl);
  try {
    for (;;) {
      const shop = await findShop(db, domain);
      const status = shop && (await syncStatus(db, shop.id));
      if (status?.phase === "failed") throw new Error(`the sync failed: ${status.error ?? "unknown"}`);
      if (status?.phase === "complete") return;
      await sleep(200);
    }
  } finally {
    await db.close();
  }
}

const results: Result[] = [];

function record(name: string, value: number, unit: string, floor: number | null): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "" ? 4 : 0));
  const ratio = floor ? Number((value / floor).toFixed(2)) : null;
  results.push({
    case: name,
    value: rounded(value),
    unit,
    floor: floor === null ? null : rounded(floor),
    ratio,
  });
}

function recordPage(name: string, measured: readonly Vitals[], floor: readonly Vitals[] | null): void {
  const add = (what: string, unit: string, of: (vitals: Vitals) => number, hasFloor = true) =>
    record(
      `${name}: ${what}`,
      median(measured.map(of)),
      unit,
      hasFloor && floor ? median(floor.map(of)) : null,
    );
  const before = results.length;
  add("FCP", "ms", ({ fcpMs }) => fcpMs);
  add("LCP", "ms", ({ lcpMs }) => lcpMs);
  add("CLS", "", ({ cls }) => cls, false);
  add("INP of a click", "ms", ({ inpMs }) => inpMs);
  add("blocking time", "ms", ({ blockingMs }) => blockingMs);
  for (const kind of KINDS) add(`${kind} bytes`, "bytes", ({ bytes }) => bytes[kind]);
  const said = results
    .slice(before)
    .map(({ case: what, value, unit, ratio }) => {
      const short = what.slice(name.length + 2).replace(" bytes", "");
      return `${short} ${value}${unit === "ms" ? " ms" : ""}${ratio === null ? "" : ` (${ratio}x)`}`;
    })
    .join(", ");
  console.log(`${name}: ${said}; largest: ${measured.at(-1)?.lcpOf ?? ""}`);
}

function openShops(): { world: ReturnType<typeof createWorld>; shop: ShopState } {
  const world = createWorld({ seed: 1 });
  const history = generateHistory({
    seed: 1,
    orders,
    customers: Math.round(orders * 0.4),
    endDay: lastWholeDay(Date.now()),
  });
  const { shop } = fillShop(world, SHOP, history);
  shop.plan = "plus";
  const empty = createShop(world, { domain: EMPTY_SHOP, plan: "plus" });
  if (!empty.ok) throw new Error(empty.message);
  return { world, shop };
}

const { world, shop } = openShops();
const customerId = [...shop.orders.values()].find((order) => order.customerId !== null)?.customerId ?? 0;
const app = await startRunningApp(world, { isApart: true });
let browser: Browser | undefined;
try {
  for (const domain of [SHOP, EMPTY_SHOP]) {
    await openAppInAdmin(app.shopifyUrl, "perennial", domain);
    await untilSynced(app, domain);
  }
  browser = await launchBrowser();
  const asked = options.pages?.split(",");
  const wanted = appPages().filter(({ name }) => !asked || asked.includes(name));
  const toOpen = (name: string, domain: string, address: string) => ({
    name,
    address: adminAddress(app.shopifyUrl, domain, address),
    measured: [] as Vitals[],
  });
  const empty = toOpen("empty page", EMPTY_SHOP, "/app");
  const pages = wanted.map(({ name, address }) => toOpen(name, SHOP, address({ customerId })));
  const all = [empty, ...pages];
  for (const { address } of all) await warmUp(browser, address);
  const random = seededRandom(1);
  // A first round is not counted: it warms the server, not the browser, whose windows are always new.
  for (let round = 0; round <= runs; round++) {
    for (const { address, measured } of inAnyOrder(all, random)) {
      const vitals = await measure(browser, app, address);
      if (round > 0) measured.push(vitals);
    }
  }
  recordPage(empty.name, empty.measured, null);
  for (const { name, measured } of pages) recordPage(name, measured, empty.measured);
} finally {
  await browser?.close();
  await app.stop();
}
console.log(JSON.stringify({ name: "vitals", results }));
