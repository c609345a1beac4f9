/** A merchant says what a member who brings a friend gets, and the friend: saved as a whole, over what it was begun from. It holds for orders from now on. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { USUAL_REFERRALS } from "../../core/referrals/referral-rules.ts";
import { findProgramme, saveReferrals } from "../../db/stores/programmes.server.ts";
import { findReward } from "../../db/stores/rewards.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { parseReferrals } from "./referrals-input.server.ts";

const text = z.string().max(2_000);
const wish = z.object({ intent: z.literal("save-referrals"), referrals: text, begunFrom: text });

const SEED_BYTES = 16;

interface ReferralsChange {
  ok: boolean;
  message: string;
  /** Somebody else saved first. */
  changedMeanwhile?: boolean;
}

/** `null`: nothing that can be asked. */
export async function changeReferrals(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<ReferralsChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const rules = parseReferrals(asked.data.referrals);
  const begunFrom = parseReferrals(asked.data.begunFrom);
  if (!rules || !begunFrom) return { ok: false, message: "These referral rules make no sense" };
  const saved = await db.write(async (tx): Promise<ReferralsChange> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    if (!programme) return { ok: false, message: "There is no programme yet" };
    const isSame = (some: unknown) =>
      JSON.stringify(some) === JSON.stringify(programme.referrals ?? USUAL_REFERRALS);
    if (!isSame(rules) && !isSame(begunFrom))
      return { ok: false, message: "Somebody else changed referrals meanwhile", changedMeanwhile: true };
    const { friend } = rules;
    const reward = friend.kind === "reward" ? await findReward(tx, shopId, friend.rewardId) : null;
    if (friend.kind === "reward" && !reward?.isActive)
      return { ok: false, message: "The friend’s reward is not offered. Choose another one." };
    await saveReferrals(tx, shopId, rules, randomBytes(SEED_BYTES).toString("hex"));
    failpoint("change-referrals:before-commit");
    return { ok: true, message: "The referral rules are saved" };
  });
  failpoint("change-referrals:after-commit");
  return saved;
}
