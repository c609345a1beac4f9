/** What a point is worth, as the merchant chooses it for the liability: by the rewards, or entered. */
import { z } from "zod";
import { readCostAmount } from "../../core/clv/cost-amount.ts";
import { findProgramme, savePointValue } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

const wish = z.object({
  intent: z.literal("point-value"),
  rule: z.enum(["best", "redeemed", "entered"]),
  thousand: z.string().max(40).default(""),
});

export interface PointValueAnswer {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changePointValue(
  db: Database,
  { id: shopId, currency }: Pick<Shop, "id" | "currency">,
  form: Record<string, unknown>,
): Promise<PointValueAnswer | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { rule, thousand } = asked.data;
  const amount = rule === "entered" ? readCostAmount(thousand, currency) : null;
  if (amount && !amount.ok) return { ok: false, message: `The amount ${amount.reason}` };
  const saved = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    if (!(await findProgramme(tx, shopId))) return { ok: false, message: "There is no programme yet" };
    await savePointValue(tx, shopId, { rule, thousandMinor: amount?.minor ?? null });
    failpoint("save-point-value:before-commit");
    return { ok: true, message: "The value of a point is saved" };
  });
  failpoint("save-point-value:after-commit");
  return saved;
}
