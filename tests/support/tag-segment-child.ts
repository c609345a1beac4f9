/** Tags a segment once in a process of its own, for tests that kill it on the way. */
import { openDatabase } from "../../app/db/database.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { tagSegment } from "../../app/services/segments/tag-segment.server.ts";

const [url = "", shopId = ""] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
await tagSegment(db, Number(shopId), "repeat", AbortSignal.timeout(60_000));
await closeShopMetrics();
await db.close();
