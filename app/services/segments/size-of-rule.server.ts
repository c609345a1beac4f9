/** The size of a segment that a rule would make. */
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { ruleFigures } from "./open-segment.server.ts";
import { parseRule } from "./segment-rules.server.ts";

/** `null`: no rule. Without a model, the size of a rule that asks for what is expected is not known. */
export async function sizeOfRule(
  db: Database,
  shop: Shop,
  text: string | null,
): Promise<{ customers: number | null; share: number | null } | null> {
  const rule = parseRule(text);
  if (!rule) return null;
  const { figures } = await ruleFigures(db, shop, rule, { withValues: false });
  return { customers: figures?.customers ?? null, share: figures?.share ?? null };
}
