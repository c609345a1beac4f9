/**
 * Lets go of a reward that was held for a checkout, and gives the points back once nobody can use its code. The wish is written down first:
 * where Shopify does not answer, the job that ends holds goes on.
 */
import { memberBalance } from "../../db/queries/member-account.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeRedemption, findRedemption } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { lockRedemption } from "../loyalty/change-redemption.server.ts";
import { endHold } from "../loyalty/end-hold.server.ts";
import { endHoldJob } from "../loyalty/issue-job.ts";
import { ownRedemption } from "../storefront/own-redemption.server.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

export async function releaseHold(
  db: Database,
  shopId: number,
  customerId: number,
  redemptionId: string,
  patienceMs = 8_000,
): Promise<ShopperOutcome> {
  const own = await ownRedemption(db, shopId, customerId, redemptionId);
  if (!own.ok) return own;
  await letGo(db, shopId, redemptionId);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    await endHold(db, shopId, redemptionId, { signal, priority: "interactive" });
  } catch (error) {
    if (!(error instanceof ShopifyError) && !signal.aborted) throw error;
  }
  return outcome(db, shopId, own.memberId, redemptionId);
}

async function letGo(db: Database, shopId: number, redemptionId: string): Promise<void> {
  await db.write(async (tx) => {
    const { status, holdEndsAt } = await lockRedemption(tx, shopId, redemptionId);
    if (holdEndsAt === null || (status !== "reserved" && status !== "issued")) return;
    const now = Date.now();
    await changeRedemption(tx, shopId, redemptionId, {
      holdEndsAt: Math.min(holdEndsAt, now),
      cancelAskedAt: now,
    });
    await enqueue(tx, endHoldJob(shopId, redemptionId, now));
    failpoint("release-hold:before-commit");
  });
  failpoint("release-hold:after-commit");
}

async function outcome(
  db: Database,
  shopId: number,
  memberId: number,
  redemptionId: string,
): Promise<ShopperOutcome> {
  const now = await findRedemption(db, shopId, redemptionId);
  const points = (await memberBalance(db, shopId, memberId, Date.now()))?.available ?? 0;
  if (now?.isRestored === true) return { ok: true, message: "given-back", points };
  const isEnding = now?.holdEndsAt !== null && (now?.status === "reserved" || now?.status === "issued");
  if (isEnding) return { ok: true, message: "returning", points, pending: true };
  return { ok: false, reason: "over" };
}
