/**
 * What the theme extension costs a page of the shop: the same pages of the local storefront with all blocks and without any, in fresh
 * windows, in turn. First and largest contentful paint, layout shift, blocking time, requests, and bytes by kind, as medians.
 *
 * The floor is the same page without the extension in the same run. Paints are counted from the first byte, and the time until then is
 * told apart: it is the local storefront's way of rendering Liquid, and Shopify's is another. Nothing is throttled but the processor, by
 * `--slower`, so that blocking shows.
 *
 * `npm run bench -- storefront [--runs 5] [--slower 4] [--width 360]`
 */
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { launchBrowser, USER_AGENT } from "../tests/support/browser.ts";
import {
  openDressedStorefront,
  productNamed,
  type DressedStorefront,
} from "../tests/support/dressed-storefront.ts";
import type { Result } from "./result.ts";
import {
  kindOf,
  KINDS,
  median,
  readVitals,
  watchVitals,
  type Kind,
  type Seen,
} from "./vitals/seen-vitals.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    slower: { type: "string", default: "4" },
    width: { type: "string", default: "360" },
  },
});
const runs = Number(options.runs);

const PAGES = { home: "/", product: "/products/mug", cart: "/cart" } as const;
type PageName = keyof typeof PAGES;

interface Load extends Seen {
  /** Until then the server renders. */
  firstByteMs: number;
  requests: number;
  /** To anywhere but the shop and Shopify, and to the app's own address within the shop. */
  toUs: number;
  bytes: Record<Kind, number>;
}

async function measure(browser: Browser, shop: DressedStorefront, address: string): Promise<Load> {
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    viewport: { width: Number(options.width), height: 800 },
  });
  await context.addCookies([
    { name: "devstore_customer", value: String(shop.rich.id), url: shop.url },
    { name: "cart", value: await filledCart(shop), url: shop.url },
  ]);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: Number(options.slower) });
  const bytes = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const weighing: Promise<void>[] = [];
  let requests = 0;
  let toUs = 0;
  page.on("requestfinished", (request) => {
    const { host, pathname, protocol } = new URL(request.url());
    if (protocol === "data:") return;
    requests += 1;
    if (host !== new URL(shop.url).host || pathname.startsWith("/apps/")) toUs += 1;
    const kind = kindOf(request);
    if (!kind) return;
    weighing.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
        bytes[kind] += responseBodySize + responseHeadersSize;
      }),
    );
  });
  await page.addInitScript(watchVitals);
  await page.goto(shop.url + address, { waitUntil: "networkidle" });
  await Promise.all(weighing);
  const seen = await readVitals(page);
  const firstByteMs = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return navigation?.responseStart ?? 0;
  });
  await context.close();
  return { ...seen, firstByteMs, requests, toUs, bytes };
}

/** A cart of its own, so that windows share nothing but what is in it. */
async function filledCart(shop: DressedStorefront): Promise<string> {
  const shopper = shop.visit(shop.rich.id);
  const [variant] = productNamed(shop.products, "Green tea").variantIds;
  await shopper.send("/cart/add.js", { id: variant, quantity: 2 });
  return shopper.cookies.get("cart") ?? "";
}

const results: Result[] = [];

function record(name: string, unit: string, value: number, floor: number | null): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "" ? 4 : 1));
  const ratio = floor ? Number((value / floor).toFixed(3)) : null;
  results.push({
    ...{ case: name, value: rounded(value), unit, ratio },
    floor: floor === null ? null : rounded(floor),
  });
}

function recordPage(name: string, loads: readonly Load[], floors: readonly Load[]): void {
  const before = results.length;
  const add = (what: string, unit: string, of: (load: Load) => number) =>
    record(`${name}: ${what}`, unit, median(loads.map(of)), median(floors.map(of)));
  add("first byte", "ms", ({ firstByteMs }) => firstByteMs);
  add("FCP after the first byte", "ms", ({ fcpMs, firstByteMs }) => fcpMs - firstByteMs);
  add("LCP after the first byte", "ms", ({ lcpMs, firstByteMs }) => lcpMs - firstByteMs);
  add("CLS", "", ({ cls }) => cls);
  add("blocking time", "ms", ({ blockingMs }) => blockingMs);
  add("requests", "requests", ({ requests }) => requests);
  add("requests to us", "requests", ({ toUs }) => toUs);
  for (const kind of KINDS) add(`${kind} bytes`, "bytes", ({ bytes }) => bytes[kind]);
  for (const { case: what, value, unit, floor } of results.slice(before)) {
    console.log(`${what}: ${value} ${unit}, without ${floor}`);
  }
}

const [dressed, plain] = await Promise.all([
  openDressedStorefront(),
  openDressedStorefront({ blocks: false }),
]);
let browser: Browser | undefined;
try {
  browser = await launchBrowser();
  const loads = new Map<PageName, { dressed: Load[]; plain: Load[] }>();
  // A first round is not counted: templates are parsed and code is compiled in it.
  for (let run = 0; run <= runs; run++) {
    for (const name of Object.keys(PAGES) as PageName[]) {
      const kept = loads.get(name) ?? { dressed: [], plain: [] };
      loads.set(name, kept);
      // Now one is first, now the other.
      for (const which of run % 2 === 0 ? (["dressed", "plain"] as const) : (["plain", "dressed"] as const)) {
        const load = await measure(browser, which === "dressed" ? dressed : plain, PAGES[name]);
        if (run > 0) kept[which].push(load);
      }
    }
  }
  for (const [name, { dressed: withIt, plain: without }] of loads) recordPage(name, withIt, without);
} finally {
  await browser?.close();
  await Promise.all([dressed.stop(), plain.stop()]);
}
console.log(JSON.stringify({ name: "storefront", results }));
