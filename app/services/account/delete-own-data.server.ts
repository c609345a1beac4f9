/**
 * Erases the customer who asks, as if Shopify had sent customers/redact for them: the wish is an event in the inbox, so that it survives a
 * crash, is worked before anything else, and ends in the same erasure (docs/decisions/021-account.md). Whom it is about is the
 * session's word alone; nothing of the question's body names anybody.
 */
import { randomUUID } from "node:crypto";
import { presentCustomers } from "../../db/stores/customers.server.ts";
import { addEvent } from "../../db/stores/events.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { processEventsJob } from "../sync/process-events-job.ts";

type Deletion =
  | { ok: true; message: "deleted" }
  /** `confirm`: it was not asked twice. `log-in`: the account is another one now. */
  | { ok: false; reason: "confirm" | "log-in" };

export async function deleteOwnData(
  db: Database,
  { id: shopId, installGeneration }: Pick<Shop, "id" | "installGeneration">,
  customerId: number,
  { isConfirmed }: { isConfirmed: boolean },
): Promise<Deletion> {
  if (!isConfirmed) return { ok: false, reason: "confirm" };
  const outcome = await db.write(async (tx): Promise<Deletion> => {
    await lockShop(tx, shopId);
    const present = await presentCustomers(tx, shopId, new Set([customerId]));
    const current = present.has(customerId) ? present.get(customerId) : customerId;
    // Erased before: nothing is kept that could be.
    if (current === null) return { ok: true, message: "deleted" };
    // Merged since the session began: what there is belongs to the account that is left.
    if (current !== customerId) return { ok: false, reason: "log-in" };
    await addEvent(tx, shopId, {
      topic: "customers/redact",
      // Of nobody, because it outlives the erasure.
      eventId: `account:${randomUUID()}`,
      resourceId: customerId,
      relatedIds: [],
      installGeneration,
      receivedAt: Date.now(),
    });
    await enqueue(tx, processEventsJob(shopId));
    failpoint("delete-own-data:before-commit");
    return { ok: true, message: "deleted" };
  });
  failpoint("delete-own-data:after-commit");
  return outcome;
}
