/** A merchant says that a referral counts, or that it does not, against what the checks said; or takes that back. What follows is given or taken in the same transaction. */
import { z } from "zod";
import type { Overruled } from "../../core/referrals/referral-target.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { findReferral, saveReferralRows } from "../../db/stores/referrals.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { settleReferrals } from "./settle-referrals.server.ts";

const wish = z.object({
  intent: z.literal("overrule"),
  referral: z.uuid(),
  say: z.enum(["allow", "block", "undo"]),
});

const SAID = {
  allow: "The referral counts, whatever the checks said",
  block: "The referral does not count, and what was given for it is taken back",
  undo: "What the checks said holds again",
} as const;

/** `null`: nothing that can be asked. */
export async function overruleReferral(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
  now = Date.now(),
): Promise<{ ok: boolean; message: string } | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { referral: id, say } = asked.data;
  const overruled: Overruled | null = say === "undo" ? null : say;
  const done = await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const referral = await findReferral(tx, shopId, id);
    if (!programme || !referral) return { ok: false, message: "There is no such referral" };
    if (referral.overruled !== overruled) {
      const changed = { ...referral, overruled, overruledAt: overruled && now };
      await saveReferralRows(tx, shopId, [changed]);
      await settleReferrals(tx, shop, programme, [changed], now);
    }
    failpoint("overrule-referral:before-commit");
    return { ok: true, message: SAID[say] };
  });
  failpoint("overrule-referral:after-commit");
  return done;
}
