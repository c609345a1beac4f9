/** Spends a shopper's points on a reward, under the key that their page made before it asked. */
import { setTimeout as sleep } from "node:timers/promises";
import { memberOf } from "../../db/stores/members.server.ts";
import { findRedemption, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { redeemReward } from "../loyalty/redeem-reward.server.ts";
import type { ShopperRefusal } from "./shopper-outcome.ts";

const POLL_MS = 100;

export type Reserving =
  { ok: true; memberId: number; redemption: Redemption; available: number | null } | ShopperRefusal;

/** `available`: the points that are left; `null` where it was asked for before. */
export async function reserveForShopper(
  db: Database,
  shop: Shop,
  customerId: number,
  { reward, key, isHold = false }: { reward: string; key: string; isHold?: boolean },
): Promise<Reserving> {
  const memberId = await memberOf(db, shop.id, customerId);
  if (memberId === null) return { ok: false, reason: "no-member" };
  // A member's own, and with a sign that no other caller's keys have.
  const requestKey = `${isHold ? "checkout" : "shopper"}:${memberId}:${key}`;
  const redeemed = await redeemReward(db, shop.id, { memberId, rewardId: reward, requestKey, isHold });
  if (redeemed.ok) {
    const { redemption } = redeemed;
    return { ok: true, memberId, redemption, available: redeemed.isAgain ? null : redeemed.available };
  }
  switch (redeemed.reason) {
    case "insufficient-points":
      return { ok: false, reason: "insufficient-points" };
    case "request-key-taken":
      return { ok: false, reason: "not-understood" };
    case "no-such-member":
      return { ok: false, reason: "no-member" };
    case "sold-out":
    case "limit-reached":
      return { ok: false, reason: redeemed.reason };
    case "too-late":
    case "no-programme":
    case "no-such-reward":
    case "scope-missing":
      return { ok: false, reason: "not-offered" };
  }
}

/** What has become of a redemption, as soon as that is known or patience ends. */
export async function onceMade(
  db: Database,
  shopId: number,
  redemption: Redemption,
  patienceMs: number,
): Promise<Redemption> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const latest = (await findRedemption(db, shopId, redemption.id)) ?? redemption;
    if (latest.status !== "reserved" || Date.now() >= end) return latest;
    await sleep(POLL_MS);
  }
}
