/** The page of what members and their friends get. */
import { USUAL_REFERRALS } from "../../core/referrals/referral-rules.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";

/** `null`: there is no programme. */
export async function openReferralSettings(
  db: Database,
  { id: shopId, domain, currency }: Pick<Shop, "id" | "domain" | "currency">,
) {
  const programme = await findProgramme(db, shopId);
  if (!programme) return null;
  const rewards = await listRewards(db, shopId);
  return {
    ...{ domain, currency },
    referrals: programme.referrals ?? USUAL_REFERRALS,
    rewards: rewards.filter(({ isActive }) => isActive).map(({ id, name }) => ({ id, name })),
  };
}
