/** What a merchant wants of a segment's tag at Shopify: that it is kept up, left as it is, or taken away from everybody. */
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import { findTagging, saveTagging, type TaggingState } from "../../db/stores/segment-tags.server.ts";
import { findShopById, lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { refreshShop } from "../sync/refresh-shop.server.ts";
import { canTag } from "./can-tag.ts";
import { enqueueTagging } from "./enqueue-tagging.server.ts";

export type TaggingOutcome = "changed" | "not-allowed" | "nothing-to-change";

export async function changeTagging(
  db: Database,
  shopId: number,
  name: SegmentName,
  state: TaggingState,
): Promise<TaggingOutcome> {
  if (state !== "stopped" && !(await mayTag(db, shopId))) return "not-allowed";
  const outcome = await db.write(async (tx): Promise<TaggingOutcome> => {
    await lockShop(tx, shopId);
    const before = await findTagging(tx, shopId, name);
    if (!before && state !== "on") return "nothing-to-change";
    // Two wishes within a millisecond must differ, too.
    const startedAt = Math.max(Date.now(), (before?.startedAt ?? 0) + 1);
    const finishedAt = state === "stopped" ? (before?.finishedAt ?? null) : null;
    await saveTagging(tx, shopId, name, { state, startedAt, finishedAt });
    if (state !== "stopped") await enqueueTagging(tx, shopId, [name]);
    failpoint("change-tagging:before-commit");
    return "changed";
  });
  failpoint("change-tagging:after-commit");
  return outcome;
}

/** A scope that has just been granted is known to Shopify before its webhook comes. */
async function mayTag(db: Database, shopId: number): Promise<boolean> {
  const known = await findShopById(db, shopId);
  if (!known || canTag(known)) return known !== null;
  try {
    await refreshShop(db, shopId);
  } catch (error) {
    if (error instanceof ShopifyError) return false;
    throw error;
  }
  const refreshed = await findShopById(db, shopId);
  return refreshed !== null && canTag(refreshed);
}
