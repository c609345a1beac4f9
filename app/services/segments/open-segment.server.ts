/** One segment's page: its rule, what it comes to, and how it moved. */
import type { Stated } from "../../core/metrics/coverage.ts";
import type { MonthlyCosts, SegmentFigures } from "../../core/segments/segment-figures.ts";
import type { SegmentMovement } from "../../core/segments/segment-movement.ts";
import type { SegmentRule } from "../../core/segments/segment-rule.ts";
import { segmentTag } from "../../core/segments/segment-tag.ts";
import { isSegmentName, type SegmentName } from "../../core/segments/usual-segments.ts";
import { loadAcquisitionCosts } from "../../db/stores/acquisition-costs.server.ts";
import { countSegmentTags, findTagging } from "../../db/stores/segment-tags.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { shopBounds } from "../metrics/shop-bounds.server.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { atOnce, type Begin } from "../metrics/when-painted.ts";
import { segmentOptions } from "./ask-segments.server.ts";
import { canTag, TAGGING_SCOPE } from "./can-tag.ts";
import { isUsual, segmentRules } from "./segment-rules.server.ts";

/** `null`: no such segment. `begin`: when to begin what the page shows last. */
export async function openSegment(db: Database, shop: Shop, name: string | undefined, begin: Begin = atOnce) {
  if (!isSegmentName(name)) return null;
  const rule = (await segmentRules(db, shop.id))[name];
  const { firstDay } = await shopBounds(db.url, shop);
  return {
    name,
    rule,
    isEmpty: firstDay === null,
    isUsual: isUsual(name, rule),
    tags: await taggingOf(db, shop, name),
    figures: segmentWithValues(db, shop, rule),
    below: { movement: begin(() => movementOf(db, shop, rule)) },
  };
}

async function taggingOf(db: Database, shop: Shop, name: SegmentName) {
  const tagging = await findTagging(db, shop.id, name);
  return {
    tag: segmentTag(name),
    scope: canTag(shop) ? null : TAGGING_SCOPE,
    tagging,
    tagged: tagging ? await countSegmentTags(db, shop.id, name) : 0,
  };
}

async function segmentWithValues(
  db: Database,
  shop: Shop,
  rule: SegmentRule,
): Promise<Stated<SegmentFigures | null>> {
  const costs = [...(await loadAcquisitionCosts(db, shop.id))];
  return ruleFigures(db, shop, rule, { withValues: true, costs });
}

/** Of a rule that need not be anybody's. */
export async function ruleFigures(
  db: Database,
  shop: Shop,
  rule: SegmentRule,
  { withValues, costs = [] }: { withValues: boolean; costs?: MonthlyCosts },
): Promise<Stated<SegmentFigures | null>> {
  const options = await segmentOptions(db, shop, [rule], withValues);
  const answer = await shopMetrics(db.url, shop.id, {
    question: "segments",
    options: { ...options, rules: [rule], costs },
  });
  if (!answer) throw new Error("the shop has gone");
  return { ...answer, figures: answer.figures[0] ?? null };
}

async function movementOf(
  db: Database,
  shop: Shop,
  rule: SegmentRule,
): Promise<Stated<SegmentMovement | null>> {
  const options = await segmentOptions(db, shop, [rule]);
  const answer = await shopMetrics(db.url, shop.id, {
    question: "segmentMovement",
    options: { ...options, rule },
  });
  if (!answer) throw new Error("the shop has gone");
  return answer;
}
