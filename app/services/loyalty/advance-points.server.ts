/** Writes what ripened and expired by itself, member by member as it falls due, so that stored balances are fresh where nobody decides. */
import { advance } from "../../core/loyalty/advance.ts";
import type { NewJob } from "../../core/job.ts";
import { dueMembers } from "../../db/queries/due-members.server.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

const MEMBERS_AT_ONCE = 100;

export async function advancePoints(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  const now = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const members = await dueMembers(db, shopId, now, MEMBERS_AT_ONCE);
    if (members.length === 0) return;
    await db.write(async (tx) => {
      const accounts = await lockAccounts(tx, shopId, members);
      const changes = [...accounts.values()].map((account) => advance(account, now));
      const saved = await saveChanges(tx, shopId, changes);
      if (saved.length < changes.length) throw new Error("what is due was written before");
      failpoint("advance-points:before-commit");
    });
    failpoint("advance-points:after-commit");
  }
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
