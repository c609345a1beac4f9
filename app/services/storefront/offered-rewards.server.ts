/** The rewards that members can have now: offered by the merchant, allowed by what the merchant has granted, in time and not all gone. */
import { shopCalendar } from "../../core/calendar.ts";
import { isInTime, type Reward } from "../../core/loyalty/reward.ts";
import { withUnits } from "../../db/stores/reward-units.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Reading } from "../../db/types.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";

export async function offeredRewards(
  db: Reading,
  shop: Pick<Shop, "id" | "scopes" | "timeZone">,
  now = Date.now(),
): Promise<Reward[]> {
  const rewards = await listRewards(db, shop.id);
  const calendar = shopCalendar(shop.timeZone);
  const offered = rewards.filter(
    ({ isActive, gives }) =>
      isActive && missingScopes(shop, gives.kind).length === 0 && isInTime(gives, calendar, now),
  );
  return withUnits(db, shop.id, offered);
}
