/** What happens to a redemption, with its points, in one transaction under the member's lock. */
import { afterEvent, type RedemptionEvent, type RedemptionStep } from "../../core/loyalty/redemption.ts";
import { redeemAgain } from "../../core/loyalty/redeem.ts";
import { restore } from "../../core/loyalty/restore.ts";
import { lockAccountOf, saveChanges } from "../../db/stores/ledger.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import {
  changeRedemption,
  findRedemption,
  takingsOfRedemption,
  type Redemption,
  type RedemptionChange,
} from "../../db/stores/redemptions.server.ts";
import { releaseUnit } from "../../db/stores/reward-units.server.ts";
import { findReward } from "../../db/stores/rewards.server.ts";
import type { Reading, Transaction } from "../../db/types.ts";
import { tellRedeemed } from "./tell-redeemed.server.ts";

/** `facts` are written with the event where it changes anything. */
export async function redemptionEvent(
  tx: Transaction,
  shopId: number,
  id: string,
  event: RedemptionEvent,
  now: number,
  facts: RedemptionChange = {},
): Promise<RedemptionStep> {
  const redemption = await lockRedemption(tx, shopId, id);
  const { status, usedOrderId, isRestored } = redemption;
  const step = afterEvent({ status, usedOrderId, isRestored }, event);
  if (!step.ok || step.state.status === status) return step;
  await changeRedemption(tx, shopId, id, { ...step.state, ...facts });
  if (step.state.status === "used" && redemption.holdEndsAt !== null)
    await tellRedeemed(tx, shopId, redemption, now);
  if (step.state.status === "cancelled") await releasePlace(tx, shopId, redemption);
  if (step.points === "restore")
    await returnPoints(tx, shopId, redemption, "restore", redemption.points - redemption.returnedPoints, now);
  if (step.points === "take-again") await takeAgain(tx, shopId, redemption, now);
  return step;
}

/** By the reward as it is today: the merchant may have made its places fewer. */
async function releasePlace(
  tx: Transaction,
  shopId: number,
  { id, rewardId, terms }: Redemption,
): Promise<void> {
  if (terms.gives.kind !== "event") return;
  const reward = await findReward(tx, shopId, rewardId);
  if (reward) await releaseUnit(tx, shopId, reward, id);
}

/** Gives spent points back to the lots from which they were taken. */
export async function returnPoints(
  tx: Transaction,
  shopId: number,
  { id, memberId, changes, returnedPoints, takenIn }: Redemption,
  kind: "restore" | "return-spent",
  points: number,
  now: number,
): Promise<void> {
  const takings = await takingsOfRedemption(tx, shopId, { id, takenIn });
  const lotIds = takings.flatMap(({ lotId }) => lotId ?? []);
  const account = await lockMember(tx, shopId, memberId, lotIds);
  const facts = { kind, sourceId: id, sequence: changes, takings, returned: returnedPoints, points };
  const change = restore(account, { ...facts, from: "redeemed", reason: null }, now);
  await saveChanges(tx, shopId, [change]);
  await changeRedemption(tx, shopId, id, {
    changes: changes + 1,
    returnedPoints: returnedPoints + points,
  });
}

async function takeAgain(
  tx: Transaction,
  shopId: number,
  { id, memberId, points, changes }: Redemption,
  now: number,
): Promise<void> {
  const account = await lockMember(tx, shopId, memberId, []);
  const change = redeemAgain(account, { redemptionId: id, points, sequence: changes }, now);
  await saveChanges(tx, shopId, [change]);
  await changeRedemption(tx, shopId, id, { changes: changes + 1, takenIn: changes, returnedPoints: 0 });
}

/** As it is once nobody else can change it. */
export async function lockRedemption(tx: Transaction, shopId: number, id: string): Promise<Redemption> {
  const seen = await findRedemption(tx, shopId, id);
  if (!seen) throw new Error(`there is no redemption ${id}`);
  await lockMember(tx, shopId, seen.memberId, []);
  const redemption = await findRedemption(tx, shopId, id);
  if (!redemption) throw new Error(`redemption ${id} is gone`);
  return redemption;
}

/** The account of whoever the member is now: a merge may come between the question and the lock. */
export async function lockMember(
  tx: Transaction,
  shopId: number,
  memberId: number,
  lotIds: readonly string[],
) {
  for (;;) {
    const account = await lockAccountOf(tx, shopId, memberId, lotIds);
    if (!account) throw new Error(`member ${memberId} cannot be locked`);
    if ((await currentMember(tx, shopId, memberId)) === account.memberId) return account;
  }
}

/** Who has a member's points now. */
export async function currentMember(tx: Reading, shopId: number, memberId: number): Promise<number> {
  const current = (await currentMembers(tx, shopId, [memberId])).get(memberId);
  if (current === undefined) throw new Error(`there is no member ${memberId}`);
  return current;
}
