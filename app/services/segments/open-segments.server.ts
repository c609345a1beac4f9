/** The page of segments: what each comes to, the sizes first and behind them what the model expects. */
import type { Stated } from "../../core/metrics/coverage.ts";
import type { SegmentFigures } from "../../core/segments/segment-figures.ts";
import { SEGMENTS, type SegmentName } from "../../core/segments/usual-segments.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { shopBounds } from "../metrics/shop-bounds.server.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { segmentOptions } from "./ask-segments.server.ts";
import { isUsual, segmentRules, type SegmentRules } from "./segment-rules.server.ts";

/** `null`: its rule waits for a model. */
type FiguresBySegment = Record<SegmentName, SegmentFigures | null>;
export type ToldSegments = Stated<FiguresBySegment>;

export async function openSegments(db: Database, shop: Shop) {
  const { firstDay } = await shopBounds(db.url, shop);
  const rules = await segmentRules(db, shop.id);
  return {
    isEmpty: firstDay === null,
    changed: SEGMENTS.filter((name) => !isUsual(name, rules[name])),
    sizes: tellSegments(db, shop, rules, false),
    values: tellSegments(db, shop, rules, true),
  };
}

export async function tellSegments(
  db: Database,
  shop: Shop,
  rules: SegmentRules,
  withValues: boolean,
): Promise<ToldSegments> {
  const asked = SEGMENTS.map((name) => rules[name]);
  const options = await segmentOptions(db, shop, asked, withValues);
  const answer = await shopMetrics(db.url, shop.id, {
    question: "segments",
    options: { ...options, rules: asked },
  });
  if (!answer) throw new Error("the shop has gone");
  const figures = Object.fromEntries(
    SEGMENTS.map((name, place) => [name, answer.figures[place] ?? null]),
  ) as FiguresBySegment;
  return { ...answer, figures };
}
