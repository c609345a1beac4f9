/** Erases what nobody needs any more: each kind of record has the time for which it is kept. */
import { expireAnswers } from "../../db/stores/api-answers.server.ts";
import { expireCheckouts } from "../../db/stores/checkouts.server.ts";
import { expireDataRequests } from "../../db/stores/data-requests.server.ts";
import { expireReminders } from "../../db/stores/expiry-reminders.server.ts";
import { expireEvents } from "../../db/stores/events.server.ts";
import { isBeingErased } from "../../db/stores/erasures.server.ts";
import { openImportsBefore } from "../../db/stores/points-imports.server.ts";
import { expireOutgoingEvents } from "../../db/stores/outgoing-events.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { expireReconciliations } from "../../db/stores/reconciliations.server.ts";
import { allShops } from "../../db/stores/shops.server.ts";
import { endImport } from "../imports/change-imports.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

const DAY_MS = 86_400_000;

const RETENTION_DAYS = {
  /** Shopify repeats a webhook for four hours; a week leaves room for a clock that is wrong. */
  processedEvents: 7,
  reconciliations: 90,
  dataRequests: 90,
  abandonedCheckouts: 400,
  /** After the points expired. */
  reminders: 90,
  /** Delivered, given up or still waiting: nobody asks for them any more. */
  outgoingEvents: 30,
  /** Programs repeat a request within minutes; what is repeated later still posts nothing twice. */
  apiAnswers: 7,
  /** Shopify keeps its list of customers, without which nothing can be counted anew, about as long. */
  openImports: 7,
  /** Shopify asks for a left shop's erasure after two days; this is for a request that never arrived. */
  uninstalledShops: 30,
} as const;

export async function expireRecords(db: Database, now: number = Date.now()): Promise<void> {
  const before = (days: number) => now - days * DAY_MS;
  for (const shop of await allShops(db)) {
    const { id: shopId, uninstalledAt, installGeneration } = shop;
    const isOver = uninstalledAt !== null && uninstalledAt < before(RETENTION_DAYS.uninstalledShops);
    await db.write(async (tx) => {
      await expireEvents(tx, shopId, before(RETENTION_DAYS.processedEvents));
      await expireReconciliations(tx, shopId, before(RETENTION_DAYS.reconciliations));
      await expireDataRequests(tx, shopId, before(RETENTION_DAYS.dataRequests));
      await expireReminders(tx, shopId, before(RETENTION_DAYS.reminders));
      await expireOutgoingEvents(tx, shopId, before(RETENTION_DAYS.outgoingEvents));
      await expireAnswers(tx, shopId, before(RETENTION_DAYS.apiAnswers));
      await expireCheckouts(tx, shopId, before(RETENTION_DAYS.abandonedCheckouts));
      const open = await openImportsBefore(tx, shopId, before(RETENTION_DAYS.openImports));
      for (const run of open) await endImport(tx, run);
      // One that is being erased is named again in case that its job was lost.
      if (isOver || isBeingErased(shop)) {
        await enqueue(tx, {
          shopId,
          kind: "redact-shop",
          payload: { installGeneration },
          key: "redact-shop",
        });
      }
      failpoint("expire-records:before-commit");
    });
    failpoint("expire-records:after-commit");
  }
}
