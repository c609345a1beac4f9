/** The page of dry runs: what one could be about, and what the last has come to. */
import { pointValue } from "../../core/loyalty/point-value.ts";
import { latestDryRun } from "../../db/stores/dry-runs.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { expectedRedemption } from "./load-liability.server.ts";

/** `null`: there is no programme. */
export async function openDryRun(db: Database, shop: Shop) {
  const { id: shopId } = shop;
  const programme = await findProgramme(db, shopId);
  const latest = programme?.versions.at(-1);
  if (!programme || !latest || programme.startedAt === null) return null;
  const run = await latestDryRun(db, shopId);
  // What points were redeemed for counts where the liability is reckoned; here the best reward is the careful choice.
  const value = pointValue(programme.pointValue, await listRewards(db, shopId), []);
  const points = (run?.report?.points ?? 0) + (run?.report?.waitingPoints ?? 0);
  return {
    startedAt: programme.startedAt,
    isAccruing: latest.rules.isAccruing,
    hasOtherRules: programme.versions.length > 1,
    run: run && {
      ...{ id: run.id, kind: run.kind, state: run.state, fromAt: run.fromAt, startedAt: run.startedAt },
      ...{ orders: run.orders, done: run.done, report: run.report, finishedAt: run.finishedAt },
      ...{ mostPoints: run.mostPoints, rules: ruleOf(programme, run.version) },
    },
    liabilityMinor: value && Math.round(points * value.minor),
    /** Of points like these, as the ledger tells; `null`: it is too early to tell. */
    redeemedShare: await expectedRedemption(db, shop, programme),
  };
}

/** By which the orders earn, and since when it holds. */
function ruleOf({ versions }: Programme, version: number) {
  const found = versions.find((each) => each.version === version);
  return found ? { base: found.rules.base, validFrom: found.validFrom } : null;
}
