/** Saves what a merchant spent on acquiring customers, all of it or nothing; who saves over somebody else's change is told instead. */
import { loadAcquisitionCosts, saveAcquisitionCosts } from "../../db/stores/acquisition-costs.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { CostEdit } from "./costs-input.server.ts";

export type SavedCosts = { ok: true } | { ok: false; reason: "changed-meanwhile" };

export async function saveCosts(
  db: Database,
  shopId: number,
  edits: readonly CostEdit[],
): Promise<SavedCosts> {
  const saved = await db.write(async (tx): Promise<SavedCosts> => {
    await lockShop(tx, shopId);
    const stored = await loadAcquisitionCosts(tx, shopId);
    const isAsBegun = edits.every(({ month, beforeMinor }) => (stored.get(month) ?? null) === beforeMinor);
    if (!isAsBegun) return { ok: false, reason: "changed-meanwhile" };
    await saveAcquisitionCosts(tx, shopId, edits);
    failpoint("save-costs:before-commit");
    return { ok: true };
  });
  failpoint("save-costs:after-commit");
  return saved;
}
