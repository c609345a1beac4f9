/**
 * Publishes what every page knows of the programme, what can be had for points and the texts that the merchant has changed: to the storefront
 * as the app's own data, to extensions in checkout and account as the shop's.
 */
import type { RetryAt } from "../../core/retry-at.ts";
import { versionAt } from "../../core/loyalty/programme.ts";
import type { RuleTable } from "../../core/loyalty/rule-table.ts";
import { LIST_LENGTH } from "../../core/recommendations/customer-lists.ts";
import { productList, type Contents } from "../../core/storefront/metafields.ts";
import { programmeData, referralOffer } from "../../core/storefront/programme-data.ts";
import { uiData } from "../../core/storefront/ui-data.ts";
import { config } from "../../config.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { popularNow } from "../recommendations/recommend-for.server.ts";
import { compiledRules } from "./compiled-rules.server.ts";
import { offeredRewards } from "./offered-rewards.server.ts";
import { ownTexts } from "./own-texts.server.ts";
import { publishOwners, type OwnerKind } from "./publish-owners.server.ts";

const STOREFRONT: OwnerKind = { type: "app", contentsOf: appData };
const EXTENSIONS: OwnerKind = { type: "shop", contentsOf: shopData };

export async function publishProgramme(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  longestMs?: number,
): Promise<RetryAt | void> {
  const later = await publishOwners(db, shopId, STOREFRONT, signal, longestMs);
  return (await publishOwners(db, shopId, EXTENSIONS, signal, longestMs)) ?? later;
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
      activities: programme?.activities ?? [],
      referral: referralOffer(programme?.referrals ?? null, await offeredRewards(db, shop)),
    }),
  };
  if (isOn) {
    contents["popular"] = productList((await popularNow(db, shop.id)).slice(0, LIST_LENGTH));
    const table = ruleTableOf(shop, programme);
    contents["rules"] = table && JSON.stringify(table);
  }
  return new Map(ids.map((id) => [id, contents]));
}

/** Nothing where nothing is on: an extension that finds nothing shows nothing. */
async function shopData(db: Database, shop: Shop, ids: readonly number[]): Promise<Map<number, Contents>> {
  const programme = await findProgramme(db, shop.id);
  const isOn = (await findStorefront(db, shop.id))?.state === "on";
  const rules = programme ? (versionAt(programme.versions, Date.now())?.rules ?? null) : null;
  if (!programme || !isOn || programme.state === "off" || !rules)
    return new Map(ids.map((id) => [id, { ui: null }]));
  const rewards = await offeredRewards(db, shop);
  const ui = uiData({
    api: new URL("/ui", config().SHOPIFY_APP_URL).href,
    state: programme.state,
    currency: shop.currency,
    rules: ruleTableOf(shop, programme),
    rewards,
    surveyPoints: programme.surveyPoints,
    tiers: rules.tiers,
    referral: referralOffer(programme.referrals, rewards),
    texts: await ownTexts(db, shop.id),
  });
  return new Map(ids.map((id) => [id, { ui }]));
}

/** Rules that are too large for a metafield are not published: none are promised, and none by halves. */
function ruleTableOf({ id: shopId, currency }: Shop, programme: Programme | null): RuleTable | null {
  const compiled = compiledRules(programme, currency);
  if (!compiled || compiled.ok) return compiled?.table ?? null;
  const { bytes, mostBytes } = compiled;
  log.warn({ shopId, bytes, mostBytes }, "the rules are too large to be published");
  return null;
}
