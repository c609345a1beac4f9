/** What a merchant can do on a segment's page, each with the sentence that tells how it went. */
import { z } from "zod";
import { isSegmentName } from "../../core/segments/usual-segments.ts";
import type { Database } from "../../db/types.ts";
import { changeRule, parseRule } from "./segment-rules.server.ts";

const wish = z.object({ intent: z.literal("save-rule"), rule: z.string().max(4_000) });

interface SegmentChange {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeSegment(
  db: Database,
  shopId: number,
  name: string | undefined,
  form: Record<string, unknown>,
): Promise<SegmentChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success || !isSegmentName(name)) return null;
  const rule = parseRule(asked.data.rule);
  if (!rule) return { ok: false, message: "This rule makes no sense" };
  await changeRule(db, shopId, name, rule);
  return { ok: true, message: "The rule is saved" };
}
