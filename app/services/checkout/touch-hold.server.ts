/** Keeps a held reward for longer, because its checkout is still open. */
import { holdEnd } from "../../core/loyalty/hold.ts";
import { changeRedemption } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { lockRedemption } from "../loyalty/change-redemption.server.ts";
import { ownRedemption } from "../storefront/own-redemption.server.ts";
import type { ShopperOutcome } from "../storefront/shopper-outcome.ts";

export async function touchHold(
  db: Database,
  shopId: number,
  customerId: number,
  redemptionId: string,
  now = Date.now(),
): Promise<ShopperOutcome> {
  const own = await ownRedemption(db, shopId, customerId, redemptionId);
  if (!own.ok) return own;
  const touched = await db.write(async (tx): Promise<ShopperOutcome> => {
    const { status, holdEndsAt, cancelAskedAt, expiresAt } = await lockRedemption(tx, shopId, redemptionId);
    const isHeld = holdEndsAt !== null && cancelAskedAt === null;
    if (!isHeld || (status !== "reserved" && status !== "issued")) return { ok: false, reason: "over" };
    // Never sooner: the same question may arrive late. The job that ends it looks again at the time that was set.
    const until = Math.max(holdEndsAt, holdEnd(now, expiresAt));
    await changeRedemption(tx, shopId, redemptionId, { holdEndsAt: until });
    failpoint("touch-hold:before-commit");
    return { ok: true, until: new Date(until).toISOString() };
  });
  failpoint("touch-hold:after-commit");
  return touched;
}
