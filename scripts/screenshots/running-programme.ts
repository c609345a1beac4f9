/** Gives a demo's shop a points programme of some age, so that pictures of its pages have something to show. */
import { templateRules } from "../../app/core/loyalty/programme-templates.ts";
import { templateReward } from "../../app/core/loyalty/reward-templates.ts";
import { FLOW_TRIGGERS } from "../../app/core/events/flow-triggers.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { changeReceiver } from "../../app/services/events/change-receiver.server.ts";
import { noteTriggerUse } from "../../app/services/events/note-trigger-use.server.ts";
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
    await connectPrograms(db, shop.id);
    await accrueChangedOrders(db, shop.id, signal);
    await advancePoints(db, shop.id, signal);
    await sumPoints(db, shop.id, signal);
  } finally {
    await db.close();
  }
}

/** As a merchant who has connected a workflow and a program. */
async function connectPrograms(db: Database, shopId: number): Promise<void> {
  for (const kind of ["points.expiring", "tier.changed"] as const)
    await noteTriggerUse(
      db,
      { id: shopId },
      {
        flow_trigger_definition_id: FLOW_TRIGGERS[kind]?.name,
        has_enabled_flow: true,
        timestamp: new Date().toISOString(),
      },
    );
  const kinds = ["points.earned", "reward.redeemed", "customer.at_risk"].join(",");
  const url = "https://hooks.example.com/perennial";
  await changeReceiver(db, shopId, { intent: "add-endpoint", url, kinds });
}
