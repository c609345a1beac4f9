/** The rules of a shop's segments: its own where the merchant has changed them, the usual ones everywhere else. */
import { z } from "zod";
import {
  boundsOf,
  COMPARISONS,
  FACTS,
  MOST_CONDITIONS,
  sameRule,
  type SegmentRule,
} from "../../core/segments/segment-rule.ts";
import { isSegmentName, USUAL_RULES, type SegmentName } from "../../core/segments/usual-segments.ts";
import { loadSegments, removeSegment, saveSegment } from "../../db/stores/segments.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Reading } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

export type SegmentRules = Readonly<Record<SegmentName, SegmentRule>>;

const ruleShape = z
  .array(
    z
      .object({ fact: z.enum(FACTS), is: z.enum(COMPARISONS), value: z.number().int() })
      .refine(({ value, ...of }) => value >= boundsOf(of).least && value <= boundsOf(of).most),
  )
  .min(1)
  .max(MOST_CONDITIONS);

/** `null`: no rule. */
export function parseRule(text: string | null): SegmentRule | null {
  try {
    const parsed = ruleShape.safeParse(JSON.parse(text ?? ""));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export async function segmentRules(db: Reading, shopId: number): Promise<SegmentRules> {
  const rules: Record<SegmentName, SegmentRule> = { ...USUAL_RULES };
  for (const { name, rule } of await loadSegments(db, shopId)) {
    const parsed = ruleShape.safeParse(rule);
    if (isSegmentName(name) && parsed.success) rules[name] = parsed.data;
  }
  return rules;
}

/** A rule that is the usual one is not kept. False, and nothing is changed: the rule is no longer the one that the change began from. */
export async function changeRule(
  db: Database,
  shopId: number,
  name: SegmentName,
  rule: SegmentRule,
  begunFrom: SegmentRule,
): Promise<boolean> {
  const isSaved = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    if (!sameRule((await segmentRules(tx, shopId))[name], begunFrom)) return false;
    if (sameRule(rule, USUAL_RULES[name])) await removeSegment(tx, shopId, name);
    else await saveSegment(tx, shopId, name, rule, Date.now());
    failpoint("change-rule:before-commit");
    return true;
  });
  failpoint("change-rule:after-commit");
  return isSaved;
}

export function isUsual(name: SegmentName, rule: SegmentRule): boolean {
  return sameRule(rule, USUAL_RULES[name]);
}
