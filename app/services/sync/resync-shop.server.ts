/** Reads a shop's history anew because a person asked for it; figures keep coming from what is stored meanwhile. */
import { loadSyncState } from "../../db/stores/sync-state.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { activeShop } from "./active-shop.server.ts";
import { restartSync } from "./restart-sync.server.ts";

type Resync = { ok: true } | { ok: false; reason: "not-installed" | "under-way" };

export async function resyncShop(db: Database, shopId: number): Promise<Resync> {
  const result = await db.write(async (tx): Promise<Resync> => {
    const shop = await activeShop(tx, shopId);
    if (!shop) return { ok: false, reason: "not-installed" };
    const state = await loadSyncState(tx, shopId);
    // A second start would throw away what the running one has fetched.
    if (state && state.phase !== "complete" && state.phase !== "failed") {
      return { ok: false, reason: "under-way" };
    }
    await restartSync(tx, shopId, shop.installGeneration);
    failpoint("resync-shop:before-commit");
    return { ok: true };
  });
  failpoint("resync-shop:after-commit");
  return result;
}
