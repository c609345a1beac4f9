/**
 * Learns how a shop's customers buy and keeps it: after the first sync, every night, and when the merchant changes what counts. What a customer
 * is worth is told from it for whatever they have done by the time of asking, so an order needs no new fit.
 */
import type { NewJob } from "../../core/job.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { loadValueModel, saveValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { startThread } from "../../observability/start-thread.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { enqueueTagging } from "../segments/enqueue-tagging.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import type { FitAnswer, FitRequest } from "./fit-thread.ts";
import { RISK_DAYS, tellAtRisk } from "./tell-at-risk.server.ts";

const PROGRAM = new URL("./fit-thread.ts", import.meta.url);

/** At most one waits; shops are fitted one after the other, because each takes a whole core. */
export function fitValueJob(shopId: number, runAt = Date.now()): NewJob<"fit-value"> {
  return { shopId, kind: "fit-value", payload: {}, key: "fit-value", queue: "value", runAt };
}

export async function fitValue(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  const shop = await activeShop(db, shopId);
  if (!shop) return;
  const { dataVersion, settingsVersion, installGeneration } = shop;
  const stored = await loadValueModel(db, shopId);
  if (stored?.dataVersion === dataVersion && stored.settingsVersion === settingsVersion) return;

  const { included } = revenueSwitches(shop);
  const answer = await shopMetrics(db.url, shopId, { question: "purchases", options: { included } });
  if (!answer) return;
  const { customerIds, ...purchases } = answer.figures;
  const fitted = await fitInThread({ purchases, seed: shopId, riskDays: RISK_DAYS }, signal);
  if (!fitted) return;
  const { model } = fitted;
  const atRisk = fitted.atRisk.map(({ customer, ...facts }) => ({
    customerId: customerIds[customer] as number,
    ...facts,
  }));
  await db.write(async (tx) => {
    await lockShop(tx, shopId);
    // Fitted on the orders of an install that has ended: they are nobody's now.
    if (!(await activeShop(tx, shopId, installGeneration))) return;
    await saveValueModel(tx, shopId, {
      fittedAt: Date.now(),
      dataVersion: answer.asOf.dataVersion,
      settingsVersion,
      model,
    });
    await tellAtRisk(tx, shop, atRisk, model.untilDay);
    await enqueueTagging(tx, shopId);
    failpoint("fit-value:before-commit");
  });
  failpoint("fit-value:after-commit");
}

async function fitInThread(request: FitRequest, signal: AbortSignal): Promise<FitAnswer> {
  signal.throwIfAborted();
  const thread = startThread(PROGRAM, request);
  const stop = () => void thread.terminate();
  signal.addEventListener("abort", stop);
  try {
    return await new Promise((resolve, reject) => {
      thread.on("message", resolve);
      thread.on("error", reject);
      thread.on("exit", (code) => reject(new Error(`the thread that fits models ended with code ${code}`)));
    });
  } finally {
    signal.removeEventListener("abort", stop);
    await thread.terminate();
  }
}
