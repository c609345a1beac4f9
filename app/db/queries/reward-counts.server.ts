/** What has become of rewards: how many members hold each, how often each was used and has expired. Read from an index alone. */
import type { RedemptionStatus } from "../../core/loyalty/redemption.ts";
import type { Reading } from "../types.ts";

export interface RewardCounts {
  /** Reserved or issued: points were spent, and nothing has ended it. */
  held: number;
  used: number;
  expired: number;
}

/** Those of which there is any, by the reward's id. */
export async function rewardCounts(
  db: Reading,
  shopId: number,
  rewardId?: string,
): Promise<Record<string, RewardCounts>> {
  const groups = await db.prisma.redemption.groupBy({
    by: ["rewardId", "status"],
    where: { shopId, ...(rewardId !== undefined && { rewardId }) },
    _count: { _all: true },
  });
  const counts: Record<string, RewardCounts> = {};
  for (const { rewardId: id, status, _count: count } of groups) {
    const of = (counts[id] ??= { held: 0, used: 0, expired: 0 });
    const told = TOLD[status as RedemptionStatus];
    if (told) of[told] += count._all;
  }
  return counts;
}

const TOLD: Readonly<Record<RedemptionStatus, keyof RewardCounts | null>> = {
  ...{ reserved: "held", issued: "held", used: "used", expired: "expired", cancelled: null, failed: null },
};
