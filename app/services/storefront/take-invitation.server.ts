/** Somebody who has not ordered yet takes a member's invitation, so that their first order counts wherever it is placed. */
import { memberOfCode } from "../../core/referrals/referral-code.ts";
import { firstOrders } from "../../db/queries/earning-facts.server.ts";
import { presentCustomers } from "../../db/stores/customers.server.ts";
import { currentMembers, customersOfMembers } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { claimsOf, referralsOfFriends, saveClaim } from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

const TAKEN = { ok: true, message: "invited" } as const;

export async function takeInvitation(
  db: Database,
  shopId: number,
  customerId: number,
  code: string,
  now = Date.now(),
): Promise<ShopperOutcome> {
  const taken = await db.write(async (tx): Promise<ShopperOutcome> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const seed = programme?.referralSeed ?? null;
    if (!programme?.referrals?.isOn || programme.state === "off" || seed === null)
      return { ok: false, reason: "no-programme" };
    const present = (await presentCustomers(tx, shopId, new Set([customerId]))).get(customerId);
    // Somebody who was erased comes back by joining, and not by a guess of ours.
    if (present === null) return { ok: false, reason: "no-member" };
    const friendId = present ?? customerId;
    const named = memberOfCode(code, seed);
    const memberId = named === null ? undefined : (await currentMembers(tx, shopId, [named])).get(named);
    const owner =
      memberId === undefined ? undefined : (await customersOfMembers(tx, shopId, [memberId])).get(memberId);
    if (memberId === undefined || owner === undefined) return { ok: false, reason: "no-such-code" };
    if (owner === friendId) return { ok: false, reason: "own-code" };
    const hasOrdered = (await firstOrders(tx, shopId, [friendId])).has(friendId);
    if (hasOrdered || (await referralsOfFriends(tx, shopId, [friendId])).length > 0)
      return { ok: false, reason: "ordered-before" };
    const claims = await claimsOf(tx, shopId, [friendId]);
    if (!claims.has(friendId))
      await saveClaim(tx, shopId, { customerId: friendId, memberId, claimedAt: now });
    failpoint("take-invitation:before-commit");
    return TAKEN;
  });
  failpoint("take-invitation:after-commit");
  return taken;
}
