/** Tells receivers outside that points were spent on a reward; what is held for a checkout is spent once its order is there. */
import { tellOutside } from "../../db/stores/outgoing-events.server.ts";
import type { Redemption } from "../../db/stores/redemptions.server.ts";
import type { Transaction } from "../../db/types.ts";

export async function tellRedeemed(
  tx: Transaction,
  shopId: number,
  {
    id,
    memberId,
    points,
    rewardId,
    terms,
  }: Pick<Redemption, "id" | "memberId" | "points" | "rewardId" | "terms">,
  now: number,
): Promise<void> {
  await tellOutside(tx, shopId, [
    {
      ...{ kind: "reward.redeemed", memberId, cause: id, occurredAt: now },
      data: { points, redemption: id, reward: rewardId, name: terms.name },
    },
  ]);
}
