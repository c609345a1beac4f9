/** Members with points, for tests of everything that has to know of them. */
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers } from "../../app/db/stores/members.server.ts";
import { saveProgramme } from "../../app/db/stores/programmes.server.ts";
import type { Transaction } from "../../app/db/types.ts";

/** Starts a programme and gives each customer 120 points for an order of the customer's number. */
export async function giveMembersPoints(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
  at: number,
): Promise<void> {
  await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: at });
  const members = await addMembers(tx, shopId, customerIds, at);
  const accounts = await lockAccounts(tx, shopId, members.values());
  const life = { sequence: 0, points: 120, ripensAt: at + 1, expiresAt: null, reason: null };
  const changes = [...accounts.values()].map((account) =>
    earnPoints(account, { orderId: `of-${account.memberId}`, ...life }, at),
  );
  await saveChanges(tx, shopId, changes);
}
