/**
 * Spends a shopper's points on a reward. The first answer says that the points are spent and does not wait for Shopify to make the code;
 * whoever asks again with the same key waits a moment for it and is told what has become of it.
 */
import { shopCalendar } from "../../core/calendar.ts";
import type { RewardKind } from "../../core/loyalty/reward.ts";
import type { ShopperMessage } from "../../core/storefront/shopper-messages.ts";
import { memberBalance } from "../../db/queries/member-account.server.ts";
import type { Redemption } from "../../db/stores/redemptions.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { onceMade, reserveForShopper } from "./reserve-for-shopper.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

const DAY_MS = 86_400_000;

export async function redeemForShopper(
  db: Database,
  shop: Shop,
  customerId: number,
  wish: { reward: string; key: string },
  patienceMs = 2_000,
): Promise<ShopperOutcome> {
  const reserved = await reserveForShopper(db, shop, customerId, wish);
  if (!reserved.ok) return reserved;
  const { memberId, redemption, available } = reserved;
  if (redemption.status === "reserved" && available !== null)
    return { ok: true, message: "pending", points: available, redemption: redemption.id, pending: true };
  return outcome(db, shop, memberId, await onceMade(db, shop.id, redemption, patienceMs));
}

async function outcome(
  db: Database,
  shop: Shop,
  memberId: number,
  { id: redemption, status, terms, code, expiresAt }: Redemption,
): Promise<ShopperOutcome> {
  if (status === "failed") return { ok: false, reason: "not-made" };
  if (status === "cancelled" || status === "expired") return { ok: false, reason: "over" };
  const points = (await memberBalance(db, shop.id, memberId, Date.now()))?.available ?? 0;
  if (status === "reserved") return { ok: true, message: "pending", points, redemption, pending: true };
  if (terms.gives.kind === "store-credit") return { ok: true, message: "credit", points, redemption };
  if (terms.gives.kind === "donation") return { ok: true, message: "donated", points, redemption };
  const message = MESSAGES[terms.gives.kind] ?? "code";
  return { ok: true, message, points, redemption, code, until: dateOf(shop, expiresAt) };
}

/** What its code is for, where it is none for the cart. */
const MESSAGES: Partial<Record<RewardKind, ShopperMessage>> = {
  ...{ "partner-code": "partner-code", refill: "refill", event: "place" },
};

/** The shop's day, as YYYY-MM-DD. */
function dateOf({ timeZone }: Shop, time: number): string {
  return new Date(shopCalendar(timeZone).dayOf(time) * DAY_MS).toISOString().slice(0, 10);
}
