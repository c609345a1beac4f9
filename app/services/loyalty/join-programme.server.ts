/**
 * Makes a customer a member, who gets the points that their orders since the programme's start have waited with. Whom the shop has erased
 * only comes back by their own wish, and with nothing of what was before (docs/decisions/006-erasure.md).
 */
import { addMembers } from "../../db/stores/members.server.ts";
import { letRejoin, presentCustomers } from "../../db/stores/customers.server.ts";
import { waitingOrders } from "../../db/queries/waiting-orders.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { referralsOfFriends } from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { inChunks } from "../sync/chunks.ts";
import { accrueOrders } from "./accrue-orders.server.ts";
import { earnFor, JOINING } from "./earn-activity.server.ts";
import { judgeMembers } from "./judge-tiers.server.ts";
import { settleReferrals } from "./settle-referrals.server.ts";

export type Joining =
  { ok: true; memberId: number } | { ok: false; reason: "no-programme" | "erased" | "kept-out" };

const ORDERS_AT_ONCE = 100;

export async function joinProgramme(
  db: Database,
  shopId: number,
  customerId: number,
  { isOwnWish = false } = {},
): Promise<Joining> {
  const joined = await db.write(async (tx): Promise<Joining> => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    if (!programme || programme.state === "off") return { ok: false, reason: "no-programme" };
    const now = Date.now();
    const found = (await presentCustomers(tx, shopId, new Set([customerId]))).get(customerId);
    if (found === null && !isOwnWish) return { ok: false, reason: "erased" };
    if (found === null) await letRejoin(tx, shopId, customerId, now);
    const current = found ?? customerId;
    const memberId = (await addMembers(tx, shopId, [current], now)).get(current);
    // Whoever may not join is told what anybody is where there is none: that they were drawn is not theirs to know.
    if (memberId === undefined) return { ok: false, reason: "kept-out" };
    const waiting = await waitingOrders(tx, shopId, [current]);
    for (const some of inChunks(waiting, ORDERS_AT_ONCE)) await accrueOrders(tx, shop, some, now);
    await earnFor(tx, shop, programme, memberId, JOINING, now);
    await settleReferrals(tx, shop, programme, await referralsOfFriends(tx, shopId, [current]), now);
    await judgeMembers(tx, shop, programme, [memberId], now);
    failpoint("join-programme:before-commit");
    return { ok: true, memberId };
  });
  failpoint("join-programme:after-commit");
  return joined;
}
