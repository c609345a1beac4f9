/**
 * A real shop (UCI Online Retail) on its whole way: read from its file, filled into the local Shopify, installed, synced, folded and
 * reported, against the same figures by SQL over the raw file; and every page about it.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { readHistory } from "../../devstore/history/read-history.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { reportBySql } from "../reference/report-by-sql.ts";
import { appPages } from "../support/app-pages.ts";
import { missingBrowser } from "../support/browser.ts";
import { onPlus } from "../support/shops-of-a-kind.ts";
import { showShops, testPages, type ShownShops } from "../support/shown-shops.ts";

const RETAIL = "retail.myshopify.com";
const FILE = path.join(process.env.DATA_DIR ?? "data", "online_retail.csv.gz");
const missing = existsSync(FILE)
  ? missingBrowser()
  : `${FILE} is missing (DATA_DIR names the folder; see the README)`;
if (missing) console.log(`skipped: ${missing}`);

describe.skipIf(missing !== null)(`a real shop${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let shown: ShownShops;

  beforeAll(async () => {
    const read = await readHistory({ file: FILE });
    if (!read.ok) throw new Error(read.reason);
    const world = createWorld({ seed: 9 });
    onPlus(fillShop(world, RETAIL, read.history));
    shown = await showShops(world);
  }, 420_000);

  afterAll(() => shown?.stop());

  test("is reported as SQL over the raw file reports it", async () => {
    const shopId = await shown.shopIdOf(RETAIL);
    const { figures } = await reportShop(shown.app.databaseUrl, shopId);
    expect(figures).toEqual(reportBySql("online-retail", FILE));
  }, 120_000);

  // Below the page of loyalty there is one sentence to read where there is no programme.
  const pages = appPages().filter(({ routeId }) => !routeId.startsWith("routes/app.loyalty_."));
  testPages(RETAIL, pages, () => shown);
});
