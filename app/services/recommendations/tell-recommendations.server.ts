/** Asks the thread that knows a shop's taste, with what its products are now. */
import type { RecommendationAsk, RecommendationsTold } from "../../core/recommendations/ask.ts";
import { productFacts, type ProductFacts } from "../../core/recommendations/product-facts.ts";
import type { Switches } from "../../core/recommendations/switches.ts";
import { readProductFacts } from "../../db/queries/product-facts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";

/** `null`: no such shop. */
export async function tellRecommendations(
  db: Database,
  shop: Shop,
  switches: Switches,
  asked: Omit<RecommendationAsk, "facts" | "switches" | "now">,
): Promise<RecommendationsTold | null> {
  const facts = await factsOf(db, shop, switches.marginWeight > 0);
  const options = { ...asked, facts, switches, now: Date.now() };
  const answer = await shopMetrics(db.url, shop.id, { question: "recommendations", options });
  return answer && answer.figures;
}

/** Shops whose products this process keeps in mind. */
const SHOPS_KEPT = 50;

const kept = new Map<string, { version: string; facts: ProductFacts }>();

/** Unit costs can change without their product: margins are read each time. */
async function factsOf(db: Database, shop: Shop, withMargins: boolean): Promise<ProductFacts> {
  const read = async () => productFacts(await readProductFacts(db, shop.id, withMargins));
  if (withMargins) return read();
  const key = `${db.url} ${shop.id}`;
  const version = `${shop.installGeneration} ${shop.productsVersion}`;
  const known = kept.get(key);
  const facts = known?.version === version ? known.facts : await read();
  kept.delete(key);
  kept.set(key, { version, facts });
  const [oldest] = kept.keys();
  if (kept.size > SHOPS_KEPT && oldest !== undefined) kept.delete(oldest);
  return facts;
}
