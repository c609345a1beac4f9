/**
 * Ends what was held for a checkout, when its time is over or the shopper lets go of it. From the claim on nobody can hold it longer; then the
 * code is ended at Shopify, an order that used it is looked for, and only then the points go back. An order that comes later is charged.
 */
import { RetryAt } from "../../core/retry-at.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeRedemption, findRedemption, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminAccessOptions } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { cancelRedemption } from "./cancel-redemption.server.ts";
import { lockRedemption } from "./change-redemption.server.ts";
import { issueJob } from "./issue-job.ts";

/** While it is still being asked for at Shopify, it can neither be ended nor given back. */
const BEING_MADE_MS = 60_000;

export async function endHold(
  db: Database,
  shopId: number,
  redemptionId: string,
  access: AdminAccessOptions,
  now = Date.now(),
): Promise<RetryAt | void> {
  if (!(await activeShop(db, shopId)) || !(await findRedemption(db, shopId, redemptionId))) return;
  const claim = await db.write(async (tx) => {
    const claimed = await claimEnd(tx, shopId, await lockRedemption(tx, shopId, redemptionId), now);
    failpoint("end-hold:before-commit");
    return claimed;
  });
  failpoint("end-hold:after-commit");
  if (claim instanceof RetryAt) return claim;
  if (claim === "to-end") await cancelRedemption(db, shopId, redemptionId, access);
}

async function claimEnd(
  tx: Transaction,
  shopId: number,
  { id, status, holdEndsAt }: Redemption,
  now: number,
): Promise<RetryAt | "done" | "to-end"> {
  if (holdEndsAt === null || (status !== "reserved" && status !== "issued")) return "done";
  if (holdEndsAt > now) return new RetryAt(holdEndsAt, "it was touched");
  await changeRedemption(tx, shopId, id, { cancelAskedAt: now });
  if (status === "issued") return "to-end";
  await enqueue(tx, issueJob(shopId, id));
  return new RetryAt(now + BEING_MADE_MS, "it is still being made");
}
