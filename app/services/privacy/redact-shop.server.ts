/** Erases a shop that has left: all of its rows, sessions, events and jobs. */
import { eraseShop } from "../../db/stores/erasures.server.ts";
import { findShopById } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

export async function redactShop(db: Database, shopId: number, installGeneration: number): Promise<void> {
  await db.write(async (tx) => {
    const shop = await findShopById(tx, shopId);
    if (!shop || shop.uninstalledAt === null || shop.installGeneration !== installGeneration) return;
    await eraseShop(tx, shopId);
    failpoint("redact-shop:before-commit");
  });
  failpoint("redact-shop:after-commit");
}
