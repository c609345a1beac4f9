/**
 * Follows a merge at Shopify: the webhook names who was merged away and who stays. Orders move by alias; then the survivor is fetched,
 * because a merge changes it, and because the survivor may have been merged away too, in which case its orders are asked for.
 */
import { mergeCustomers } from "../../db/stores/customers.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { referralsOfFriends } from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { judgeMembers } from "../loyalty/judge-tiers.server.ts";
import { settleReferrals } from "../loyalty/settle-referrals.server.ts";
import { syncCustomers } from "./sync-customers.server.ts";

export async function mergeCustomer(
  db: Database,
  shopId: number,
  mergedId: number,
  survivorId: number,
  also?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await db.write(async (tx) => {
    await mergeCustomers(tx, shopId, mergedId, survivorId, Date.now());
    const programme = await findProgramme(tx, shopId);
    if (programme) {
      const members = await membersOf(tx, shopId, [survivorId]);
      const shop = await lockShop(tx, shopId);
      await judgeMembers(tx, shop, programme, members.values(), Date.now());
      const brought = await referralsOfFriends(tx, shopId, [survivorId]);
      await settleReferrals(tx, shop, programme, brought, Date.now());
    }
    failpoint("merge-customer:before-commit");
  });
  failpoint("merge-customer:after-commit");
  await syncCustomers(db, shopId, [survivorId], also);
}
