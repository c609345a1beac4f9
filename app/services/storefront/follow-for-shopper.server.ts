/** A member has followed a link to where the shop is beside its storefront: that is believed, and earns once. */
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Database } from "../../db/types.ts";
import { earnActivity } from "../loyalty/earn-activity.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

export async function followForShopper(
  db: Database,
  shopId: number,
  customerId: number,
  key: string,
): Promise<ShopperOutcome> {
  const activities = (await findProgramme(db, shopId))?.activities ?? [];
  if (!activities.some((each) => each.key === key && each.kind === "follow"))
    return { ok: false, reason: "not-understood" };
  const earned = await earnActivity(db, shopId, customerId, { key, occasion: "once" });
  if (earned.ok) return { ok: true, message: earned.isAgain ? "earned-before" : "earned" };
  return { ok: false, reason: earned.reason === "no-member" ? "no-member" : "no-programme" };
}
