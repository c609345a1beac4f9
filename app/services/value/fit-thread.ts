/** The thread that learns from one shop's purchases and ends: it can take minutes, and nobody should wait behind it. */
import { parentPort, workerData } from "node:worker_threads";
import { fitShopModel, type ShopModel } from "../../core/clv/shop-model.ts";
import type { ShopPurchases } from "../../core/clv/shop-purchases.ts";

export interface FitRequest {
  purchases: ShopPurchases;
  seed: number;
}

const port = parentPort;
if (!port) throw new Error("fit-thread.ts runs as a worker thread only");
const { purchases, seed } = workerData as FitRequest;
const untilDay = purchases.day.reduce((latest, day) => Math.max(latest, day), -Infinity);
const model: ShopModel | null =
  purchases.day.length === 0 ? null : fitShopModel(purchases, { untilDay, seed });
port.postMessage(model);
