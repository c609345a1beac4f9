/** Gives a demo's shop a points programme of some age, so that pictures of its pages have something to show. */
import { templateRules } from "../../app/core/loyalty/programme-templates.ts";
import { templateReward } from "../../app/core/loyalty/reward-templates.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { sumPoints } from "../../app/services/loyalty/sum-points.server.ts";

const PATIENCE_MS = 120_000;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;

export async function startProgramme(databaseUrl: string, domain: string): Promise<void> {
  const db = await openDatabase(databaseUrl);
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new Error(`${domain} is not installed`);
    const rules = templateRules("steady", shop.currency);
    const startedAt = Date.now() - TWO_YEARS_MS;
    await db.write(async (tx) => {
      await saveProgramme(tx, shop.id, { state: "running", membership: "automatic", startedAt });
      await addProgrammeVersion(tx, shop.id, startedAt, rules);
      const beginning = templateReward("amount-off", rules.base, shop.currency);
      await saveReward(tx, shop.id, { id: "five-off", name: "5 off", ...beginning }, Date.now());
    });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await accrueChangedOrders(db, shop.id, signal);
    await advancePoints(db, shop.id, signal);
    await sumPoints(db, shop.id, signal);
  } finally {
    await db.close();
  }
}
