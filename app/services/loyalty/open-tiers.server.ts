/** The tiers' page: the ladder, who is where, and how far a change has come. */
import { tiersSince } from "../../core/loyalty/programme.ts";
import type { TierRules } from "../../core/loyalty/tiers.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import { programmeTotals } from "../../db/queries/programme-totals.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import { accessRules } from "../../db/stores/product-access.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { countByTier } from "../../db/stores/tiers.server.ts";
import type { Database } from "../../db/types.ts";
import { enforcement, missingValidationScopes } from "../../shopify/tier-access.server.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";

/** What a programme begins with that has none. */
const NO_TIERS: TierRules = { by: "spend", period: "rolling-year", graceDays: 30, ladder: [] };

/** `null`: there is no programme. */
export async function openTiers(db: Database, shop: Pick<Shop, "id" | "scopes">) {
  const { id: shopId } = shop;
  const programme = await findProgramme(db, shopId);
  const latest = programme?.versions.at(-1);
  if (!programme || !latest) return null;
  const tiers = latest.rules.tiers ?? NO_TIERS;
  const [counts, totals, rewards, access, storefront] = await Promise.all([
    countByTier(db, shopId),
    programmeTotals(db, shopId),
    listRewards(db, shopId),
    accessRules(db, shopId),
    findStorefront(db, shopId),
  ]);
  const sold = tiers.ladder.flatMap((tier) => tier.sold.map(({ productId }) => productId));
  const productIds = [...new Set([...sold, ...access.map(({ productId }) => productId)])];
  const missingScopes = missingValidationScopes(shop);
  return {
    version: latest.version,
    tiers,
    base: latest.rules.base,
    windowDays: latest.rules.windowDays,
    members: totals.members,
    counts: Object.fromEntries(counts),
    isJudging: latest.rules.tiers !== undefined && programme.tiersJudged < tiersSince(programme.versions),
    rewards: rewards.map(({ id, name, isActive }) => ({ id, name, isActive })),
    access,
    isPublished: storefront?.state === "on" && programme.state !== "off",
    missingScopes,
    // A merchant who has none of it is asked nothing.
    enforcement:
      missingScopes.length > 0 || access.length === 0
        ? Promise.resolve(null)
        : askForPage(db, shopId, enforcement),
    products: Object.fromEntries(await productTitles(db, shopId, productIds)),
  };
}
