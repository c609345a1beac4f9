/** What a job needs before it may work for a shop: that it is still installed, and by the install that added the job. */
import { findShopById, type Shop } from "../../db/stores/shops.server.ts";
import type { Reading } from "../../db/types.ts";

/** `null` where the shop has left, or has come back since: the work belongs to nobody. */
export async function activeShop(
  db: Reading,
  shopId: number,
  installGeneration?: number,
): Promise<Shop | null> {
  const shop = await findShopById(db, shopId);
  if (!shop || shop.installedAt === null || shop.uninstalledAt !== null) return null;
  if (installGeneration !== undefined && shop.installGeneration !== installGeneration) return null;
  return shop;
}
