/**
 * A shopper's own redemption. Somebody else's and one that never was are looked up and answered alike, so that nobody learns which there
 * are.
 */
import { membersOf } from "../../db/stores/members.server.ts";
import { findRedemption, type Redemption } from "../../db/stores/redemptions.server.ts";
import type { Database } from "../../db/types.ts";
import { currentMember } from "../loyalty/change-redemption.server.ts";
import type { ShopperRefusal } from "./shopper-outcome.ts";

export async function ownRedemption(
  db: Database,
  shopId: number,
  customerId: number,
  redemptionId: string,
): Promise<{ ok: true; memberId: number; redemption: Redemption } | ShopperRefusal> {
  const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
  if (memberId === undefined) return { ok: false, reason: "no-member" };
  const redemption = await findRedemption(db, shopId, redemptionId);
  const owner = await currentMember(db, shopId, redemption?.memberId ?? memberId);
  if (!redemption || owner !== memberId) return { ok: false, reason: "not-found" };
  return { ok: true, memberId, redemption };
}
