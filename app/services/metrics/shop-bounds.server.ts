/** The days that a shop's orders span, for the choice of a period: remembered by version, because every page asks. */
import type { Bounds } from "../../core/metrics/view.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { shopMetrics } from "./shop-metrics.server.ts";

const EMPTY: Bounds = { firstDay: null, lastDay: null };
const SHOPS_REMEMBERED = 1_000;

const remembered = new Map<string, { dataVersion: number; bounds: Bounds }>();

export async function shopBounds(databaseUrl: string, { id, dataVersion }: Shop): Promise<Bounds> {
  const key = `${id} ${databaseUrl}`;
  const known = remembered.get(key);
  if (known?.dataVersion === dataVersion) return known.bounds;
  const answer = await shopMetrics(databaseUrl, id, { question: "bounds", options: {} });
  if (!answer) return EMPTY;
  remembered.delete(key);
  remembered.set(key, { dataVersion: answer.asOf.dataVersion, bounds: answer.figures });
  const oldest = remembered.keys().next().value;
  if (remembered.size > SHOPS_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return answer.figures;
}
