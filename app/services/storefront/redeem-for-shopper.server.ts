/**
 * Spends a shopper's points on a reward. The first answer says that the points are spent and does not wait for Shopify to make the code;
 * whoever asks again with the same key waits a moment for it and is told what has become of it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { shopCalendar } from "../../core/calendar.ts";
import { memberBalance } from "../../db/queries/member-account.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findRedemption, redemptionOfRequest, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { redeemReward } from "../loyalty/redeem-reward.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

const DAY_MS = 86_400_000;
const POLL_MS = 100;

export async function redeemForShopper(
  db: Database,
  shop: Shop,
  customerId: number,
  { reward, key }: { reward: string; key: string },
  patienceMs = 2_000,
): Promise<ShopperOutcome> {
  const memberId = (await membersOf(db, shop.id, [customerId])).get(customerId);
  if (memberId === undefined) return { ok: false, reason: "no-member" };
  // A member's own, and with a sign that no other caller's keys have.
  const requestKey = `shopper:${memberId}:${key}`;
  const isAgain = (await redemptionOfRequest(db, shop.id, requestKey)) !== null;
  const redeemed = await redeemReward(db, shop.id, { memberId, rewardId: reward, requestKey });
  if (redeemed.ok) {
    const { redemption } = redeemed;
    const now = isAgain ? await onceMade(db, shop.id, redemption, patienceMs) : redemption;
    return outcome(db, shop, memberId, now);
  }
  switch (redeemed.reason) {
    case "insufficient-points":
      return { ok: false, reason: "insufficient-points" };
    case "request-key-taken":
      return { ok: false, reason: "not-understood" };
    case "no-such-member":
      return { ok: false, reason: "no-member" };
    case "no-programme":
    case "no-such-reward":
    case "scope-missing":
      return { ok: false, reason: "not-offered" };
  }
}

async function onceMade(
  db: Database,
  shopId: number,
  redemption: Redemption,
  patienceMs: number,
): Promise<Redemption> {
  let latest = redemption;
  for (const end = Date.now() + patienceMs; latest.status === "reserved" && Date.now() < end;) {
    await sleep(POLL_MS);
    latest = (await findRedemption(db, shopId, redemption.id)) ?? latest;
  }
  return latest;
}

async function outcome(
  db: Database,
  shop: Shop,
  memberId: number,
  { status, terms, code, expiresAt }: Redemption,
): Promise<ShopperOutcome> {
  if (status === "failed") return { ok: false, reason: "not-made" };
  if (status === "cancelled" || status === "expired") return { ok: false, reason: "over" };
  const points = (await memberBalance(db, shop.id, memberId, Date.now()))?.available ?? 0;
  if (status === "reserved") return { ok: true, message: "pending", points, pending: true };
  if (terms.gives.kind === "store-credit") return { ok: true, message: "credit", points };
  return { ok: true, message: "code", points, code, until: dateOf(shop, expiresAt) };
}

/** The shop's day, as YYYY-MM-DD. */
function dateOf({ timeZone }: Shop, time: number): string {
  return new Date(shopCalendar(timeZone).dayOf(time) * DAY_MS).toISOString().slice(0, 10);
}
