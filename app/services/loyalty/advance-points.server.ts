/** Writes what ripened and expired by itself, member by member as it falls due, so that stored balances are fresh where nobody decides. */
import { advance } from "../../core/loyalty/advance.ts";
import type { NewJob } from "../../core/job.ts";
import { dueMembers } from "../../db/queries/due-members.server.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { dueReferrals } from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { settleReferrals } from "./settle-referrals.server.ts";

const MEMBERS_AT_ONCE = 100;
const REFERRALS_AT_ONCE = 25;

export async function advancePoints(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  const now = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const members = await dueMembers(db, shopId, now, MEMBERS_AT_ONCE);
    const isReferralDue = (await dueReferrals(db, shopId, now, 1)).length > 0;
    if (members.length === 0 && !isReferralDue) return;
    await db.write(async (tx) => {
      // The friend's order and what it brings both ripen in one transaction; who locks the shop does so before any member.
      if (isReferralDue) await settleDue(tx, shopId, now);
      const accounts = await lockAccounts(tx, shopId, members);
      const changes = [...accounts.values()].map((account) => advance(account, now));
      const saved = await saveChanges(tx, shopId, changes);
      if (saved.length < changes.length) throw new Error("what is due was written before");
      failpoint("advance-points:before-commit");
    });
    failpoint("advance-points:after-commit");
  }
}

async function settleDue(tx: Transaction, shopId: number, now: number): Promise<void> {
  const shop = await lockShop(tx, shopId);
  const programme = await findProgramme(tx, shopId);
  if (!programme) throw new Error("referrals of no programme");
  await settleReferrals(tx, shop, programme, await dueReferrals(tx, shopId, now, REFERRALS_AT_ONCE), now);
}

/** At most one of a shop waits. */
export function advanceJob(shopId: number, runAt: number): NewJob<"advance-points"> {
  return {
    shopId,
    kind: "advance-points",
    payload: {},
    key: "advance-points",
    queue: "advance-points",
    runAt,
  };
}
