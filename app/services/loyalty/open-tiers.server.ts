/** The tiers' page: the ladder, who is where, and how far a change has come. */
import { tiersSince } from "../../core/loyalty/programme.ts";
import type { TierRules } from "../../core/loyalty/tiers.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import { programmeTotals } from "../../db/queries/programme-totals.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { countByTier } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";

/** What a programme begins with that has none. */
const NO_TIERS: TierRules = { by: "spend", period: "rolling-year", graceDays: 30, ladder: [] };

/** `null`: there is no programme. */
export async function openTiers(db: Database, { id: shopId }: Pick<Shop, "id">) {
  const programme = await findProgramme(db, shopId);
  const latest = programme?.versions.at(-1);
  if (!programme || !latest) return null;
  const tiers = latest.rules.tiers ?? NO_TIERS;
  const [counts, totals, rewards] = await Promise.all([
    countByTier(db, shopId),
    programmeTotals(db, shopId),
    listRewards(db, shopId),
  ]);
  const productIds = tiers.ladder.flatMap(({ sold }) => sold.map(({ productId }) => productId));
  return {
    version: latest.version,
    tiers,
    base: latest.rules.base,
    windowDays: latest.rules.windowDays,
    members: totals.members,
    counts: Object.fromEntries(counts),
    isJudging: latest.rules.tiers !== undefined && programme.tiersJudged < tiersSince(programme.versions),
    rewards: rewards.map(({ id, name, isActive }) => ({ id, name, isActive })),
    products: Object.fromEntries(await productTitles(db, shopId, productIds)),
  };
}
