/** A merchant says what members earn for beside orders: saved as a whole, over what it was begun from. */
import { z } from "zod";
import { findProgramme, saveActivities } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { parseActivities } from "./activities-input.server.ts";

const text = z.string().max(50_000);
const wish = z.object({ intent: z.literal("save-activities"), activities: text, begunFrom: text });

interface ActivitiesChange {
  ok: boolean;
  message: string;
  /** Somebody else saved first. */
  changedMeanwhile?: boolean;
}

/** `null`: nothing that can be asked. */
export async function changeActivities(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<ActivitiesChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const activities = parseActivities(asked.data.activities);
  const begunFrom = parseActivities(asked.data.begunFrom);
  if (!activities || !begunFrom) return { ok: false, message: "These ways to earn make no sense" };
  const saved = await db.write(async (tx): Promise<ActivitiesChange> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    if (!programme) return { ok: false, message: "There is no programme yet" };
    const isSame = (some: unknown) => JSON.stringify(some) === JSON.stringify(programme.activities);
    // The answer to the first time was lost.
    if (isSame(activities)) return { ok: true, message: "The ways to earn are saved" };
    if (!isSame(begunFrom))
      return {
        ok: false,
        message: "Somebody else changed the ways to earn meanwhile",
        changedMeanwhile: true,
      };
    await saveActivities(tx, shopId, activities);
    failpoint("change-activities:before-commit");
    return { ok: true, message: "The ways to earn are saved" };
  });
  failpoint("change-activities:after-commit");
  return saved;
}
