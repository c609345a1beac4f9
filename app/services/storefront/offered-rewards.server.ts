/** The rewards that members can have now: offered by the merchant, and allowed by what the merchant has granted. */
import type { Reward } from "../../core/loyalty/reward.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Reading } from "../../db/types.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";

export async function offeredRewards(db: Reading, shop: Pick<Shop, "id" | "scopes">): Promise<Reward[]> {
  const rewards = await listRewards(db, shop.id);
  return rewards.filter(({ isActive, gives }) => isActive && missingScopes(shop, gives.kind).length === 0);
}
