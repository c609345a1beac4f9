/** The days that a shop's orders span and how much of its costs is known: remembered by version, because every page asks. */
import type { Bounds } from "../../core/metrics/view.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { shopMetrics } from "./shop-metrics.server.ts";

export interface ShopBounds extends Bounds {
  /** Share of all net sales whose unit cost is known. */
  unitCostShare: number | null;
}

const EMPTY: ShopBounds = { firstDay: null, lastDay: null, unitCostShare: null };
const SHOPS_REMEMBERED = 1_000;

const remembered = new Map<string, { dataVersion: number; bounds: ShopBounds }>();

export async function shopBounds(
  databaseUrl: string,
  { id, dataVersion }: Pick<Shop, "id" | "dataVersion">,
): Promise<ShopBounds> {
  const key = `${id} ${databaseUrl}`;
  const known = remembered.get(key);
  if (known?.dataVersion === dataVersion) return known.bounds;
  const answer = await shopMetrics(databaseUrl, id, { question: "bounds", options: {} });
  if (!answer) return EMPTY;
  const bounds = { ...answer.figures, unitCostShare: answer.coverage.unitCostShare };
  remembered.delete(key);
  remembered.set(key, { dataVersion: answer.asOf.dataVersion, bounds });
  const oldest = remembered.keys().next().value;
  if (remembered.size > SHOPS_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return bounds;
}
