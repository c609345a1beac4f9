/** What a merchant can do on a segment's page, each with the sentence that tells how it went. */
import { z } from "zod";
import { isSegmentName } from "../../core/segments/usual-segments.ts";
import type { Database } from "../../db/types.ts";
import { changeTagging } from "./change-tagging.server.ts";
import { changeRule, parseRule } from "./segment-rules.server.ts";

const ruleText = z.string().max(4_000);

const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save-rule"), rule: ruleText, begunFrom: ruleText }),
  z.object({ intent: z.literal("tag") }),
  z.object({ intent: z.literal("stop-tagging") }),
  z.object({ intent: z.literal("untag") }),
]);

interface SegmentChange {
  ok: boolean;
  message: string;
  /** Somebody else saved a rule first. */
  changedMeanwhile?: boolean;
}

const TAGGING = {
  tag: { state: "on", message: "The customers are being tagged" },
  "stop-tagging": { state: "stopped", message: "Tagging is stopped" },
  untag: { state: "removing", message: "The tags are being removed" },
} as const;

/** `null`: nothing that can be asked. */
export async function changeSegment(
  db: Database,
  shopId: number,
  name: string | undefined,
  form: Record<string, unknown>,
): Promise<SegmentChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success || !isSegmentName(name)) return null;
  if (asked.data.intent === "save-rule") {
    const rule = parseRule(asked.data.rule);
    const begunFrom = parseRule(asked.data.begunFrom);
    if (!rule || !begunFrom) return { ok: false, message: "This rule makes no sense" };
    if (await changeRule(db, shopId, name, rule, begunFrom))
      return { ok: true, message: "The rule is saved" };
    return { ok: false, message: "Somebody else changed this rule meanwhile", changedMeanwhile: true };
  }
  const { state, message } = TAGGING[asked.data.intent];
  switch (await changeTagging(db, shopId, name, state)) {
    case "changed":
      return { ok: true, message };
    case "not-allowed":
      return { ok: false, message: "Allow Perennial to edit customers first" };
    case "nothing-to-change":
      return { ok: false, message: "These customers are not tagged" };
  }
}
