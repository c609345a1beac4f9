/** Publishes what every page of the storefront knows: the programme, what can be had for points and the texts that the merchant has changed, as the app's own data. */
import type { RetryAt } from "../../core/retry-at.ts";
import { versionAt, type EarningRules } from "../../core/loyalty/programme.ts";
import { compileRuleTable } from "../../core/loyalty/rule-table.ts";
import { LIST_LENGTH } from "../../core/recommendations/customer-lists.ts";
import { productList, type Contents } from "../../core/storefront/metafields.ts";
import { programmeData } from "../../core/storefront/programme-data.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { popularNow } from "../recommendations/recommend-for.server.ts";
import { offeredRewards } from "./offered-rewards.server.ts";
import { ownTexts } from "./own-texts.server.ts";
import { publishOwners, type OwnerKind } from "./publish-owners.server.ts";

const PROGRAMME: OwnerKind = { type: "app", contentsOf: appData };

export async function publishProgramme(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  longestMs?: number,
): Promise<RetryAt | void> {
  return publishOwners(db, shopId, PROGRAMME, signal, longestMs);
}

async function appData(db: Database, shop: Shop, ids: readonly number[]): Promise<Map<number, Contents>> {
  const programme = await findProgramme(db, shop.id);
  const isOn = (await findStorefront(db, shop.id))?.state === "on";
  const rules = programme ? (versionAt(programme.versions, Date.now())?.rules ?? null) : null;
  const texts = await ownTexts(db, shop.id);
  const contents: Record<string, string | null> = {
    texts: Object.keys(texts).length > 0 ? JSON.stringify(texts) : null,
    programme: programmeData({
      state: isOn && programme ? programme.state : "off",
      rules,
      currency: shop.currency,
      rewards: await offeredRewards(db, shop),
    }),
  };
  if (isOn) {
    contents["popular"] = productList((await popularNow(db, shop.id)).slice(0, LIST_LENGTH));
    Object.assign(contents, rulesOf(shop, rules));
  }
  return new Map(ids.map((id) => [id, contents]));
}

/** Rules that are too large for a metafield are not published: none are promised, and none by halves. */
function rulesOf({ id: shopId, currency }: Shop, rules: EarningRules | null): Contents {
  if (!rules) return { rules: null };
  const compiled = compileRuleTable(rules, currency, Date.now());
  if (compiled.ok) return { rules: JSON.stringify(compiled.table) };
  log.warn(
    { shopId, bytes: compiled.bytes, mostBytes: compiled.mostBytes },
    "the rules are too large to be published",
  );
  return { rules: null };
}
