/** Publishes a shop's customers once in a process of its own, for tests that kill it on the way. */
import { openDatabase } from "../../app/db/database.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { publishProfiles } from "../../app/services/storefront/publish-profiles.server.ts";

const [url = "", shopId = ""] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
await publishProfiles(db, Number(shopId), AbortSignal.timeout(60_000));
await closeShopMetrics();
await db.close();
