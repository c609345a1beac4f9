/** Spends points as a service does: in one transaction, under the member's lock. */
import { redeem, type Spending } from "../../app/core/loyalty/redeem.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import type { Database } from "../../app/db/types.ts";

export async function redeemOnce(
  db: Database,
  shopId: number,
  memberId: number,
  spending: Spending,
  now = Date.now(),
): Promise<boolean> {
  return db.write(async (tx) => {
    const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
    if (!account) throw new Error(`no member ${memberId}`);
    const redeemed = redeem(account, spending, now);
    if (redeemed.ok) await saveChanges(tx, shopId, [redeemed]);
    return redeemed.ok;
  });
}
