/**
 * A file of three columns on its whole way: read, filled into the local Shopify, installed, synced, folded and reported, against the
 * same figures by SQL over the raw file. (Of one with products and returns: real-shop.test.ts.)
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { DEFAULT_SETTINGS } from "../../app/services/sync/settings.ts";
import { readHistory, type ReadOptions } from "../../devstore/history/read-history.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import { reportBySql } from "../reference/report-by-sql.ts";
import { createTestDatabase } from "../support/database.ts";
import {
  installApp,
  startAppWorker,
  startLocalShopify,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";

const DATA_DIR = process.env.DATA_DIR ?? "data";
const LONG = 15 * 60_000;

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

/** The report of a file's shop, through everything that stands between the file and the figures. */
async function reportThroughShopify(domain: string, options: ReadOptions) {
  const read = await readHistory(options);
  if (!read.ok) throw new Error(read.reason);
  const { shop } = fillShop(local.world, domain, read.history);
  shop.plan = "plus";
  const { url, remove } = await createTestDatabase("sqlite");
  const db = await openDatabase(url);
  const shopId = await installApp(local, db, shop);
  const worker = await startAppWorker(db, { ...DEFAULT_SETTINGS, pollFirstMs: 50, pollLongestMs: 500 });
  try {
    await untilSynced(db, shopId, LONG);
    return (await reportShop(url, shopId)).figures;
  } finally {
    await worker.stop();
    await db.close();
    remove();
  }
}

const file = path.join(DATA_DIR, "cdnow.csv.gz");
const missing = !existsSync(file);
if (missing) console.log(`skipped: ${file} is missing (DATA_DIR names the folder; see the README)`);

test.skipIf(missing)(
  "cdnow.csv.gz: the shop's report equals SQL over the raw file",
  async () => {
    const columns = "customer=customer_id,date=date,amount=dollar_value";
    const report = await reportThroughShopify("cdnow.myshopify.com", { file, columns });
    expect(report).toEqual(reportBySql("cdnow", file));
  },
  LONG,
);
