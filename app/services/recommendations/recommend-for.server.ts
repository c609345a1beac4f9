/**
 * What customers are shown, product pages show beside their product, and guests see. Asked of a thread of its own that holds the shop's orders and what
 * was learnt of them: after a new order the lists of its customer cost milliseconds.
 */
import type { RecommendationAsk, RecommendationsTold } from "../../core/recommendations/ask.ts";
import type { CustomerLists } from "../../core/recommendations/customer-lists.ts";
import { lastActions } from "../../db/queries/last-actions.server.ts";
import {
  beginRecommending,
  loadRecommendationSettings,
  type RecommendationSettings,
} from "../../db/stores/recommendation-settings.server.ts";
import { findShopById } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { tellRecommendations } from "./tell-recommendations.server.ts";

/** Everybody who is asked for has lists, but those of a shop that is gone. */
export async function recommendFor(
  db: Database,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, CustomerLists>> {
  const lastActedAt = await lastActions(db, shopId, customerIds);
  const told = await askRecommendations(db, shopId, { customerIds, lastActedAt });
  return new Map(told?.lists.map((lists, at) => [customerIds[at] as number, lists]));
}

/** Of each product what goes with it, the surest first, filled up with what sells now, of the same type if there is any. */
export async function goesWith(
  db: Database,
  shopId: number,
  productIds: readonly number[],
): Promise<Map<number, number[]>> {
  const told = await askRecommendations(db, shopId, { goesWithIds: productIds });
  return new Map(told?.goesWith.map((others, at) => [productIds[at] as number, others]));
}

/** What sells now, for guests. */
export async function popularNow(db: Database, shopId: number): Promise<number[]> {
  const told = await askRecommendations(db, shopId, {});
  return told?.popular.map(({ productId }) => productId) ?? [];
}

type Asked = Pick<RecommendationAsk, "customerIds" | "lastActedAt" | "goesWithIds">;

/** `null`: no such shop. */
async function askRecommendations(
  db: Database,
  shopId: number,
  asked: Asked,
): Promise<RecommendationsTold | null> {
  const shop = await findShopById(db, shopId);
  if (!shop) return null;
  const { switches, experimentKey, heldOutBasisPoints } = await settingsOf(db, shopId);
  return tellRecommendations(db, shop, switches, {
    ...asked,
    experiment: { key: experimentKey, share: heldOutBasisPoints / 10_000 },
  });
}

/** Whoever recommends first begins the comparison. */
async function settingsOf(db: Database, shopId: number): Promise<RecommendationSettings> {
  const known = await loadRecommendationSettings(db, shopId);
  if (known) return known;
  failpoint("begin-recommending:before-commit");
  const begun = await db.write((tx) => beginRecommending(tx, shopId, Date.now()));
  failpoint("begin-recommending:after-commit");
  return begun;
}
