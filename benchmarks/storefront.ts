/**
 * What the theme extension costs a page of the shop: the same pages of the local storefront with all blocks and without any, in turn, by
 * Lighthouse as merchants run it (a middling phone on a slow network, reckoned from what it saw). Score, first and largest contentful
 * paint, blocking time, layout shift, requests, and bytes by kind, as medians. The floor is the same page without the extension.
 *
 * Pages are served as the local storefront answered them the first time, so that the browser's work and the page's own bytes are compared
 * and no renderer of Liquid beside the browser. What rendering takes is a line of its own; Shopify's renderer is another one.
 *
 * `npm run bench -- storefront [--runs 5]`
 */
import { parseArgs } from "node:util";
import { freePort } from "../scripts/free-port.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import {
  openDressedStorefront,
  productNamed,
  type DressedStorefront,
} from "../tests/support/dressed-storefront.ts";
import type { Shopper } from "../tests/support/open-storefront.ts";
import type { Result } from "./result.ts";
import { openLighthouse, type Measured } from "./vitals/lighthouse.ts";
import { recordSite } from "./vitals/recorded-site.ts";
import { median } from "./vitals/seen-vitals.ts";

const { values: options } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
const runs = Number(options.runs);

const PAGES = { home: "/", product: "/products/mug", cart: "/cart" } as const;
const KINDS = ["Document", "Script", "Stylesheet", "Font", "Image", "Fetch"] as const;
const SIDES = ["dressed", "plain"] as const;

interface Load extends Measured {
  renderMs: number;
}

interface Side {
  shopper: Shopper;
  url: string;
  stop(): Promise<void>;
}

async function openSide(blocks: boolean): Promise<Side> {
  const shop = await openDressedStorefront({ blocks });
  const shopper = await withCart(shop);
  const site = await recordSite((address) => shopper.get(address));
  const stop = async () => {
    await site.stop();
    await shop.stop();
  };
  return { shopper, url: site.url, stop };
}

async function withCart(shop: DressedStorefront): Promise<Shopper> {
  const shopper = shop.visit(shop.rich.id);
  const [variant] = productNamed(shop.products, "Green tea").variantIds;
  await shopper.send("/cart/add.js", { id: variant, quantity: 2 });
  return shopper;
}

/** How long the local storefront takes for the page. */
async function timeRendering({ shopper }: Side, address: string): Promise<number> {
  const startedAt = performance.now();
  await (await shopper.get(address)).arrayBuffer();
  return performance.now() - startedAt;
}

const results: Result[] = [];

function record(name: string, unit: string, value: number, floor: number): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "" ? 4 : 1));
  const ratio = floor > 0 ? Number((value / floor).toFixed(3)) : null;
  results.push({ case: name, value: rounded(value), unit, ratio, floor: rounded(floor) });
  console.log(`${name}: ${rounded(value)}${unit && ` ${unit}`}, without ${rounded(floor)}`);
}

function recordPage(name: string, origins: Record<(typeof SIDES)[number], Load[]>): void {
  const add = (what: string, unit: string, of: (load: Load) => number) =>
    record(`${name}: ${what}`, unit, median(origins.dressed.map(of)), median(origins.plain.map(of)));
  const bytes = (kind: string) => (load: Load) =>
    load.requests
      .filter(({ resourceType }) => resourceType === kind)
      .reduce((sum, { transferSize }) => sum + transferSize, 0);
  add("Lighthouse performance", "points", ({ score }) => score);
  add("FCP", "ms", ({ fcpMs }) => fcpMs);
  add("LCP", "ms", ({ lcpMs }) => lcpMs);
  add("speed index", "ms", ({ speedIndexMs }) => speedIndexMs);
  add("blocking time", "ms", ({ blockingMs }) => blockingMs);
  add("CLS", "", ({ cls }) => cls);
  add("requests", "requests", ({ requests }) => requests.length);
  add("requests to us", "requests", ({ requests }) => requests.filter(({ url }) => isToUs(url)).length);
  for (const kind of KINDS) add(`${kind.toLowerCase()} bytes`, "bytes", bytes(kind));
  add("rendering in the local storefront", "ms", ({ renderMs }) => renderMs);
}

/** Anywhere but to the shop, and to the app's own address within the shop. */
function isToUs(url: string): boolean {
  const { protocol, hostname, pathname } = new URL(url);
  return protocol !== "data:" && (hostname !== "localhost" || pathname.startsWith("/apps/"));
}

const measure = await openLighthouse();
const port = await freePort();
const browser = await launchBrowser([`--remote-debugging-port=${port}`, "--ignore-certificate-errors"]);
const sides = { dressed: await openSide(true), plain: await openSide(false) };
try {
  const kept = new Map<string, Record<(typeof SIDES)[number], Load[]>>(
    Object.keys(PAGES).map((name) => [name, { dressed: [], plain: [] }]),
  );
  // A first round is not counted: answers are recorded and code is compiled in it.
  for (let run = 0; run <= runs; run++) {
    for (const [name, address] of Object.entries(PAGES)) {
      // Now one is first, now the other.
      for (const which of run % 2 === 0 ? SIDES : SIDES.toReversed()) {
        const renderMs = await timeRendering(sides[which], address);
        const load = { ...(await measure(sides[which].url + address, port)), renderMs };
        if (run > 0) kept.get(name)?.[which].push(load);
      }
    }
  }
  for (const [name, loads] of kept) recordPage(name, loads);
} finally {
  await browser.close();
  for (const side of SIDES) await sides[side].stop();
}
console.log(JSON.stringify({ name: "storefront", results }));
