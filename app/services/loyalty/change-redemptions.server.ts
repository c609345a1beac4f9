/** What a merchant can do with a member's rewards by hand, each with the sentence that tells how it went. */
import { isMadeHere } from "../../core/loyalty/reward.ts";
import { findRedemption } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { cancelRedemption, requestCancellation, type Cancelled } from "./cancel-redemption.server.ts";
import { currentMember } from "./change-redemption.server.ts";
import { redeemReward, type Redeeming, type Wish } from "./redeem-reward.server.ts";

interface Told {
  ok: boolean;
  message: string;
}

export async function redeemByHand(db: Database, shopId: number, wish: Wish): Promise<Told> {
  const redeemed = await redeemReward(db, shopId, wish);
  if (redeemed.ok) {
    const isThere = isMadeHere(redeemed.redemption.terms.gives);
    const then = isThere ? "the reward is the customer’s" : "Shopify is asked for the reward";
    return { ok: true, message: `The points are spent, and ${then}` };
  }
  return { ok: false, message: whyNot(redeemed) };
}

function whyNot(refused: Extract<Redeeming, { ok: false }>): string {
  switch (refused.reason) {
    case "insufficient-points":
      return `Only ${refused.available} points are available. Nothing was spent.`;
    case "scope-missing":
      return "Shopify has to allow this kind of reward first: the page of rewards asks for it. Nothing was spent.";
    case "no-programme":
      return "Nobody can redeem while the programme is paused. Nothing was spent.";
    case "no-such-reward":
      return "This reward is no longer offered. Nothing was spent.";
    case "sold-out":
      return "None is left. Nothing was spent.";
    case "limit-reached":
      return "This customer has had as many as anybody may. Nothing was spent.";
    case "too-late":
      return "The last day for it is over. Nothing was spent.";
    case "no-such-member":
      return "This customer is no member";
    case "request-key-taken":
      return "This form was sent before with other contents. Open the page again.";
  }
}

/** Somebody waits for it: Shopify is asked at once, and the job goes on where it does not answer. */
const PATIENCE_MS = 8_000;

/** `memberId`: whose it has to be. */
export async function cancelByHand(
  db: Database,
  shopId: number,
  { memberId, redemptionId }: { memberId: number; redemptionId: string },
  patienceMs = PATIENCE_MS,
): Promise<Told> {
  const redemption = await findRedemption(db, shopId, redemptionId);
  if (!redemption || (await currentMember(db, shopId, redemption.memberId)) !== memberId) {
    return { ok: false, message: "There is no such redemption" };
  }
  const asked = await requestCancellation(db, shopId, redemptionId);
  if (!asked.ok) return { ok: false, message: REFUSALS[asked.reason] };
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const done = await cancelRedemption(db, shopId, redemptionId, { signal, priority: "interactive" });
    return outcome(done, redemption.points - redemption.returnedPoints);
  } catch (error) {
    if (!(error instanceof ShopifyError) && !signal.aborted) throw error;
    return { ok: false, message: unanswered(error) };
  }
}

const REFUSALS = {
  "no-such-redemption": "There is no such redemption",
  "not-issued-yet": "Shopify is still being asked for it. Try again in a minute.",
  "already-over": "It is over already",
  "cannot-be-taken-back": "Store credit is the customer’s money and cannot be taken back",
} as const;

function outcome(done: Cancelled, points: number): Told {
  switch (done) {
    case "cancelled":
      return { ok: true, message: `It is cancelled: ${points} points are back` };
    case "used":
      return { ok: false, message: "It has been used meanwhile and stays as it is: its order will say so" };
    case "not-issued":
      return { ok: false, message: "It is over already" };
  }
}

function unanswered(error: unknown): string {
  const isRefused = error instanceof ShopifyError && error.retry === "never";
  return isRefused
    ? "Shopify does not let Perennial end it. No points have moved. See what must be allowed on the page of rewards."
    : "Shopify does not answer. No points have moved yet: it is tried again by itself, and they come back once nobody can use it.";
}
