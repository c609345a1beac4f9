/** The thread that learns from one shop's purchases and ends: it can take minutes, and nobody should wait behind it. */
import { parentPort, workerData } from "node:worker_threads";
import { newlyAtRisk, type NewlyAtRisk } from "../../core/clv/newly-at-risk.ts";
import { fitShopModel, type ShopModel } from "../../core/clv/shop-model.ts";
import type { ShopPurchases } from "../../core/clv/shop-purchases.ts";

export interface FitRequest {
  purchases: ShopPurchases;
  seed: number;
  /** Within which somebody's risk has to have risen to be newly so. */
  riskDays: number;
}

/** `null`: nobody has bought yet. */
export type FitAnswer = { model: ShopModel; atRisk: NewlyAtRisk[] } | null;

const port = parentPort;
if (!port) throw new Error("fit-thread.ts runs as a worker thread only");
const { purchases, seed, riskDays } = workerData as FitRequest;
const untilDay = purchases.day.reduce((latest, day) => Math.max(latest, day), -Infinity);
const model: ShopModel | null =
  purchases.day.length === 0 ? null : fitShopModel(purchases, { untilDay, seed });
const answer: FitAnswer = model && { model, atRisk: newlyAtRisk(purchases, model, riskDays) };
port.postMessage(answer);
