/** The page of rewards: each with what it is worth, what has become of it and what Shopify must still allow, or what to begin with. */
import type { Reward, RewardKind } from "../../core/loyalty/reward.ts";
import { REWARD_KINDS } from "../../core/loyalty/reward-bounds.ts";
import { REWARD_TEMPLATE_NAMES, templateReward } from "../../core/loyalty/reward-templates.ts";
import { rewardHolders } from "../../db/queries/reward-holders.server.ts";
import { rewardCounts } from "../../db/queries/reward-counts.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { unitCounts } from "../../db/stores/reward-units.server.ts";
import { findReward, listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { hasPointsDiscount } from "../../shopify/rewards/discount-codes.server.ts";
import { missingScopes } from "../../shopify/rewards/reward-scopes.ts";
import { askForPage } from "../customers/ask-for-page.server.ts";
import { nameCustomers } from "../customers/name-records.server.ts";
import { loadDonations } from "./load-donations.server.ts";
import { nameVariants } from "./name-goods.server.ts";

/** `null`: there is no programme whose points could be spent. */
export async function openRewards(db: Database, shop: Shop) {
  const base = await baseRule(db, shop);
  if (!base) return null;
  const rewards = await listRewards(db, shop.id);
  const variantIds = rewards.flatMap(({ gives }) => (gives.kind === "free-product" ? [gives.variantId] : []));
  return {
    ...{ base, rewards, missing: missingOf(shop) },
    templates: REWARD_TEMPLATE_NAMES.map((name) => ({
      name,
      beginning: templateReward(name, base, shop.currency),
    })),
    counts: rewardCounts(db, shop.id),
    units: Object.fromEntries(await unitCounts(db, shop.id, rewards)),
    variantNames: nameVariants(db, shop.id, [...new Set(variantIds)]),
  };
}

const NEW_REWARD = "new";

/** `null`: there is no such reward; "no-programme": there is nothing that it could be had for. */
export async function openReward(db: Database, shop: Shop, rewardId: string, parameters: URLSearchParams) {
  const base = await baseRule(db, shop);
  if (!base) return "no-programme";
  const frame = { base, missing: missingOf(shop) };
  if (rewardId === NEW_REWARD) {
    const template = REWARD_TEMPLATE_NAMES.find((name) => name === parameters.get("template"));
    const beginning = templateReward(template ?? "amount-off", base, shop.currency);
    return {
      ...frame,
      reward: null,
      beginning,
      isFromTemplate: template !== undefined,
      ...NOTHING_YET,
      takesAmounts: takesAmounts(db, shop),
    };
  }
  const reward = await findReward(db, shop.id, rewardId);
  if (!reward) return null;
  const counts = await rewardCounts(db, shop.id, reward.id);
  const { gives } = reward;
  const variantIds = gives.kind === "free-product" ? [gives.variantId] : [];
  return {
    ...{ ...frame, reward, beginning: reward, isFromTemplate: false },
    held: counts[reward.id]?.held ?? 0,
    ...(await givenOf(db, shop, reward)),
    variantNames: nameVariants(db, shop.id, variantIds),
    takesAmounts: takesAmounts(db, shop),
  };
}

/** Whether amounts can be named by currency: the app was deployed with its function. `null`: Shopify could not be asked. */
function takesAmounts(db: Database, { id }: Shop): Promise<boolean | null> {
  return askForPage(db, id, hasPointsDiscount);
}

const NOTHING_YET = {
  ...{ held: 0, variantNames: Promise.resolve({}) },
  ...{ units: null, holders: null, names: Promise.resolve({}), donations: null },
};

/** A day's list at a door. */
const MOST_HOLDERS = 100;

/** What has become of a reward that Perennial gives by itself; names come from Shopify while the page is open. */
async function givenOf(db: Database, shop: Shop, reward: Reward) {
  const { id, gives } = reward;
  const units = (await unitCounts(db, shop.id, [reward])).get(id) ?? null;
  const isListed = gives.kind === "event" || gives.kind === "refill";
  const holders = isListed ? await rewardHolders(db, shop.id, id, MOST_HOLDERS) : null;
  const customerIds = (holders ?? []).flatMap(({ customerId }) => customerId ?? []);
  const names = nameCustomers(db, shop.id, [...new Set(customerIds)]);
  return {
    units,
    holders,
    names,
    donations: gives.kind === "donation" ? await loadDonations(db, shop) : null,
  };
}

async function baseRule(db: Database, { id }: Shop) {
  return (await findProgramme(db, id))?.versions.at(-1)?.rules.base ?? null;
}

/** By kind, what the merchant has still to allow. */
function missingOf(shop: Shop): Record<RewardKind, string[]> {
  const of = (kind: RewardKind) => missingScopes(shop, kind);
  return Object.fromEntries(REWARD_KINDS.map((kind) => [kind, of(kind)])) as Record<RewardKind, string[]>;
}
