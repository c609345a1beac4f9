/** Begins to publish by bulk operations where so many customers wait that the ordinary way would take long. */
import {
  beginBulkPublication,
  countWaitingForBulk,
  findBulkPublication,
  resumeBulkPublication,
} from "../../db/stores/bulk-publications.server.ts";
import { countPublications } from "../../db/stores/publications.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { BulkSettings } from "./bulk-settings.ts";

export async function beginBulk(db: Database, shopId: number, settings: BulkSettings): Promise<void> {
  const { fromCustomers, stalledMs } = settings;
  const before = await findBulkPublication(db, shopId);
  const now = Date.now();
  if (before && before.state !== "idle") {
    // Its job has used up its attempts: nobody else would take these customers.
    if (now - before.changedAt > 2 * stalledMs) await db.write((tx) => resumeBulkPublication(tx, shopId));
    return;
  }
  if (before?.notBefore && before.notBefore > now) return;
  if ((await countWaitingForBulk(db, shopId, fromCustomers)) < fromCustomers) return;
  const { customers } = await countPublications(db, shopId);
  await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const current = await findBulkPublication(tx, shopId);
    if ((current && current.state !== "idle") || (await findStorefront(tx, shopId))?.state !== "on") return;
    await beginBulkPublication(tx, shopId, customers, now);
    failpoint("begin-bulk:before-commit");
  });
  failpoint("begin-bulk:after-commit");
}
