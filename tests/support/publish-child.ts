/** Publishes a shop's customers once in a process of its own, for tests that kill it on the way; `bulk`: by bulk operations. */
import { openDatabase } from "../../app/db/database.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { publishProfiles } from "../../app/services/storefront/publish-profiles.server.ts";
import { publishByBulk, SMALL_BULK } from "./publish-by-bulk.ts";

const [url = "", shopId = "", way] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
const signal = AbortSignal.timeout(60_000);
if (way === "bulk") await publishByBulk(db, Number(shopId), signal);
else await publishProfiles(db, Number(shopId), signal, undefined, SMALL_BULK);
await closeShopMetrics();
await db.close();
