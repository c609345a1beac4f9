/** Gives a shopper's points back for a reward that was not used. */
import type { Database } from "../../db/types.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { cancelRedemption, requestCancellation } from "../loyalty/cancel-redemption.server.ts";
import { ownRedemption } from "./own-redemption.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

const REFUSALS = {
  "no-such-redemption": "not-found",
  "not-issued-yet": "being-made",
  "already-over": "over",
  "cannot-be-taken-back": "not-returnable",
} as const;

export async function giveBack(
  db: Database,
  shopId: number,
  customerId: number,
  redemptionId: string,
  patienceMs = 8_000,
): Promise<ShopperOutcome> {
  const own = await ownRedemption(db, shopId, customerId, redemptionId);
  if (!own.ok) return own;
  // Asked again after a lost answer.
  if (own.redemption.status === "cancelled") return { ok: true, message: "given-back" };
  const asked = await requestCancellation(db, shopId, redemptionId, "member");
  if (!asked.ok) return { ok: false, reason: REFUSALS[asked.reason] };
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const done = await cancelRedemption(db, shopId, redemptionId, { signal, priority: "interactive" });
    return done === "cancelled" ? { ok: true, message: "given-back" } : { ok: false, reason: "over" };
  } catch (error) {
    // The job that was added with the wish goes on.
    if (error instanceof ShopifyError || signal.aborted) return { ok: false, reason: "later" };
    throw error;
  }
}
